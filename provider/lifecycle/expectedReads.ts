/** The reads that a component announces, as the engine passes them on; what is not as expected is left out. */
import type { ShootReference } from "../model/declaration";
import type { ExpectedNamespace, ExpectedReads } from "../model/expectedReads";
import { isRecord } from "../model/json";

export function decodeExpectedReads(value: unknown): ExpectedReads | undefined {
  if (!isRecord(value)) return undefined;
  return {
    references: decodeEach(value["references"], decodeReference),
    namespaces: decodeEach(value["namespaces"], decodeNamespace),
    cloudProfiles: decodeEach(value["cloudProfiles"], decodeCloudProfile),
  };
}

function decodeEach<Value>(list: unknown, decode: (item: unknown) => Value | undefined): readonly Value[] {
  return Array.isArray(list) ? list.flatMap((item: unknown) => decode(item) ?? []) : [];
}

function decodeReference(value: unknown): ShootReference | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, name, namespace, project } = value;
  if (typeof name !== "string") return undefined;
  if (kind === "project" && typeof project === "string") return { kind, project, name };
  if (kind === "namespace" && typeof namespace === "string") return { kind, namespace, name };
  return kind === "name" ? { kind, name } : undefined;
}

function decodeNamespace(value: unknown): ExpectedNamespace | undefined {
  if (!isRecord(value)) return undefined;
  const { namespace, shoots, names } = value;
  if (typeof namespace !== "string" || typeof shoots !== "number") return undefined;
  return { namespace, shoots, ...(Array.isArray(names) && { names: decodeEach(names, decodeName) }) };
}

function decodeName(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function decodeCloudProfile(value: unknown): ExpectedReads["cloudProfiles"][number] | undefined {
  if (!isRecord(value) || !isRecord(value["ref"]) || !isRecord(value["cloudProfile"])) return undefined;
  const { namespace, name } = value["ref"];
  const { kind, name: profile } = value["cloudProfile"];
  if (typeof namespace !== "string" || typeof name !== "string" || typeof profile !== "string")
    return undefined;
  if (kind !== "CloudProfile" && kind !== "NamespacedCloudProfile") return undefined;
  return { ref: { namespace, name }, cloudProfile: { kind, name: profile } };
}
