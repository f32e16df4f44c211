/** Who wrote a Shoot's version fields last, from `metadata.managedFields`. */
import { isRecord } from "../../../model/json";
import type { FieldOwner } from "../../../model/shoot";
import { at, list, oneOf, optionalDate, optionalText, prose, type Field } from "../../field";

const KUBERNETES_VERSION = ["f:kubernetes", "f:version"];
const MACHINE_IMAGE_VERSION = ["f:machine", "f:image", "f:version"];

/** Every manager, our own among them; managers of a subresource such as the status own no version. */
export function decodeOwners(managedFields: Field, pools: readonly string[]): readonly FieldOwner[] {
  return list(managedFields).flatMap((entry) => {
    if (optionalText(at(entry, "subresource")) !== undefined) return [];
    const manager = prose(at(entry, "manager")) || "unknown";
    const operation = oneOf(at(entry, "operation"), ["Apply", "Update"]);
    const time = optionalDate(at(entry, "time"));
    const spec = at(entry, "fieldsV1", "f:spec").value;
    return ownedFields(spec, pools).map((field) => ({ manager, operation, field, time }));
  });
}

function ownedFields(spec: unknown, pools: readonly string[]): readonly string[] {
  return [
    ...(has(spec, KUBERNETES_VERSION) ? ["spec.kubernetes.version"] : []),
    ...ownedWorkerFields(descend(spec, ["f:provider", "f:workers"]), pools),
  ];
}

function ownedWorkerFields(workers: unknown, pools: readonly string[]): readonly string[] {
  if (!isRecord(workers)) return [];
  const named = Object.entries(workers).flatMap(([key, fields]) => {
    const pool = poolOfKey(key);
    return pool === undefined ? [] : versionFields(pool, fields);
  });
  // The list has no map keys in Gardener's OpenAPI: whoever owns it owns it whole, and no pool is named.
  const whole = Object.keys(workers).every((key) => !key.startsWith("k:"));
  return whole ? pools.flatMap((pool) => [imageField(pool), kubeletField(pool)]) : named;
}

function versionFields(pool: string, fields: unknown): readonly string[] {
  return [
    ...(has(fields, MACHINE_IMAGE_VERSION) ? [imageField(pool)] : []),
    ...(has(fields, KUBERNETES_VERSION) ? [kubeletField(pool)] : []),
  ];
}

function imageField(pool: string): string {
  return `spec.provider.workers[${pool}].machine.image.version`;
}

function kubeletField(pool: string): string {
  return `spec.provider.workers[${pool}].kubernetes.version`;
}

/** `k:{"name":"pool-a"}` is the entry of the pool pool-a. */
function poolOfKey(key: string): string | undefined {
  if (!key.startsWith("k:")) return undefined;
  try {
    const parsed: unknown = JSON.parse(key.slice(2));
    return isRecord(parsed) && typeof parsed["name"] === "string" ? parsed["name"] : undefined;
  } catch {
    return undefined;
  }
}

function has(fields: unknown, path: readonly string[]): boolean {
  return descend(fields, path) !== undefined;
}

function descend(fields: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), fields);
}
