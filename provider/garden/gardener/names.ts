/** Names that a person may have meant; nothing where listing is not allowed. */
import type { ApiClient } from "../http";
import { at, list, optionalText, root } from "../field";

/** Metadata only, where the server can: a Shoot is 20 kB, its name is all that is wanted. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const AT_MOST = 500;

export async function namesAt(client: ApiClient, path: string): Promise<readonly string[] | undefined> {
  const answer = await client.send({
    method: "GET",
    path,
    query: { limit: String(AT_MOST) },
    accept: METADATA_ONLY,
  });
  if (answer.kind === "status") return undefined;
  return list(at(root("The list", answer.body), "items")).flatMap(
    (item) => optionalText(at(item, "metadata", "name")) ?? [],
  );
}
