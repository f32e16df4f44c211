/** A CloudProfile's way into the store. */
import { forbidden, internal } from "../api/failure";
import { cloudProfiles, namespacedCloudProfiles, shoots } from "../api/resource";
import type { Store } from "../api/store";
import { child, type JsonMap, map, mapsAt, text, textAt } from "../json";
import { validateCloudProfile } from "../validation/cloudprofile";
import { pools } from "../validation/context";
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
  validate: (profile, _old, environment) => validateCloudProfile(profile, environment),
  admit(profile, old, { store }) {
    if (old !== undefined) versionsInUse(profile, old, store);
  },
  settle(profile, { store, now }) {
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
  settle(profile, { store }) {
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

/** Versions that a Shoot runs stay (the ResourceReferenceManager admission plugin). */
function versionsInUse(profile: JsonMap, old: JsonMap, store: Store): void {
  const name = textAt(profile, "metadata", "name");
  const versions = (one: JsonMap) =>
    mapsAt(one, "spec", "kubernetes", "versions").map((entry) => text(entry.version));
  const images = (one: JsonMap) =>
    mapsAt(one, "spec", "machineImages").flatMap((image) =>
      mapsAt(image, "versions").map((entry) => `${text(image.name)}/${text(entry.version)}`),
    );
  const removedVersions = versions(old).filter((version) => !versions(profile).includes(version));
  const removedImages = images(old).filter((image) => !images(profile).includes(image));
  if (removedVersions.length + removedImages.length === 0) return;
  for (const shoot of store.list(shoots)) {
    const reference = cloudProfileNameOf(shoot);
    if (reference?.kind !== "CloudProfile" || reference.name !== name) continue;
    const who = `shoot '${textAt(shoot, "metadata", "namespace")}/${textAt(shoot, "metadata", "name")}'`;
    const version = textAt(shoot, "spec", "kubernetes", "version");
    if (removedVersions.includes(version)) {
      throw forbidden(
        cloudProfiles,
        name,
        `unable to delete Kubernetes version ${JSON.stringify(version)} from CloudProfile ${JSON.stringify(name)} - version is still in use by ${who}`,
      );
    }
    for (const pool of pools(shoot)) {
      const image = `${textAt(pool, "machine", "image", "name")}/${textAt(pool, "machine", "image", "version")}`;
      if (!removedImages.includes(image)) continue;
      throw forbidden(
        cloudProfiles,
        name,
        `unable to delete Machine image version '${image}' from CloudProfile ${JSON.stringify(name)} - version is still in use by ${who} by worker ${JSON.stringify(text(pool.name))}`,
      );
    }
  }
}
