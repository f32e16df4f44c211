/** Defaults of a Shoot (`pkg/apis/core/v1beta1/defaults_shoot.go` and admission plugins). */
import { defaults, fill } from "../api/schema";
import { child, isMap, type JsonMap, map, mapsAt, text, textAt, without } from "../json";

export function defaultShoot(shoot: JsonMap): void {
  const spec = child(shoot, "spec");
  const workers = mapsAt(spec, "provider", "workers");
  for (const pool of workers) {
    fill(pool, {
      ...map(defaults.pools[text(pool.updateStrategy) || "AutoRollingUpdate"]),
      minimum: 0,
      maximum: 0,
    });
  }
  const maintenance = child(spec, "maintenance");
  if (isMap(maintenance.autoUpdate)) maintenance.autoUpdate.kubernetesVersion ??= false;
  const missing = workers.length > 0 ? defaults.shoot : defaults.workerless;
  fill(spec, {
    ...missing,
    kubernetes: without(map(missing.kubernetes), "verticalPodAutoscaler"),
    maintenance: without(map(missing.maintenance), "autoRotation"),
  });
}

/** Fields of the status that Gardener's type always writes. */
export function emptyStatus(): JsonMap {
  return { gardener: { id: "", name: "", version: "" }, hibernated: false, technicalID: "", uid: "" };
}

export function cloudProfileNameOf(
  shoot: JsonMap,
): { readonly kind: string; readonly name: string } | undefined {
  const name = textAt(shoot, "spec", "cloudProfile", "name");
  if (name !== "") return { kind: textAt(shoot, "spec", "cloudProfile", "kind") || "CloudProfile", name };
  const legacy = textAt(shoot, "spec", "cloudProfileName");
  return legacy === "" ? undefined : { kind: "CloudProfile", name: legacy };
}
