/** A look inside a Shoot, through its own API, with a viewer's kubeconfig that is renewed before it expires. */
import type { RequestOptions } from "node:https";
import type { Clock } from "../../model/clock";
import type { Shoot } from "../../model/shoot";
import { openConnection, type Connection, type ConnectionSource } from "../connection";
import type { Kubeconfig, ShootCluster, ShootNode } from "../garden";
import { createApiClient, statusFailure, type ApiClient, type ClientSettings } from "../http";
import {
  decodeKubeconfigRequest,
  postKubeconfigRequest,
  requestKubeconfig,
  SHORTEST_SECONDS,
} from "./access";
import { describeShoot } from "./api";
import { decodeNode, POOL_LABEL, withoutV } from "./decode";
import { at, list, root, text } from "./decode/field";
import { follow, type FollowSettings, type Target } from "./follow";

/** Renewed when a fifth of the shortest lifetime is left. */
const RENEW_BEFORE_MS = (SHORTEST_SECONDS * 1000) / 5;

export interface ClusterSettings extends ClientSettings, FollowSettings {
  readonly env: NodeJS.ProcessEnv;
}

export async function openCluster(
  garden: ApiClient,
  shoot: Shoot,
  settings: ClusterSettings,
): Promise<ShootCluster | undefined> {
  const asleep = shoot.hibernation.enabled || shoot.hibernation.hibernated;
  if (asleep || shoot.advertisedAddresses.length === 0) return undefined;
  const answer = await postKubeconfigRequest(garden, shoot.ref, "viewer", SHORTEST_SECONDS);
  if (answer.kind === "status") {
    // No Shoot, no address that suits (422), or its CA is not there yet (500).
    if ([404, 422, 500].includes(answer.status.code)) return undefined;
    const { namespace } = shoot.ref;
    throw statusFailure(
      answer.status,
      { verb: "create", resource: "shoots/viewerkubeconfig", namespace, subject: describeShoot(shoot.ref) },
      garden.connection,
    );
  }
  const connection = await connect(garden, shoot, decodeKubeconfigRequest(shoot.ref, answer.body), settings);
  return clusterOver(createApiClient(connection, settings), shoot, settings);
}

/** The kubeconfig's current context is the first advertised address (pkg/registry/core/shoot/storage/kubeconfig.go). */
async function connect(
  garden: ApiClient,
  shoot: Shoot,
  first: Kubeconfig,
  settings: ClusterSettings,
): Promise<Connection> {
  let expires = first.expires;
  let inner = await lineTo(shoot, first, settings);
  let renewal: Promise<void> | undefined;
  let given: RequestOptions | undefined;

  async function renew(): Promise<void> {
    const next = await requestKubeconfig(garden, shoot.ref, "viewer", SHORTEST_SECONDS);
    inner = await lineTo(shoot, next, settings);
    expires = next.expires;
  }

  return {
    server: inner.server,
    description: inner.description,
    origin: inner.origin,
    proxy: inner.proxy,
    remedy: "Gardener issues them; try again.",
    async requestOptions(): Promise<RequestOptions> {
      if (expires.getTime() - RENEW_BEFORE_MS <= settings.clock.now().getTime()) {
        renewal ??= renew().finally(() => (renewal = undefined));
        await renewal;
      }
      given = await inner.requestOptions();
      return given;
    },
    refresh(refused) {
      if (refused === given) expires = new Date(0);
    },
  };
}

function lineTo(
  shoot: Shoot,
  kubeconfig: Kubeconfig,
  settings: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock },
) {
  const source: ConnectionSource = {
    kind: "content",
    content: kubeconfig.kubeconfig,
    origin: `that Gardener issued for ${describeShoot(shoot.ref)}`,
  };
  return openConnection(
    source,
    settings.env,
    settings.clock,
    (server) => `the API of ${describeShoot(shoot.ref)}, ${server}`,
  );
}

function clusterOver(client: ApiClient, shoot: Shoot, settings: ClusterSettings): ShootCluster {
  const subject = `The inside of ${describeShoot(shoot.ref)}`;
  const target: Target = {
    path: "/api/v1/nodes",
    selector: { labelSelector: POOL_LABEL },
    asked: { resource: "nodes", subject },
  };

  async function read(
    path: string,
    query: Readonly<Record<string, string>>,
    resource: string,
  ): Promise<unknown> {
    const answer = await client.send({ method: "GET", path, query });
    if (answer.kind === "ok") return answer.body;
    throw statusFailure(answer.status, { verb: "get", resource, subject }, client.connection);
  }

  return {
    async kubernetesVersion() {
      const answered = root(
        `The version of ${describeShoot(shoot.ref)}`,
        await read("/version", {}, "/version"),
      );
      return withoutV(text(at(answered, "gitVersion")));
    },
    async nodes() {
      const answered = root(
        `The nodes of ${describeShoot(shoot.ref)}`,
        await read(target.path, target.selector, "nodes"),
      );
      return sorted(list(at(answered, "items")).map(({ value }) => decodeNode(value)));
    },
    watchNodes: (signal) => watchNodes(client, target, signal, settings),
  };
}

async function* watchNodes(
  client: ApiClient,
  target: Target,
  signal: AbortSignal,
  settings: FollowSettings,
): AsyncGenerator<readonly ShootNode[]> {
  let nodes = new Map<string, ShootNode>();
  let told: string | undefined;
  for await (const event of follow(client, target, signal, settings)) {
    if (event.kind === "interrupted") continue;
    if (event.kind === "listed") {
      nodes = new Map(event.objects.map(decodeNode).map((node) => [node.name, node]));
    } else {
      const node = decodeNode(event.object);
      if (event.kind === "changed") nodes.set(node.name, node);
      else nodes.delete(node.name);
    }
    const now = sorted([...nodes.values()]);
    // Kubelets report every few minutes, mostly that nothing has changed.
    const key = JSON.stringify(now);
    if (key === told) continue;
    told = key;
    yield now;
  }
}

function sorted(nodes: readonly ShootNode[]): readonly ShootNode[] {
  return [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
}
