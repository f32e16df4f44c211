/** An issued kubeconfig: in JSON with its expiry, or, from older servers, the YAML alone. */
import { UserError } from "../../../model/problem";
import { X509Certificate } from "node:crypto";
import { isRecord } from "../../../model/json";
import type { Material } from "../../connection/entry";
import { parseKubeconfig } from "../../connection/kubeconfig";
import { at, date, document, root } from "../../field";
import type { Kubeconfig, ShootAccess } from "../../garden";

export interface IssuedKubeconfig extends Kubeconfig {
  readonly access: ShootAccess;
  /** The one for external clients: others connect through the seed. Absent: the current-context. */
  readonly context?: string;
}

/** @param until its expiry if the answer has none. */
export async function decodeKubeconfig(
  subject: string,
  body: unknown,
  until: Date,
): Promise<IssuedKubeconfig> {
  const answer = root(`The kubeconfig for ${subject}`, body);
  const isYaml = typeof body === "string";
  const kubeconfig = document(isYaml ? answer : at(answer, "kubeconfig"));
  if (kubeconfig.trimStart().startsWith("<")) {
    throw new UserError("GU013", `${answer.object}: found an HTML page, expected a kubeconfig.`);
  }
  const context = await externalContext(kubeconfig);
  const origin = `that Cleura issued for ${subject}`;
  const parsed = await parseKubeconfig(kubeconfig, { kind: "issued", content: kubeconfig, context, origin });
  const { identity, server, certificateAuthority } = parsed;
  const { clientCertificate } = identity;
  return {
    kubeconfig,
    expires: isYaml ? (expiryOf(clientCertificate) ?? until) : date(at(answer, "expires_at")),
    context,
    access: {
      server: server.href.replace(/\/$/, ""),
      certificateAuthority: certificateAuthority?.kind === "text" ? certificateAuthority.text : undefined,
    },
  };
}

async function externalContext(kubeconfig: string): Promise<string | undefined> {
  const yaml = await import("js-yaml");
  try {
    const parsed = yaml.load(kubeconfig);
    const contexts: unknown = isRecord(parsed) ? parsed["contexts"] : undefined;
    const listed: readonly unknown[] = Array.isArray(contexts) ? contexts : [];
    const names = listed.map((one) => (isRecord(one) ? one["name"] : undefined));
    return names.filter((name) => typeof name === "string").find((name) => name.endsWith("-external"));
  } catch {
    // parseKubeconfig reports the error.
    return undefined;
  }
}

function expiryOf(certificate: Material | undefined): Date | undefined {
  if (certificate?.kind !== "text") return undefined;
  try {
    return new Date(new X509Certificate(certificate.text).validTo);
  } catch {
    return undefined;
  }
}
