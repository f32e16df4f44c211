/** What a person needs to call the sandbox's Cleura API from a shell. */
import type { CleuraServer } from "./cleura";

/** The token stays out of the terminal. */
export function announcement(
  { url, username, cloud, region, projectId }: CleuraServer,
  files: { readonly ca: string; readonly token: string },
): string {
  return `Cleura's REST API, version 2, for the same Shoots. It is simulated, too: written from Cleura's
description of it and from its clients, and not tried on Cleura itself.

  export CLEURA_API_URL=${url}
  export CLEURA_API_USERNAME=${username}
  export CLEURA_API_TOKEN="$(cat ${files.token})"
  export CLEURA_CLOUD=${cloud} CLEURA_REGION=${region} CLEURA_PROJECT_ID=${projectId}
  export NODE_EXTRA_CA_CERTS=${files.ca}
  curl -sS --cacert ${files.ca} -H "X-AUTH-LOGIN: $CLEURA_API_USERNAME" -H "X-AUTH-TOKEN: $CLEURA_API_TOKEN" $CLEURA_API_URL/gardener/v2/${cloud}/shoots/${region}/${projectId}`;
}
