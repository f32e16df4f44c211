/** Which kind has which rules. */
import { cloudProfiles, namespacedCloudProfiles, projects, type Resource, shoots } from "../api/resource";
import { cloudProfileRules, namespacedCloudProfileRules } from "./cloudprofilerules";
import { projectRules, type Rules } from "./rules";
import { shootRules } from "./shoot";

const RULES = new Map<Resource, Rules>([
  [shoots, shootRules],
  [cloudProfiles, cloudProfileRules],
  [namespacedCloudProfiles, namespacedCloudProfileRules],
  [projects, projectRules],
]);

export const rulesOf = (resource: Resource): Rules => RULES.get(resource) ?? {};
