/** Certificates that end at a time. */
import { createCa, issueClient } from "../../../sandbox/pki";

export async function certificateUntil(expires: Date): Promise<string> {
  const authority = await createCa("policy");
  return (await issueClient(authority, { commonName: "policy", expires })).certificate;
}
