import type { ExpectedReads } from "../model/expectedReads";
import { isRecord } from "../model/json";

export function decodeExpectedReads(value: unknown): ExpectedReads | undefined {
  if (!isRecord(value) || !isRecord(value["ref"]) || !isRecord(value["cloudProfile"])) return undefined;
  const { namespace, name } = value["ref"];
  const { kind, name: profile } = value["cloudProfile"];
  const { shoots } = value;
  if (typeof namespace !== "string" || typeof name !== "string" || typeof profile !== "string")
    return undefined;
  if (typeof shoots !== "number" || (kind !== "CloudProfile" && kind !== "NamespacedCloudProfile"))
    return undefined;
  return { ref: { namespace, name }, shoots, cloudProfile: { kind, name: profile } };
}
