/** What a person needs to call the sandbox's Cleura API from a shell. */
import type { CleuraServer } from "./cleura";

export interface CleuraFiles {
  readonly ca: string;
  /** The token stays out of the terminal. */
  readonly token: string;
}

export function announcement(cleura: CleuraServer, files: CleuraFiles): readonly string[] {
  const { url, username, cloud, region, projectId } = cleura;
  return [
    "Cleura's REST API, version 2, for the same Shoots. It is simulated, too: written from Cleura's",
    "description of it and from its clients, and not tried on Cleura itself.",
    "",
    `  export CLEURA_API_URL=${url}`,
    `  export CLEURA_API_USERNAME=${username}`,
    `  export CLEURA_API_TOKEN="$(cat ${files.token})"`,
    `  export CLEURA_CLOUD=${cloud} CLEURA_REGION=${region} CLEURA_PROJECT_ID=${projectId}`,
    `  export NODE_EXTRA_CA_CERTS=${files.ca}`,
    `  curl -sS --cacert ${files.ca} -H "X-AUTH-LOGIN: $CLEURA_API_USERNAME" -H "X-AUTH-TOKEN: $CLEURA_API_TOKEN" $CLEURA_API_URL/gardener/v2/${cloud}/shoots/${region}/${projectId}`,
  ];
}
