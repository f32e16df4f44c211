/** Defaults of CloudProfiles, how they are stored, and what controllers derive from them. */
import { forbidden } from "../api/failure";
import { cloudProfiles, shoots } from "../api/resource";
import type { Store } from "../api/store";
import { child, type JsonMap, map, mapsAt, text, textAt } from "../json";
import { validateCloudProfile } from "../validation/cloudprofile";
import { controlPlaneVersion, pools } from "../validation/context";
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
  },
};

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
