/** A Shoot's way into the store: mutating admission, strategy, validation, validating admission. */
import { Failure, forbidden, internal, invalid } from "../api/failure";
import { cloudProfiles, namespacedCloudProfiles, projects, shoots } from "../api/resource";
import type { Store } from "../api/store";
import { at, child, equal, type JsonMap, map, textAt } from "../json";
import { admitShoot, hibernationPossible } from "../validation/admission";
import type { AdmissionContext } from "../validation/context";
import { aggregate, type FieldError, invalidField } from "../validation/field";
import { validateShoot, validateShootUpdate } from "../validation/shoot";
import { shootWarnings } from "../validation/warnings";
import { confirmedDeletion } from "./deletion";
import { cloudProfileNameOf, defaultNewShoot, defaultShoot } from "./defaults";
import { labelExtensions } from "./labels";
import { resolveVersions } from "./mutate";
import { prepareForCreate, prepareForUpdate } from "./prepare";
import type { Environment, Rules } from "./rules";

const TASKS = "deployInfrastructure,deployDNSRecordInternal,deployDNSRecordExternal,deployDNSRecordIngress";
const MAX_NAMES_LENGTH = 21;

export const shootRules: Rules = {
  defaults: defaultShoot,
  mutate(shoot, old, environment) {
    if (old === undefined) onlyOneProfile(shoot);
    const profile = profileOf(shoot, environment.store);
    if (profile === undefined) return;
    annotate(shoot, old, environment);
    // In the order of Gardener's plugins: labels come of what was sent, before an image is found for a pool without one.
    labelExtensions(shoot);
    refuse(shoot, resolveVersions({ shoot, old: old ?? {}, profile, now: environment.now }));
  },
  prepareForCreate,
  prepareForUpdate,
  validate: (shoot, old, { gates }) =>
    old === undefined ? validateShoot(shoot, gates) : validateShootUpdate({ shoot, old, gates }),
  admit(shoot, old, environment, touched) {
    // Nothing of interest has changed: Gardener does not look either.
    if (old !== undefined && !touched && equal(shoot.spec, old.spec) && equal(shoot.metadata, old.metadata))
      return;
    const profile = profileOf(shoot, environment.store);
    if (profile === undefined) return;
    if (old === undefined) fitsProject(shoot, environment.store);
    const context: AdmissionContext = {
      operation: old === undefined ? "CREATE" : "UPDATE",
      shoot,
      old: old ?? {},
      profile,
      now: environment.now,
    };
    const cannotSleep = hibernationPossible(context);
    if (cannotSleep !== undefined) throw forbidden(shoots, textAt(shoot, "metadata", "name"), cannotSleep);
    refuse(shoot, admitShoot(context));
  },
  admitDelete: (shoot) => {
    confirmedDeletion(shoots, shoot);
  },
  warnings: (shoot, old, { now }) => shootWarnings(shoot, old !== undefined, now),
};

function refuse(shoot: JsonMap, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw forbidden(shoots, textAt(shoot, "metadata", "name"), aggregate(errors));
}

function onlyOneProfile(shoot: JsonMap): void {
  if (textAt(shoot, "spec", "cloudProfileName") !== "" && at(shoot, "spec", "cloudProfile") !== undefined) {
    throw new Failure(
      500,
      "",
      "new shoot can only specify either cloudProfileName or cloudProfile reference",
    );
  }
}

function annotate(shoot: JsonMap, old: JsonMap | undefined, { user }: Environment): void {
  const annotations = child(child(shoot, "metadata"), "annotations");
  if (old === undefined) {
    annotations["gardener.cloud/created-by"] = user.name;
    annotations["shoot.gardener.cloud/tasks"] = TASKS;
    defaultNewShoot(shoot);
    return;
  }
  const sleeps = (one: JsonMap) => at(one, "spec", "hibernation", "enabled") === true;
  if (sleeps(old) && !sleeps(shoot)) annotations["shoot.gardener.cloud/tasks"] = TASKS;
  const confined = at(shoot, "spec", "maintenance", "confineSpecUpdateRollout") === true;
  const failed = textAt(old, "status", "lastOperation", "state") === "Failed";
  if (confined && failed && !equal(shoot.spec, old.spec)) {
    annotations["maintenance.shoot.gardener.cloud/needs-retry-operation"] = "true";
  }
  if (Object.keys(annotations).length === 0) delete map(shoot.metadata).annotations;
}

/** The specification of the profile that the Shoot names; undefined where it names none. */
export function profileOf(shoot: JsonMap, store: Store): JsonMap | undefined {
  const reference = cloudProfileNameOf(shoot);
  if (reference === undefined) return undefined;
  const { kind, name } = reference;
  const namespaced = kind === "NamespacedCloudProfile";
  const found = namespaced
    ? store.get(namespacedCloudProfiles, textAt(shoot, "metadata", "namespace"), name)
    : store.get(cloudProfiles, "", name);
  if (found === undefined) {
    const what = namespaced ? "namespacedcloudprofile" : "cloudprofile";
    throw internal(
      `could not find referenced cloud profile: ${what}.core.gardener.cloud ${JSON.stringify(name)} not found`,
    );
  }
  return map(namespaced ? at(found, "status", "cloudProfileSpec") : found.spec);
}

function fitsProject(shoot: JsonMap, store: Store): void {
  const namespace = textAt(shoot, "metadata", "namespace");
  const project = store.list(projects).find((one) => textAt(one, "spec", "namespace") === namespace);
  if (project === undefined) {
    throw internal(`could not find referenced project: Project.core.gardener.cloud "<unknown>" not found`);
  }
  const projectName = textAt(project, "metadata", "name");
  const name = textAt(shoot, "metadata", "name");
  if (projectName.length + name.length > MAX_NAMES_LENGTH) {
    throw invalid(shoots, "Shoot", name, [
      invalidField(
        "name",
        name,
        `the length of the shoot name and the project name must not exceed ${String(MAX_NAMES_LENGTH)} characters (project: ${projectName}; shoot: ${name})`,
      ),
    ]);
  }
}
