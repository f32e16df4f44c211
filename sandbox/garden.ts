/** The embedded garden: Gardener's API as far as version changes need it. A simulation. */
import { randomBytes } from "node:crypto";
import type { Rate } from "./api/rate";
import { nodes, resources } from "./api/resource";
import { type ApiServer, startApiServer } from "./api/server";
import { EVERYTHING, type User } from "./api/users";
import type { JsonMap } from "./json";
import { kubeconfigOf } from "./kubeconfig";

export interface GardenOptions {
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly now?: () => Date;
  /** Of kubeconfigs for Shoots; absent: as many as are requested. */
  readonly kubeconfigRate?: Rate;
  /** Put into the store as they are. */
  readonly objects?: readonly JsonMap[];
}

export interface GardenServer extends ApiServer {
  /** Of a user who may do everything. */
  readonly token: string;
  /** YAML, with the administrator's token. */
  readonly kubeconfig: string;
  kubeconfigFor(user: Pick<User, "name" | "token">): string;
}

const ADMINISTRATOR = "admin";
const KUBERNETES_VERSION = "1.34.2-sandbox";

export async function startGarden(options: GardenOptions = {}): Promise<GardenServer> {
  const token = randomBytes(24).toString("base64url");
  const server = await startApiServer({
    name: "sandbox garden",
    port: options.port,
    kubeconfigRate: options.kubeconfigRate,
    now: options.now ?? (() => new Date()),
    resources: resources.filter((resource) => resource !== nodes),
    version: () => KUBERNETES_VERSION,
  });
  for (const object of options.objects ?? []) server.store.put(object);
  server.users.add({ name: ADMINISTRATOR, token, rules: EVERYTHING });
  const kubeconfigFor = (user: Pick<User, "name" | "token">) =>
    kubeconfigOf([{ name: "sandbox", server: server.url, ca: server.ca }], user.name, {
      token: user.token ?? "",
    });
  return {
    ...server,
    token,
    kubeconfig: kubeconfigFor({ name: ADMINISTRATOR, token }),
    kubeconfigFor,
  };
}
