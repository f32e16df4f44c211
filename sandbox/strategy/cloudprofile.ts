/** Defaults of CloudProfiles, how they are stored, and what controllers derive from them. */
import { forbidden } from "../api/failure";
import { cloudProfiles, shoots } from "../api/resource";
import type { Store } from "../api/store";
import { child, type JsonMap, map, mapsAt, text, textAt } from "../json";
import { validateCloudProfile } from "../validation/cloudprofile";
import { controlPlaneVersion } from "../validation/context";
import { classify, isActive } from "../validation/versions";
import { cloudProfileNameOf } from "./defaults";
import type { Rules } from "./rules";

export function defaultCloudProfile(spec: JsonMap): void {
  for (const image of mapsAt(spec, "machineImages")) {
    image.updateStrategy ??= "major";
    for (const version of mapsAt(image, "versions")) {
      if (mapsAt(version, "cri").length === 0) version.cri = [{ name: "containerd" }];
      version.architectures ??= ["amd64"];
    }
  }
  for (const type of mapsAt(spec, "machineTypes")) {
    type.usable ??= true;
    type.architecture ??= "amd64";
  }
}

/** A new CloudProfile loses its expired versions silently; an update can add them. */
function dropExpired(spec: JsonMap, now: Date): void {
  const kubernetes = child(spec, "kubernetes");
  kubernetes.versions = mapsAt(kubernetes, "versions").filter((entry) => isActive(entry, now));
  for (const image of mapsAt(spec, "machineImages")) {
    image.versions = mapsAt(image, "versions").filter((entry) => classify(entry, now) !== "expired");
  }
}

/** What gardener-controller-manager writes since v1.149. */
export function classificationStatus(spec: JsonMap, now: Date): JsonMap {
  const classified = (entry: JsonMap) => ({
    version: text(entry.version),
    classification: classify(entry, now),
  });
  return {
    kubernetes: { versions: mapsAt(spec, "kubernetes", "versions").map(classified) },
    machineImages: mapsAt(spec, "machineImages").map((image) => ({
      name: text(image.name),
      versions: mapsAt(image, "versions").map(classified),
    })),
  };
}

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
  validate(errors, profile, _old, { now }) {
    validateCloudProfile(errors, profile, now);
  },
  admit(profile, old, { store }) {
    if (old !== undefined) versionsInUse(profile, old, store);
  },
  reconcile(profile, { store, now }) {
    const name = textAt(profile, "metadata", "name");
    store.edit(cloudProfiles, "", name, (object) => {
      object.status = classificationStatus(map(object.spec), now);
    });
  },
};

/** Kubernetes versions in use by a Shoot are kept (the ResourceReferenceManager admission plugin). */
function versionsInUse(profile: JsonMap, old: JsonMap, store: Store): void {
  const name = textAt(profile, "metadata", "name");
  const kept = versionsOf(profile);
  const removedVersions = versionsOf(old).filter((version) => !kept.includes(version));
  for (const shoot of store.list(shoots)) {
    const reference = cloudProfileNameOf(shoot);
    if (reference?.kind !== "CloudProfile" || reference.name !== name) continue;
    const version = controlPlaneVersion(shoot);
    if (!removedVersions.includes(version)) continue;
    const user = `${textAt(shoot, "metadata", "namespace")}/${textAt(shoot, "metadata", "name")}`;
    const detail = `unable to delete Kubernetes version ${JSON.stringify(version)} from CloudProfile ${JSON.stringify(name)} - version is still in use by shoot '${user}'`;
    throw forbidden(cloudProfiles, name, detail);
  }
}

const versionsOf = (profile: JsonMap) =>
  mapsAt(profile, "spec", "kubernetes", "versions").map((entry) => text(entry.version));
