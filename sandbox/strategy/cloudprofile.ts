/** Changes to CloudProfiles before they are stored, and what controllers derive from them. */
import { child, clone, type JsonMap, map, mapsAt, text } from "../json";
import { classify, isActive } from "../validation/versions";

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
export function dropExpired(spec: JsonMap, now: Date): void {
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

/** The parent's specification with the overrides: versions of Kubernetes and of images, and more machine types. */
export function renderNamespaced(own: JsonMap, parent: JsonMap): JsonMap {
  const rendered = clone(map(parent.spec));
  const kubernetes = child(rendered, "kubernetes");
  const known = mapsAt(kubernetes, "versions");
  kubernetes.versions = merged(known, mapsAt(own, "spec", "kubernetes", "versions"), "version");
  rendered.machineImages = merged(
    mapsAt(rendered, "machineImages"),
    mapsAt(own, "spec", "machineImages"),
    "name",
  );
  rendered.machineTypes = [...mapsAt(rendered, "machineTypes"), ...mapsAt(own, "spec", "machineTypes")];
  return rendered;
}

function merged(base: readonly JsonMap[], overrides: readonly JsonMap[], key: string): JsonMap[] {
  const same = (a: JsonMap) => (b: JsonMap) => a[key] === b[key];
  const kept = base.map((one) => {
    const override = overrides.find(same(one)) ?? {};
    const versions = merged(mapsAt(one, "versions"), mapsAt(override, "versions"), "version");
    return { ...one, ...override, ...(one.versions === undefined ? {} : { versions }) };
  });
  return [...kept, ...overrides.filter((one) => !base.some(same(one)))];
}
