/** How a CloudProfile is stored. */
import { forbidden, internal } from "../api/failure";
import { cloudProfiles, namespacedCloudProfiles, shoots } from "../api/resource";
import type { Store } from "../api/store";
import { child, type JsonMap, map, mapsAt, text, textAt } from "../json";
import { validateCloudProfile } from "../validation/cloudprofile";
import { controlPlaneVersion, pools } from "../validation/context";
import { classificationStatus, defaultCloudProfile, dropExpired, renderNamespaced } from "./cloudprofile";
import { cloudProfileNameOf } from "./defaults";
import type { Rules } from "./rules";

export const cloudProfileRules: Rules = {
  defaults: (profile) => {
    defaultCloudProfile(child(profile, "spec"));
  },
  prepareForCreate(profile, { now }) {
    dropExpired(child(profile, "spec"), now);
    profile.status = {};
  },
  prepareForUpdate(profile, old) {
    profile.status = map(old.status);
  },
  validate(errors, profile, _old, environment) {
    validateCloudProfile(errors, profile, environment);
  },
  admit(profile, old, { store }) {
    if (old !== undefined) versionsInUse(profile, old, store);
  },
  reconcile(profile, { store, now }) {
    const name = textAt(profile, "metadata", "name");
    store.edit(cloudProfiles, "", name, (object) => {
      object.status = classificationStatus(map(object.spec), now);
    });
    for (const own of store.list(namespacedCloudProfiles)) {
      if (textAt(own, "spec", "parent", "name") === name) render(own, store);
    }
  },
};

export const namespacedCloudProfileRules: Rules = {
  prepareForCreate(profile, { store }) {
    child(profile, "metadata").generation = 1;
    parentOf(profile, store);
  },
  prepareForUpdate(profile, old) {
    profile.status = map(old.status);
  },
  reconcile(profile, { store }) {
    render(profile, store);
  },
};

function parentOf(profile: JsonMap, store: Store): JsonMap {
  const name = textAt(profile, "spec", "parent", "name");
  const parent = store.get(cloudProfiles, "", name);
  if (parent === undefined) throw internal(`could not find referenced cloud profile: ${name}`);
  return parent;
}

function render(own: JsonMap, store: Store): void {
  const { namespace, name } = map(own.metadata);
  store.edit(namespacedCloudProfiles, text(namespace), text(name), (object) => {
    object.status = {
      cloudProfileSpec: renderNamespaced(object, parentOf(object, store)),
      observedGeneration: map(object.metadata).generation ?? 1,
    };
  });
}

/** Versions in use by a Shoot are kept (the ResourceReferenceManager admission plugin). */
function versionsInUse(profile: JsonMap, old: JsonMap, store: Store): void {
  const name = textAt(profile, "metadata", "name");
  const removedVersions = removed(profile, old, versionsOf);
  const removedImages = removed(profile, old, imagesOf);
  const refuse = (what: string, user: string) => {
    const quoted = JSON.stringify(name);
    const detail = `unable to delete ${what} from CloudProfile ${quoted} - version is still in use by ${user}`;
    return forbidden(cloudProfiles, name, detail);
  };
  for (const shoot of store.list(shoots)) {
    const reference = cloudProfileNameOf(shoot);
    if (reference?.kind !== "CloudProfile" || reference.name !== name) continue;
    const user = `shoot '${textAt(shoot, "metadata", "namespace")}/${textAt(shoot, "metadata", "name")}'`;
    const version = controlPlaneVersion(shoot);
    if (removedVersions.includes(version))
      throw refuse(`Kubernetes version ${JSON.stringify(version)}`, user);
    for (const pool of pools(shoot)) {
      const image = `${textAt(pool, "machine", "image", "name")}/${textAt(pool, "machine", "image", "version")}`;
      if (!removedImages.includes(image)) continue;
      throw refuse(
        `Machine image version '${image}'`,
        `${user} by worker ${JSON.stringify(text(pool.name))}`,
      );
    }
  }
}

const versionsOf = (profile: JsonMap) =>
  mapsAt(profile, "spec", "kubernetes", "versions").map((entry) => text(entry.version));

const imagesOf = (profile: JsonMap) =>
  mapsAt(profile, "spec", "machineImages").flatMap((image) =>
    mapsAt(image, "versions").map((entry) => `${text(image.name)}/${text(entry.version)}`),
  );

function removed(profile: JsonMap, old: JsonMap, namesOf: (profile: JsonMap) => string[]): string[] {
  const names = namesOf(profile);
  return namesOf(old).filter((name) => !names.includes(name));
}
