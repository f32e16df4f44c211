/** The demo's garden with more clusters, one of them with gVisor, as objects of the API. */
import { child, clone, list, map, mapsAt, type JsonMap } from "../../../sandbox/json";
import { profile, world } from "../../../sandbox/fixtures/demo";

export function badInputWorld(now: Date): JsonMap[] {
  const objects = world(now, [
    { name: "web", pools: [{ name: "pool-a" }, { name: "pool-b" }] },
    { name: "api", kubernetesVersion: "1.34.1", pools: [{ name: "pool-a" }] },
    { name: "gvisor", pools: [{ name: "pool-a" }] },
    { name: "old", pools: [{ name: "pool-a" }] },
  ]);
  return objects.map((object) => {
    if (object.kind === "CloudProfile") return { ...object, ...withRuntimes(profile(now)) };
    if (map(object.metadata).name === "gvisor") return withGvisor(object);
    return object;
  });
}

const SANDBOXED = ["1592.10.0", "1592.14.0"];

function withRuntimes(original: JsonMap): JsonMap {
  const changed = clone(original);
  for (const image of mapsAt(changed, "spec", "machineImages")) {
    for (const version of mapsAt(image, "versions")) {
      if (!SANDBOXED.some((name) => name === version.version)) continue;
      version.cri = [{ name: "containerd", containerRuntimes: [{ type: "gvisor" }] }];
    }
  }
  return changed;
}

function withGvisor(original: JsonMap): JsonMap {
  const changed = clone(original);
  for (const worker of list(child(child(changed, "spec"), "provider").workers)) {
    map(worker).cri = { name: "containerd", containerRuntimes: [{ type: "gvisor" }] };
  }
  return changed;
}
