/** Users of the garden: a client certificate, a kubeconfig, and no more rights than given. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Client, connect } from "../../sandbox/client";
import { type Ca, issueClient } from "../../sandbox/pki";

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface Rights {
  /** Where `rules` hold. */
  readonly namespace?: string;
  readonly rules?: readonly PolicyRule[];
  /** Hold everywhere. */
  readonly clusterRules?: readonly PolicyRule[];
  readonly groups?: readonly string[];
}

export interface User {
  readonly name: string;
  /** Path of a kubeconfig that holds the certificate and key. */
  readonly kubeconfig: string;
  readonly certificate: string;
  readonly key: string;
  readonly client: Client;
}

export interface Server {
  readonly url: string;
  readonly ca: string;
}

export async function issueUser(
  server: Server,
  authority: Ca,
  folder: string,
  name: string,
  groups: readonly string[],
): Promise<User> {
  const { certificate, key } = await issueClient(authority, { commonName: name, organizations: groups });
  const kubeconfig = join(folder, `${encodeURIComponent(name)}.kubeconfig`);
  await writeFile(kubeconfig, kubeconfigOf(server, name, certificate, key), { mode: 0o600 });
  return {
    name,
    kubeconfig,
    certificate,
    key,
    client: connect({ url: server.url, ca: server.ca, clientCert: certificate, clientKey: key }),
  };
}

const RBAC = "/apis/rbac.authorization.k8s.io/v1";

export async function grant(admin: Client, user: string, rights: Rights): Promise<void> {
  const roleName = user.replace(/[^a-z0-9.-]/g, "-");
  const give = async (
    kind: "Role" | "ClusterRole",
    path: string,
    rules: readonly PolicyRule[],
  ): Promise<void> => {
    const metadata = { name: roleName };
    await admin.create(`${path}/${kind.toLowerCase()}s`, { kind, metadata, rules });
    await admin.create(`${path}/${kind.toLowerCase()}bindings`, {
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: roleName },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    });
  };
  if (rights.rules !== undefined && rights.namespace !== undefined) {
    await give("Role", `${RBAC}/namespaces/${rights.namespace}`, rights.rules);
  }
  if (rights.clusterRules !== undefined) await give("ClusterRole", RBAC, rights.clusterRules);
}

/** JSON is YAML, so this is a kubeconfig too. */
function kubeconfigOf(server: Server, user: string, certificate: string, key: string): string {
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "garden", cluster: { server: server.url, "certificate-authority-data": base64(server.ca) } },
      ],
      users: [
        {
          name: user,
          user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) },
        },
      ],
      contexts: [{ name: "garden", context: { cluster: "garden", user } }],
      "current-context": "garden",
    },
    undefined,
    2,
  );
}

function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}
