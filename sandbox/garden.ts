/** The embedded garden: Gardener's API as far as version changes need it. A simulation. */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { dump } from "js-yaml";
import { createObjects } from "./api/objects";
import { createServer, type Interceptor, type Recorded } from "./api/server";
import { createStore, type Store } from "./api/store";
import { createUsers, EVERYTHING, type User, type Users } from "./api/users";
import { createWatches, type Watches } from "./api/watch";
import type { JsonMap } from "./json";
import { createCa, issueServer } from "./pki";

export interface GardenOptions {
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly now?: () => Date;
  /** Put into the store as they are. */
  readonly objects?: readonly JsonMap[];
  /** Of the administrator; made up where absent. */
  readonly token?: string;
  /** Switched on, such as `InPlaceNodeUpdates`; none is by default, as in Gardener. */
  readonly featureGates?: readonly string[];
}

export interface GardenServer {
  readonly url: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Of a user who may do everything. */
  readonly token: string;
  /** YAML, with the administrator's token. */
  readonly kubeconfig: string;
  readonly store: Store;
  readonly users: Users;
  readonly watches: Watches;
  /** Every call since the start, or since the last `clear`. */
  readonly requests: Recorded[];
  kubeconfigFor(user: Pick<User, "name" | "token">): string;
  /** Disturbs calls until the returned function is called. */
  intercept(interceptor: Interceptor): () => void;
  close(): Promise<void>;
}

export const ADMINISTRATOR = "admin";

export async function startGarden(options: GardenOptions = {}): Promise<GardenServer> {
  const now = options.now ?? (() => new Date());
  const token = options.token ?? randomBytes(24).toString("base64url");
  const ca = await createCa("sandbox garden");
  const tls = await issueServer(ca, { hosts: ["127.0.0.1", "localhost"] });
  const store = createStore(now);
  for (const object of options.objects ?? []) store.put(object);
  const users = createUsers(store);
  users.add({ name: ADMINISTRATOR, token, rules: EVERYTHING });
  const watches = createWatches(store);
  const requests: Recorded[] = [];
  const interceptors = new Set<Interceptor>();
  const server = createServer({
    tls,
    store,
    objects: createObjects(store, now, options.featureGates ?? []),
    users,
    watches,
    now,
    record: (call) => requests.push(call),
    interceptors,
  });
  await server.listen({ host: "127.0.0.1", port: options.port ?? 0 });
  const url = `https://127.0.0.1:${String(portOf(server.server.address()))}`;
  const kubeconfigFor = (user: Pick<User, "name" | "token">) => kubeconfig(url, ca.certificate, user);
  return {
    url,
    ca: ca.certificate,
    token,
    kubeconfig: kubeconfigFor({ name: ADMINISTRATOR, token }),
    store,
    users,
    watches,
    requests,
    kubeconfigFor,
    intercept(interceptor) {
      interceptors.add(interceptor);
      return () => interceptors.delete(interceptor);
    },
    async close() {
      watches.drop();
      await server.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the sandbox listens on no port");
  return address.port;
}

function kubeconfig(url: string, ca: string, user: Pick<User, "name" | "token">): string {
  return dump({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "sandbox",
    preferences: {},
    clusters: [
      {
        name: "sandbox",
        cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: user.name } }],
    users: [{ name: user.name, user: { token: user.token } }],
  });
}
