/** A garden with one Shoot behind a proxy that plays faults, and the provider's way to it. */
import { READ_MS } from "../../provider/garden/namespaceReads";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCleuraGarden, openCleura, resolveCleura } from "../../provider/garden/cleura";
import { openConnection } from "../../provider/garden/connection";
import { createGardenerGarden } from "../../provider/garden/gardener";
import type { Garden } from "../../provider/garden/garden";
import { cacheReads } from "../../provider/garden/gardens";
import type { Client } from "../../sandbox/client";
import { createCa, issueServer, type Ca, type KeyPair } from "../../sandbox/pki";
import type { ClusterNode } from "../../sandbox/shoot/cluster";
import type { FastClock } from "./clock";
import { createDirector, type Director, type Hands } from "./director";
import { createHistory, type History } from "./history";
import { readdress, startLine } from "./line";
import { startProxy, type Passed, type Proxy, type Upstream } from "./proxy";
import type { GardenKind } from "./schedule";

export interface World {
  readonly kind: GardenKind;
  readonly clock: FastClock;
  readonly director: Director;
  readonly history: History;
  /** Requests that have reached the garden. */
  readonly passed: readonly Passed[];
  /** The garden's administrator, past the proxy. */
  readonly admin: Client;
  /** As a provider's process opens it, through the proxy. */
  open(): Promise<Garden>;
  nodes(): Promise<readonly ClusterNode[]>;
  /** Resolves when {@link history} has all that the garden answers to a read now. */
  historyIsCurrent(): Promise<void>;
  /** Resolves when everything can be reached and the Shoot has come to rest, or does not for minutes. */
  rest(): Promise<void>;
  /** What must not be found in messages and state. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** What is behind the proxy. */
export interface Site {
  readonly kind: GardenKind;
  /** By which the garden's own objects are dated, where it can be had so. */
  readonly clock: FastClock;
  readonly upstream: Omit<Upstream, "refusal">;
  readonly admin: Client;
  /** URL of the Shoot's own API. */
  readonly shootApi: string;
  /** Credentials as the provider has them: a token of the Gardener API server, or an account of Cleura's. */
  readonly credentials:
    | { readonly kind: "token"; readonly token: string }
    | { readonly kind: "cleura"; readonly env: Readonly<Record<string, string>> };
  readonly secrets: readonly string[];
  /** What the Shoot is, then each change of it. */
  follow(add: History["add"]): Promise<void>;
  nodes(): Promise<readonly ClusterNode[]>;
  /** Absent: a change is in the history when it is written. */
  historyIsCurrent?(history: History): Promise<void>;
  reconciled(): Promise<void>;
  close(): Promise<void>;
}

export type WorldHands = Pick<Hands, "work">;

/** One authority for all proxies of this process. */
let identity: Promise<{ readonly ca: Ca; readonly tls: KeyPair }> | undefined;

export async function proxyIdentity() {
  identity ??= createCa("proxy").then(async (ca) => ({
    ca,
    tls: await issueServer(ca, { hosts: ["127.0.0.1"] }),
  }));
  return identity;
}

/** However long a Shoot that never comes to rest is waited for. */
const REST_MS = 4_000;

export async function createWorld(
  site: Site,
  hands: WorldHands,
  say: (line: string) => void,
): Promise<World> {
  const { kind, clock, credentials } = site;
  const { ca, tls } = await proxyIdentity();
  const folder = await mkdtemp(join(tmpdir(), "faults-"));
  const authority = join(folder, "ca.pem");
  await writeFile(authority, ca.certificate);
  const line = await startLine(site.shootApi);
  const history = createHistory();
  await site.follow(history.add);
  const outages: Promise<void>[] = [];
  const setDown = (down: boolean, everything: boolean): void => {
    line.setDown(down);
    if (everything) proxy.setDown(down);
  };
  const director = createDirector(
    clock,
    {
      ...hands,
      outage(ms, where) {
        setDown(true, where === "everything");
        outages.push(clock.sleep(ms).then(() => setDown(false, where === "everything")));
      },
    },
    say,
  );
  const upstream: Upstream = {
    ...site.upstream,
    refusal: kind === "cleura" ? cleuraRefusal : kubernetesRefusal,
  };
  const rewrite = (body: string): string => readdress(body, site.shootApi, line.url);
  const proxy: Proxy = await startProxy({ tls, upstream, director, clock, rewrite, say });
  const { url } = proxy;
  const settings = () => ({
    clock,
    env: {},
    watchSeconds: Math.round(clock.real(120_000) / 1000),
    idleSlackMs: clock.real(15_000),
    // Where nothing is to go wrong, a machine that is busy must not make it so.
    timeoutMs: director.isPlaying() ? Math.max(clock.real(30_000), 1_500) : 30_000,
  });

  async function openGarden(): Promise<Garden> {
    if (credentials.kind === "token") {
      const content = kubeconfigFor(url, ca.certificate, credentials.token);
      const source = { kind: "content" as const, content, origin: "the kubeconfig of the test" };
      return createGardenerGarden(await openConnection(source, {}, clock), settings());
    }
    const env = { ...credentials.env, CLEURA_API_URL: url, NODE_EXTRA_CA_CERTS: authority };
    const sources = { config: () => undefined, env };
    const place = await resolveCleura({}, sources);
    return createCleuraGarden(place, await openCleura(place, sources, clock), { ...settings(), env });
  }

  return {
    kind,
    clock,
    director,
    history,
    passed: proxy.passed,
    admin: site.admin,
    open: async () => cacheReads(await openGarden(), clock, READ_MS),
    nodes: () => site.nodes(),
    historyIsCurrent: async () => site.historyIsCurrent?.(history),
    async rest() {
      await Promise.all(outages);
      await Promise.race([site.reconciled(), sleep(REST_MS, undefined, { ref: false })]);
    },
    secrets: site.secrets,
    async close() {
      await Promise.all([proxy.close(), line.close()]);
      await site.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function kubeconfigFor(server: string, ca: string, token: string): string {
  const cluster = { server, "certificate-authority-data": Buffer.from(ca).toString("base64") };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "garden", cluster }],
    contexts: [{ name: "garden", context: { cluster: "garden", user: "admin" } }],
    users: [{ name: "admin", user: { token } }],
    "current-context": "garden",
  });
}

const REASONS: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  409: "Conflict",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

export function kubernetesRefusal(code: number): string {
  const message =
    code === 403
      ? 'shoots.core.gardener.cloud "web" is forbidden: User "admin" cannot do this in API group "core.gardener.cloud" in the namespace "garden-demo"'
      : `the server answers ${code}`;
  const reason = REASONS[code] ?? "";
  return JSON.stringify({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    code,
  });
}

function cleuraRefusal(code: number): string {
  return JSON.stringify({
    error: { code, message: code === 401 ? "Unauthorized" : `the server answers ${code}` },
  });
}
