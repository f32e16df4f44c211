/** Reads what a kubeconfig refers to, and makes TLS options from it. */
import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import { UserError } from "../../model/problem";
import { malformed, type Material } from "./entry";
import type { Kubeconfig } from "./kubeconfig";

export async function readMaterial(material: Material, what: string, origin: string): Promise<string> {
  if (material.kind === "text") return material.text;
  return readTextFile(material.path, `The ${what} ${material.path} of the kubeconfig ${origin}`);
}

export async function readTextFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError("GU002", `${what} cannot be read: it ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return "does not exist";
    case "EACCES":
    case "EPERM":
      return "is not readable for this user";
    case "EISDIR":
      return "is a folder";
    default:
      return `failed with ${code || "an error"}`;
  }
}

/** With the certificates and key parsed once: Node would parse them again for each socket. */
export interface SecureRequestOptions extends RequestOptions {
  readonly secureContext: SecureContext;
}

/** Certificates and server name, without what an exec plugin or an auth provider adds. */
export async function tlsOptions(kubeconfig: Kubeconfig, origin: string): Promise<SecureRequestOptions> {
  const { certificateAuthority, identity } = kubeconfig;
  const read = (material: Material | undefined, what: string) =>
    material === undefined ? undefined : readMaterial(material, what, origin);
  const [ca, cert, key] = await Promise.all([
    read(certificateAuthority, "certificate-authority"),
    read(identity.clientCertificate, "client-certificate"),
    read(identity.clientKey, "client-key"),
  ]);
  if ((cert === undefined) !== (key === undefined)) {
    throw malformed(
      origin,
      `it has a client ${cert === undefined ? "key without a certificate" : "certificate without a key"}`,
    );
  }
  return {
    ca,
    cert,
    key,
    secureContext: secureContextOf({ ca, cert, key }, origin),
    servername: kubeconfig.tlsServerName,
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
    rejectUnauthorized: true,
  };
}

/** OpenSSL's own message about a key or certificate that it cannot use does not help a user. */
export function secureContextOf(
  options: Pick<RequestOptions, "ca" | "cert" | "key">,
  origin: string,
): SecureContext {
  try {
    return createSecureContext(options);
  } catch {
    throw malformed(origin, "its certificates and key are damaged or do not belong together");
  }
}
