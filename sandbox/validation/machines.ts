/** What machine types and versions of images support. */
import { at, type Json, type JsonMap, mapsAt, text, textAt, textsAt } from "../json";
import { compareVersions } from "./versions";

export function findMachineType(profile: JsonMap, name: string): JsonMap | undefined {
  return mapsAt(profile, "machineTypes").find((one) => one.name === name);
}

export function findImageVersion(profile: JsonMap, image: Json | undefined): JsonMap | undefined {
  return mapsAt(profile, "machineImages")
    .filter((one) => one.name === textAt(image, "name"))
    .flatMap((one) => mapsAt(one, "versions"))
    .find((one) => one.version === textAt(image, "version"));
}

/** Of a machine type or of a version of an image. */
export function architecturesOf(entry: JsonMap): string[] {
  const single = text(entry.architecture);
  return single === "" ? textsAt(entry, "architectures") : [single];
}

/** The container runtimes that a version of an image offers with a CRI; undefined where it has no such CRI. */
export function supportsCri(entry: JsonMap, name: string): string[] | undefined {
  const offered = mapsAt(entry, "cri").find((one) => one.name === name);
  if (offered === undefined) return undefined;
  return mapsAt(offered, "containerRuntimes").map((one) => text(one.type));
}

/** Whether a node with version `current` of an image can be updated in place to this one. */
export function takesInPlace(entry: JsonMap, current: string): boolean {
  const minimum = textAt(entry, "inPlaceUpdates", "minVersionForUpdate");
  return (
    at(entry, "inPlaceUpdates", "supported") === true &&
    minimum !== "" &&
    (compareVersions(minimum, current) ?? 1) <= 0
  );
}
