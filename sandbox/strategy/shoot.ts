/** How a Shoot is stored: mutating admission, strategy, validation, validating admission. */
import { forbidden, internal } from "../api/failure";
import { cloudProfiles, namespacedCloudProfiles, shoots } from "../api/resource";
import type { Store } from "../api/store";
import { at, child, equal, type JsonMap, map, mapsAt, textAt } from "../json";
import { admitShoot, hibernationPossible } from "../validation/admission";
import {
  type AdmissionContext,
  annotationsOf,
  isConfined,
  isTrue,
  lastOperationState,
  pools,
} from "../validation/context";
import { aggregate, errorsOf, type FieldError } from "../validation/field";
import { validateShoot, validateShootUpdate } from "../validation/shoot";
import { shootWarnings } from "../validation/warnings";
import { cloudProfileNameOf, defaultShoot } from "./defaults";
import { resolveVersions } from "./mutate";
import { prepareForCreate, prepareForUpdate } from "./prepare";
import { type Environment, type Rules } from "./rules";

const CONFIRMATION = "confirmation.gardener.cloud/deletion";

export const shootRules: Rules = {
  defaults: defaultShoot,
  mutate(shoot, old, environment) {
    const { store, now } = environment;
    const profile = profileOf(shoot, store);
    if (profile === undefined) return;
    annotate(shoot, old, environment);
    // As in Gardener, labels depend on what was sent, before an image is found for a pool without one.
    labelExtensions(shoot);
    refuse(
      shoot,
      errorsOf((errors) => resolveVersions(errors, contextOf(shoot, old, profile, now))),
    );
  },
  prepareForCreate,
  prepareForUpdate,
  validate(errors, shoot, old) {
    if (old === undefined) validateShoot(errors, shoot);
    else validateShootUpdate(errors, { shoot, old });
  },
  admit(shoot, old, { store, now }, sentSpecDiffers) {
    // Without a relevant change Gardener admits the Shoot as well.
    const same = old !== undefined && equal(shoot.spec, old.spec) && equal(shoot.metadata, old.metadata);
    if (same && !sentSpecDiffers) return;
    const profile = profileOf(shoot, store);
    if (profile === undefined) return;
    const context = contextOf(shoot, old, profile, now);
    const cannotHibernate = hibernationPossible(context);
    if (cannotHibernate !== undefined) {
      throw forbidden(shoots, textAt(shoot, "metadata", "name"), cannotHibernate);
    }
    refuse(
      shoot,
      errorsOf((errors) => admitShoot(errors, context)),
    );
  },
  admitDelete(shoot) {
    if (isTrue(textAt(annotationsOf(shoot), CONFIRMATION))) return;
    const detail = `must have a ${JSON.stringify(CONFIRMATION)} annotation to delete`;
    throw forbidden(shoots, textAt(shoot, "metadata", "name"), detail);
  },
  warnings: shootWarnings,
};

const contextOf = (
  shoot: JsonMap,
  old: JsonMap | undefined,
  profile: JsonMap,
  now: Date,
): AdmissionContext => ({
  shoot,
  old: old ?? {},
  profile,
  now,
});

function refuse(shoot: JsonMap, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw forbidden(shoots, textAt(shoot, "metadata", "name"), aggregate(errors));
}

function annotate(shoot: JsonMap, old: JsonMap | undefined, { user }: Environment): void {
  const annotations = child(child(shoot, "metadata"), "annotations");
  if (old === undefined) {
    annotations["gardener.cloud/created-by"] = user.name;
    return;
  }
  if (isConfined(shoot) && lastOperationState(old) === "Failed" && !equal(shoot.spec, old.spec)) {
    annotations["maintenance.shoot.gardener.cloud/needs-retry-operation"] = "true";
  }
  if (Object.keys(annotations).length === 0) delete map(shoot.metadata).annotations;
}

const EXTENSION_LABEL =
  /^(extensions|provider|dnsrecord|networking|operatingsystemconfig|containerruntime|selfhostedshootexposure)\.extensions\.gardener\.cloud\//;

/** The ExtensionLabels admission plugin: a Shoot is labelled with every extension that it needs. */
function labelExtensions(shoot: JsonMap): void {
  const labels = child(child(shoot, "metadata"), "labels");
  for (const key of Object.keys(labels)) if (EXTENSION_LABEL.test(key)) delete labels[key];
  const label = (kind: string, type: string) => {
    labels[`${kind}.extensions.gardener.cloud/${type}`] = "true";
  };
  for (const pool of pools(shoot)) {
    for (const runtime of mapsAt(pool, "cri", "containerRuntimes")) {
      label("containerruntime", textAt(runtime, "type"));
    }
    const image = at(pool, "machine", "image");
    if (image !== undefined) label("operatingsystemconfig", textAt(image, "name"));
  }
  label("provider", textAt(shoot, "spec", "provider", "type"));
  const networking = textAt(shoot, "spec", "networking", "type");
  if (networking !== "") label("networking", networking);
}

/** The specification of the profile that the Shoot names; undefined where it names none. */
function profileOf(shoot: JsonMap, store: Store): JsonMap | undefined {
  const reference = cloudProfileNameOf(shoot);
  if (reference === undefined) return undefined;
  const { kind, name } = reference;
  const namespaced = kind === "NamespacedCloudProfile";
  const resource = namespaced ? namespacedCloudProfiles : cloudProfiles;
  const found = store.get(resource, textAt(shoot, "metadata", "namespace"), name);
  if (found === undefined) {
    const missing = `${kind.toLowerCase()}.core.gardener.cloud ${JSON.stringify(name)} not found`;
    throw internal(`could not find referenced cloud profile: ${missing}`);
  }
  return map(namespaced ? at(found, "status", "cloudProfileSpec") : found.spec);
}
