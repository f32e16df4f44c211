/** A Shoot's own API, with kubeconfigs that are renewed before they expire. */
import type { RequestOptions } from "node:https";
import { openConnection, type Connection, type ConnectionSource } from "../connection";
import { at, list, root, text } from "../field";
import type { Kubeconfig, ShootCluster, ShootNode } from "../garden";
import {
  createApiClient,
  listAndWatch,
  statusFailure,
  type ApiClient,
  type ClientSettings,
  type WatchSettings,
  type WatchTarget,
} from "../http";
import { listObjects, readDocument } from "./lists";
import { POOL_LABEL } from "../../model/shoot";
import { decodeNode, withoutV } from "./node";

/** Gardener's minimum: "may not specify a duration less than 10 minutes". */
export const SHORTEST_SECONDS = 600;

/**
 * For the lists of the preflight checks. Each socket costs a TLS handshake, which with a hundred Shoots
 * outweighs the round trips that more of them would save.
 */
const SOCKETS = 4;

/** Renewed when a fifth of the shortest lifetime is left. */
const RENEW_BEFORE_MS = (SHORTEST_SECONDS * 1000) / 5;

export interface ClusterSettings extends ClientSettings, WatchSettings {
  readonly env: NodeJS.ProcessEnv;
}

export interface ClusterSource {
  /** For messages: `Shoot garden-demo/web`. */
  readonly subject: string;
  readonly first: Kubeconfig;
  /** Of the kubeconfig; absent: its current-context. */
  readonly context?: string;
  mint(): Promise<Kubeconfig>;
}

export async function openClusterWith(
  source: ClusterSource,
  settings: ClusterSettings,
): Promise<ShootCluster> {
  const connection = await connect(source, settings);
  return clusterOver(createApiClient(connection, settings), source.subject, settings);
}

async function connect(source: ClusterSource, settings: ClusterSettings): Promise<Connection> {
  let expires = source.first.expires;
  let inner = await openIssued(source, source.first, settings);
  let renewal: Promise<void> | undefined;
  let latest: RequestOptions | undefined;

  async function renew(): Promise<void> {
    const next = await source.mint();
    const before = inner;
    inner = await openIssued(source, next, settings);
    expires = next.expires;
    // Its requests end with the old credentials; with them, each renewal would leave connections open.
    before.close();
  }

  return {
    server: inner.server,
    description: inner.description,
    origin: inner.origin,
    proxy: inner.proxy,
    remedy: "Gardener issues them: run again.",
    async requestOptions(): Promise<RequestOptions> {
      if (expires.getTime() - RENEW_BEFORE_MS <= settings.clock.now().getTime()) {
        renewal ??= renew().finally(() => (renewal = undefined));
        await renewal;
      }
      latest = await inner.requestOptions();
      return latest;
    },
    refresh(refused) {
      if (refused === latest) expires = new Date(0);
    },
  };
}

function openIssued(
  { subject, context }: ClusterSource,
  { kubeconfig }: Kubeconfig,
  settings: ClusterSettings,
) {
  const source: ConnectionSource = {
    kind: "issued",
    content: kubeconfig,
    context,
    origin: `that Gardener issued for ${subject}`,
  };
  const describe = (server: string) => `the API of ${subject}, ${server}`;
  return openConnection(source, settings.env, settings.clock, describe, SOCKETS);
}

function clusterOver(client: ApiClient, shoot: string, settings: ClusterSettings): ShootCluster {
  const subject = `The API of ${shoot}`;
  const target: WatchTarget = {
    path: "/api/v1/nodes",
    selector: { labelSelector: POOL_LABEL },
    request: { resource: "nodes", subject },
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
      const answered = root(`The version of ${shoot}`, await read("/version", {}, "/version"));
      return withoutV(text(at(answered, "gitVersion")));
    },
    async nodes() {
      const answered = root(`The nodes of ${shoot}`, await read(target.path, target.selector, "nodes"));
      return sorted(list(at(answered, "items")).map(({ value }) => decodeNode(value)));
    },
    watchNodes: (signal) => watchNodes(client, target, signal, settings),
    list: (request, signal) => listObjects(client, request, signal),
    read: (path, signal) => readDocument(client, path, signal),
  };
}

async function* watchNodes(
  client: ApiClient,
  target: WatchTarget,
  signal: AbortSignal,
  settings: WatchSettings,
): AsyncGenerator<readonly ShootNode[]> {
  let nodes = new Map<string, ShootNode>();
  let reported: string | undefined;
  for await (const event of listAndWatch(client, target, signal, settings)) {
    if (event.kind === "interrupted") continue;
    if (event.kind === "listed") {
      nodes = new Map(event.objects.map(decodeNode).map((node) => [node.name, node]));
    } else {
      const node = decodeNode(event.object);
      if (event.kind === "changed") nodes.set(node.name, node);
      else nodes.delete(node.name);
    }
    const now = sorted([...nodes.values()]);
    // Kubelets update their Node every few minutes, mostly without a change that matters here.
    const key = JSON.stringify(now);
    if (key === reported) continue;
    reported = key;
    yield now;
  }
}

function sorted(nodes: readonly ShootNode[]): readonly ShootNode[] {
  return [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
}
