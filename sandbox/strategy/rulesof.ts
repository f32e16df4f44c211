/** Which kind has which rules. */
import { cloudProfiles, namespacedCloudProfiles, projects, type Resource, shoots } from "../api/resource";
import { cloudProfileRules, namespacedCloudProfileRules } from "./cloudprofilerules";
import { projectRules } from "./project";
import type { Rules } from "./rules";
import { shootRules } from "./shoot";

export function rulesOf(resource: Resource): Rules {
  if (resource === shoots) return shootRules;
  if (resource === cloudProfiles) return cloudProfileRules;
  if (resource === namespacedCloudProfiles) return namespacedCloudProfileRules;
  if (resource === projects) return projectRules;
  return {};
}
