/** Architectures and capabilities of machine types and image versions. */
import { isMap, type JsonMap, list, map, mapsAt, text, textsAt } from "../json";

export function findMachineType(profile: JsonMap, name: string): JsonMap | undefined {
  return mapsAt(profile, "machineTypes").find((one) => one.name === name);
}

/** Of a machine type or of an image version; profiles with capabilities say it there. */
export function architecturesOf(entry: JsonMap, profile: JsonMap): string[] {
  if (mapsAt(profile, "machineCapabilities").length > 0) {
    const flavors = mapsAt(entry, "capabilityFlavors");
    const sets = flavors.length > 0 ? flavors : [map(entry.capabilities)];
    const named = sets.flatMap((set) => textsAt(set, "architecture"));
    return named.length > 0 ? [...new Set(named)] : capabilityValues(profile, "architecture");
  }
  const single = text(entry.architecture);
  return single === "" ? textsAt(entry, "architectures") : [single];
}

/** What a set leaves out, it does not restrict: all values that the profile knows. */
function capabilityValues(profile: JsonMap, name: string): string[] {
  return mapsAt(profile, "machineCapabilities")
    .filter((one) => one.name === name)
    .flatMap((one) => textsAt(one, "values"));
}

export function flavorsServe(machineType: JsonMap, imageVersion: JsonMap, profile: JsonMap): boolean {
  const names = mapsAt(profile, "machineCapabilities").map((one) => text(one.name));
  const wanted = map(machineType.capabilities);
  const flavors = mapsAt(imageVersion, "capabilityFlavors");
  return (flavors.length > 0 ? flavors : [{}]).some((flavor) =>
    names.every((name) => {
      const offered = valuesOf(flavor, name, profile);
      return valuesOf(wanted, name, profile).some((value) => offered.includes(value));
    }),
  );
}

function valuesOf(set: JsonMap, name: string, profile: JsonMap): string[] {
  if (!isMap(set) || list(set[name]).length === 0) return capabilityValues(profile, name);
  return textsAt(set, name);
}
