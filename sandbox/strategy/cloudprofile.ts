/** CloudProfiles on their way into the store, and what controllers derive from them. */
import { child, clone, type JsonMap, map, mapsAt, text, textAt } from "../json";
import { classify, isActive } from "../validation/versions";

export function defaultCloudProfile(spec: JsonMap): void {
  const capabilities = mapsAt(spec, "machineCapabilities").length > 0;
  for (const image of mapsAt(spec, "machineImages")) {
    image.updateStrategy ??= "major";
    for (const version of mapsAt(image, "versions")) {
      if (mapsAt(version, "cri").length === 0) version.cri = [{ name: "containerd" }];
      if (!capabilities) version.architectures ??= ["amd64"];
    }
  }
  for (const type of mapsAt(spec, "machineTypes")) {
    type.usable ??= true;
    if (!capabilities) type.architecture ??= "amd64";
  }
}

/** At creation expired versions are dropped without a word; an update can bring them in. */
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

/** The parent's specification with the overrides: expiration dates of known Kubernetes versions, images, types. */
export function renderNamespaced(own: JsonMap, parent: JsonMap): JsonMap {
  const rendered = clone(map(parent.spec));
  const overrides = mapsAt(own, "spec", "kubernetes", "versions");
  for (const entry of mapsAt(rendered, "kubernetes", "versions")) {
    const override = overrides.find((one) => one.version === entry.version);
    if (override?.expirationDate !== undefined) entry.expirationDate = override.expirationDate;
  }
  rendered.machineImages = mergeImages(
    mapsAt(rendered, "machineImages"),
    mapsAt(own, "spec", "machineImages"),
  );
  rendered.machineTypes = [...mapsAt(rendered, "machineTypes"), ...mapsAt(own, "spec", "machineTypes")];
  return rendered;
}

function mergeImages(base: readonly JsonMap[], own: readonly JsonMap[]): JsonMap[] {
  const merged = base.map((image) => {
    const override = own.find((one) => one.name === image.name);
    if (override === undefined) return image;
    const { versions: changed, ...rest } = override;
    const changes = mapsAt({ versions: changed ?? [] }, "versions");
    const known = mapsAt(image, "versions").map((version) => {
      const change = changes.find((one) => one.version === version.version);
      return change === undefined ? version : { ...version, ...change };
    });
    const added = changes.filter((one) => !known.some((version) => version.version === one.version));
    return { ...image, ...rest, versions: [...known, ...added] };
  });
  return [...merged, ...own.filter((one) => !base.some((image) => text(image.name) === textAt(one, "name")))];
}
