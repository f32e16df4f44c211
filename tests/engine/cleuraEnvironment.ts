/** The environment in which a run reaches a sandbox through Cleura's REST API. */
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import type { CleuraSandbox } from "../../sandbox/sandbox";

/** @param folder for the certificate of its authority. */
export async function cleuraEnvironment(
  { url, username, token, ca }: CleuraSandbox["cleura"],
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const authority = path.join(folder, "cleura-ca.pem");
  await writeFile(authority, ca);
  return {
    CLEURA_API_URL: url,
    CLEURA_API_USERNAME: username,
    CLEURA_API_TOKEN: token,
    NODE_EXTRA_CA_CERTS: authority,
  };
}
