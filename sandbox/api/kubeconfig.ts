/** `shoots/viewerkubeconfig` and `shoots/adminkubeconfig`: short-lived client certificates for a Shoot's own API. */
import { dump } from "js-yaml";
import { at, clone, type JsonMap, map, mapsAt, textAt } from "../json";
import { type Ca, issueClient } from "../pki";
import { invalidField } from "../validation/field";
import { badRequest, internal, invalid, notFound } from "./failure";
import { configMaps, internalSecrets, shoots } from "./resource";
import { type Store, timestamp } from "./store";
import type { User, Users } from "./users";

const GROUP = "authentication.gardener.cloud";
const MINIMUM = 10 * 60;
const DEFAULT = 60 * 60;
const MAXIMUM = 24 * 60 * 60;
const API_ADDRESSES = ["external", "internal", "unmanaged", "wildcard-tls-seed-bound"];
const WILDCARD = "wildcard-tls-seed-bound";

export interface KubeconfigCall {
  readonly subresource: "adminkubeconfig" | "viewerkubeconfig";
  readonly namespace: string;
  readonly name: string;
  readonly body: JsonMap;
  readonly user: User;
}

export async function issueKubeconfig(store: Store, users: Users, call: KubeconfigCall): Promise<JsonMap> {
  const level = call.subresource === "adminkubeconfig" ? "admin" : "viewer";
  const kind = level === "admin" ? "AdminKubeconfigRequest" : "ViewerKubeconfigRequest";
  const resource = { group: GROUP, resource: kind };
  const given = textAt(call.body, "kind");
  if (given !== "" && given !== kind) {
    throw badRequest(`${given} in the body, ${kind} expected`);
  }
  const seconds = Number(at(call.body, "spec", "expirationSeconds") ?? DEFAULT);
  if (seconds < MINIMUM) {
    throw invalid(resource, kind, "", [
      invalidField("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"),
    ]);
  }
  const shoot = store.get(shoots, call.namespace, call.name);
  if (shoot === undefined) throw notFound(shoots, call.name);
  const addresses = mapsAt(shoot, "status", "advertisedAddresses");
  const suitable = addresses.filter((one) => API_ADDRESSES.includes(textAt(one, "name")));
  if (suitable.length === 0) {
    throw invalid(resource, kind, call.name, [
      invalidField(
        "status.status",
        at(shoot, "status", "advertisedAddresses"),
        "no suitable advertised address for kube-apiserver found in .status.advertisedAddresses",
      ),
    ]);
  }
  // The wall's clock, not the sandbox's: TLS looks at it.
  const expires = new Date(Date.now() + Math.min(seconds, MAXIMUM) * 1000);
  const client = await issueClient(clientCa(store, call), {
    commonName: `gardener.cloud:${level}:${call.user.name}`,
    organizations: [`gardener.cloud:${isOperator(users, call.user) ? "system" : "project"}:${level}s`],
    expires,
  });
  const kubeconfig = render(`${call.namespace}--${call.name}`, suitable, {
    ca: clusterCa(store, call),
    certificate: client.certificate,
    key: client.key,
  });
  return {
    kind,
    apiVersion: `${GROUP}/v1alpha1`,
    metadata: clone(map(call.body.metadata)),
    spec: { expirationSeconds: Math.min(seconds, MAXIMUM) },
    status: { kubeconfig: base64(kubeconfig), expirationTimestamp: timestamp(expires) },
  };
}

/** Who may do anything in the garden is one; Gardener asks with a resource that no ordinary Role names. */
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
  if (found === undefined) {
    throw internal(
      `could not get cluster CA secret: secret ${JSON.stringify(`${name}.ca-cluster`)} not found`,
    );
  }
  if (bundle === "") throw internal("could not load cluster CA bundle");
  return bundle;
}

interface Material {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

function render(base: string, addresses: readonly JsonMap[], material: Material): string {
  const named = addresses.map((address) => ({
    name: `${base}-${textAt(address, "name")}`,
    host: new URL(textAt(address, "url")).host,
    // Its certificate is a public one.
    publiclyTrusted: address.name === WILDCARD,
  }));
  const user = named[0]?.name ?? base;
  return dump({
    apiVersion: "v1",
    kind: "Config",
    "current-context": user,
    preferences: {},
    clusters: named.map(({ name, host, publiclyTrusted }) => ({
      name,
      cluster: {
        ...(publiclyTrusted ? {} : { "certificate-authority-data": base64(material.ca) }),
        server: `https://${host}`,
      },
    })),
    contexts: named.map(({ name }) => ({ name, context: { cluster: name, user } })),
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": base64(material.certificate),
          "client-key-data": base64(material.key),
        },
      },
    ],
  });
}

function base64(value: string): string {
  return Buffer.from(value).toString("base64");
}
