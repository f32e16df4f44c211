/** What a kind adds to the steps in which its objects are stored. */
import { forbidden } from "../api/failure";
import { projects, type Resource } from "../api/resource";
import type { Store } from "../api/store";
import type { User } from "../api/users";
import { child, type JsonMap, textAt } from "../json";
import { annotationsOf, isTrue } from "../validation/context";
import type { FieldErrors } from "../validation/field";

export interface Environment {
  readonly store: Store;
  readonly now: Date;
  readonly user: User;
  /** Enabled feature gates. */
  readonly gates: readonly string[];
}

/** In the order in which they are applied; objects are changed in place, refusals thrown or collected. */
export interface Rules {
  defaults?(object: JsonMap, environment: Environment): void;
  /** Mutating admission. */
  mutate?(object: JsonMap, old: JsonMap | undefined, environment: Environment): void;
  prepareForCreate?(object: JsonMap, environment: Environment): void;
  prepareForUpdate?(object: JsonMap, old: JsonMap, environment: Environment): void;
  validate?(errors: FieldErrors, object: JsonMap, old: JsonMap | undefined, environment: Environment): void;
  /** Validating admission. `sentSpecDiffers`: the specification as sent differs from the stored one. */
  admit?(object: JsonMap, old: JsonMap | undefined, environment: Environment, sentSpecDiffers: boolean): void;
  admitDelete?(object: JsonMap): void;
  /** What controllers would do right after. */
  reconcile?(object: JsonMap, environment: Environment): void;
  warnings?(object: JsonMap): string[];
}

/** Ready at once, as no controller has anything to set up. */
export const projectRules: Rules = {
  prepareForCreate(project, { user }) {
    const spec = child(project, "spec");
    spec.createdBy ??= { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user.name };
    spec.owner ??= spec.createdBy;
    project.status = { phase: "Ready" };
  },
  admitDelete: (project) => {
    confirmedDeletion(projects, project);
  },
};

const CONFIRMATION = "confirmation.gardener.cloud/deletion";

/** Shoots and Projects are deleted only after a confirmation by annotation. */
export function confirmedDeletion(resource: Resource, object: JsonMap): void {
  if (isTrue(textAt(annotationsOf(object), CONFIRMATION))) return;
  const detail = `must have a ${JSON.stringify(CONFIRMATION)} annotation to delete`;
  throw forbidden(resource, textAt(object, "metadata", "name"), detail);
}
