/** Names of existing objects, for suggestions; undefined where listing is not allowed. */
import type { ApiClient } from "../http";
import { at, list, optionalText, root } from "../field";

/** Metadata only, where the server supports it: a Shoot has 20 kB, and only its name is needed. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const MAX_NAMES = 500;

export async function namesAt(client: ApiClient, path: string): Promise<readonly string[] | undefined> {
  const answer = await client.send({
    method: "GET",
    path,
    query: { limit: String(MAX_NAMES) },
    accept: METADATA_ONLY,
  });
  if (answer.kind === "status") return undefined;
  return list(at(root("The list", answer.body), "items")).flatMap(
    (item) => optionalText(at(item, "metadata", "name")) ?? [],
  );
}
