/** Projects: ready at once, as no controller has anything to set up. */
import { projects } from "../api/resource";
import { type JsonMap, child } from "../json";
import { confirmedDeletion } from "./deletion";
import type { Rules } from "./rules";

export const projectRules: Rules = {
  prepareForCreate(project, { user }) {
    const spec = child(project, "spec");
    spec.createdBy ??= { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user.name };
    spec.owner ??= spec.createdBy;
    project.status = { phase: "Ready" } satisfies JsonMap;
  },
  admitDelete: (project) => {
    confirmedDeletion(projects, project);
  },
};
