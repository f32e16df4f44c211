/**
 * The command of the exec entry in the kubeconfig output of ShootVersions: prints an ExecCredential
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins)
 * for one Shoot, requested from the garden with the permissions of whoever runs it.
 */
import { isAbsolute } from "node:path";
import { parseArgs } from "node:util";
import { decodeOptions, locationOptions } from "../provider/declaration/location";
import { openGarden } from "../provider/garden/open";
import { isRecord } from "../provider/model/json";
import { describeProblem, UserError } from "../provider/model/problem";
import { printable } from "../provider/model/text";

const EXPIRATION_SECONDS = 3600;

/** `pulumi-gardener credential <namespace>/<name>`, with the garden's location as options. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    process.stdout.write(JSON.stringify(await credential(argv, process.env)));
  } catch (error) {
    const reason = error instanceof UserError ? describeProblem(error) : printable(String(error));
    process.stderr.write(`pulumi-gardener: ${reason}\n`);
    process.exitCode = 1;
  }
}

export async function credential(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<object> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: locationOptions,
    allowPositionals: true,
  });
  const [namespace, name] = positionals[0]?.split("/") ?? [];
  if (!namespace || !name)
    throw new UserError("GU021", "Name the Shoot as namespace/name.", { property: "shoot" });
  const location = decodeOptions(values);
  assertOwnFolder(location.kubeconfig, env);
  const garden = await openGarden(location, { config: stackConfig(env), env });
  const issued = await garden.requestKubeconfig({ namespace, name }, "admin", EXPIRATION_SECONDS);
  const { load } = await import("js-yaml");
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: {
      expirationTimestamp: issued.expires.toISOString(),
      ...clientCertificate(load(issued.kubeconfig)),
    },
  };
}

/**
 * A relative path in the program means the intended file only in the program's folder, where the engine starts
 * its plugins. In another folder it would be another file, with exec commands of its own.
 */
function assertOwnFolder(kubeconfig: string | undefined, env: NodeJS.ProcessEnv): void {
  const elsewhere = env["PULUMI_CONFIG"] === undefined;
  if (kubeconfig === undefined || !elsewhere || isAbsolute(kubeconfig) || /^~[\\/]/.test(kubeconfig)) return;
  throw new UserError(
    "GU002",
    `The path of the garden's kubeconfig, ${JSON.stringify(kubeconfig)}, is relative to the folder of a Pulumi program, and ` +
      "the working directory may be another one. Use an absolute path or one that begins with ~/ in garden.kubeconfig.",
    { property: "garden.kubeconfig" },
  );
}

/** The engine passes the stack's configuration to the plugins that it starts, in their environment. */
function stackConfig(env: NodeJS.ProcessEnv): (key: string) => string | undefined {
  const parsed: unknown = JSON.parse(env["PULUMI_CONFIG"] ?? "{}");
  return (key) => {
    const value = isRecord(parsed) ? parsed[key] : undefined;
    return typeof value === "string" ? value : undefined;
  };
}

function clientCertificate(kubeconfig: unknown): { clientCertificateData: string; clientKeyData: string } {
  const users = isRecord(kubeconfig) && Array.isArray(kubeconfig["users"]) ? kubeconfig["users"] : [];
  const entry: unknown = users[0];
  const user = isRecord(entry) ? entry["user"] : undefined;
  const certificate = isRecord(user) ? user["client-certificate-data"] : undefined;
  const key = isRecord(user) ? user["client-key-data"] : undefined;
  if (typeof certificate !== "string" || typeof key !== "string") {
    throw new UserError("GU013", "The garden's kubeconfig for the Shoot holds no client certificate.");
  }
  const decode = (text: string) => Buffer.from(text, "base64").toString("utf8");
  return { clientCertificateData: decode(certificate), clientKeyData: decode(key) };
}
