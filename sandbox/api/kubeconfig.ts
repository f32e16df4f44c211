/** `shoots/viewerkubeconfig` and `shoots/adminkubeconfig`: short-lived client certificates for a Shoot's own API. */
import { at, clone, type JsonMap, map, mapsAt, textAt, timestamp } from "../json";
import { base64, kubeconfigOf } from "../kubeconfig";
import { type Ca, issueClient, machineTime } from "../pki";
import { errorsOf } from "../validation/field";
import { internal, invalid, notFound } from "./failure";
import { configMaps, internalSecrets, shoots } from "./resource";
import type { Store } from "./store";
import type { User, Users } from "./users";

const GROUP = "authentication.gardener.cloud";
const MINIMUM = 10 * 60;
const DEFAULT = 60 * 60;
const MAXIMUM = 24 * 60 * 60;
const API_ADDRESSES = ["external", "internal", "unmanaged", "wildcard-tls-seed-bound"];
const WILDCARD = "wildcard-tls-seed-bound";

export interface KubeconfigCall {
  readonly level: "admin" | "viewer";
  readonly namespace: string;
  readonly name: string;
  readonly body: JsonMap;
  readonly user: User;
}

export async function issueKubeconfig(store: Store, users: Users, call: KubeconfigCall): Promise<JsonMap> {
  const { level } = call;
  const kind = level === "admin" ? "AdminKubeconfigRequest" : "ViewerKubeconfigRequest";
  const resource = { group: GROUP, resource: kind };
  const seconds = Number(at(call.body, "spec", "expirationSeconds") ?? DEFAULT);
  if (seconds < MINIMUM) {
    const detail = "may not specify a duration less than 10 minutes";
    const short = errorsOf((errors) => errors.invalid("spec.expirationSeconds", seconds, detail));
    throw invalid(resource, kind, "", short);
  }
  const shoot = store.get(shoots, call.namespace, call.name);
  if (shoot === undefined) throw notFound(shoots, call.name);
  const addresses = mapsAt(shoot, "status", "advertisedAddresses");
  const suitable = addresses.filter((one) => API_ADDRESSES.includes(textAt(one, "name")));
  if (suitable.length === 0) {
    const detail = "no suitable advertised address for kube-apiserver found in .status.advertisedAddresses";
    const value = at(shoot, "status", "advertisedAddresses");
    const missing = errorsOf((errors) => errors.invalid("status.status", value, detail));
    throw invalid(resource, kind, call.name, missing);
  }
  // Not the sandbox's clock.
  const expires = new Date(machineTime() + Math.min(seconds, MAXIMUM) * 1000);
  const client = await issueClient(clientCa(store, call), {
    commonName: `gardener.cloud:${level}:${call.user.name}`,
    organizations: [`gardener.cloud:${isOperator(users, call.user) ? "system" : "project"}:${level}s`],
    expires,
  });
  const clusters = suitable.map((address) => ({
    name: `${call.namespace}--${call.name}-${textAt(address, "name")}`,
    server: `https://${new URL(textAt(address, "url")).host}`,
    // The wildcard's certificate is a public one.
    ca: address.name === WILDCARD ? undefined : clusterCa(store, call),
  }));
  const kubeconfig = kubeconfigOf(clusters, clusters[0]?.name ?? "", {
    "client-certificate-data": base64(client.certificate),
    "client-key-data": base64(client.key),
  });
  return {
    kind,
    apiVersion: `${GROUP}/v1alpha1`,
    metadata: clone(map(call.body.metadata)),
    spec: { expirationSeconds: Math.min(seconds, MAXIMUM) },
    status: { kubeconfig: base64(kubeconfig), expirationTimestamp: timestamp(expires) },
  };
}

/** Gardener checks for a resource that no ordinary Role names. */
function isOperator(users: Users, user: User): boolean {
  const access = { verb: "list", group: "core.gardener.cloud/v1beta1", resource: "Project", subresource: "" };
  return users.allowed(user, { ...access, namespace: "", name: "" });
}

function clientCa(store: Store, { namespace, name }: KubeconfigCall): Ca {
  const secret = store.get(internalSecrets, namespace, `${name}.ca-client`);
  if (secret === undefined) {
    throw internal(
      `could not get client CA secret: internalsecret.core.gardener.cloud ${JSON.stringify(`${name}.ca-client`)} not found`,
    );
  }
  const value = (key: string) => Buffer.from(textAt(secret, "data", key), "base64").toString("utf8");
  return { commonName: `${name}.ca-client`, certificate: value("ca.crt"), key: value("ca.key") };
}

function clusterCa(store: Store, { namespace, name }: KubeconfigCall): string {
  const found = store.get(configMaps, namespace, `${name}.ca-cluster`);
  const bundle = textAt(found, "data", "ca.crt");
  if (bundle === "") throw internal("could not load cluster CA bundle");
  return bundle;
}
