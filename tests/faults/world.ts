/** A garden with one Shoot behind a proxy that plays faults; the sandbox here, whatever else elsewhere. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCleuraGarden, openCleura, resolveCleura } from "../../provider/garden/cleura";
import { openConnection } from "../../provider/garden/connection";
import { createGardenerGarden } from "../../provider/garden/gardener";
import type { Garden } from "../../provider/garden/garden";
import { shareReads } from "../../provider/garden/shared-reads";
import { shoots as shootResource } from "../../sandbox/api/resource";
import { connect, type Client } from "../../sandbox/client";
import { createCa, issueServer, type Ca, type KeyPair } from "../../sandbox/pki";
import { startSandbox } from "../../sandbox/sandbox";
import type { ClusterNode } from "../../sandbox/shoot/cluster";
import { world as shoots } from "../../sandbox/worlds/demo";
import { fastClock, type FastClock } from "./clock";
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
  /** Resolves when everything can be reached and the Shoot has come to rest, or does not for minutes. */
  rest(): Promise<void>;
  /** What must not be found in messages and state. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** A minute of the provider's in a second and a half. */
export const SPEED = 40;
/** A roll of three nodes takes half a second, twenty on the provider's clock. */
const GARDENLET_SPEED = 10;
const SHARED_READ_MS = 5_000;

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

export async function sandboxWorld(
  kind: GardenKind,
  hands: WorldHands,
  say: (line: string) => void,
): Promise<World> {
  const clock = fastClock(SPEED);
  const sandbox = await startSandbox({
    speed: GARDENLET_SPEED,
    now: clock.now,
    world: (now) => shoots(now, [{ name: "web", pools: [{ name: "pool-a" }], autoUpdate: true }]),
    ...(kind === "cleura" && { cleura: true as const }),
  });
  const { garden, cleura } = sandbox;
  const { ca, tls } = await proxyIdentity();
  const folder = await mkdtemp(join(tmpdir(), "faults-"));
  const authority = join(folder, "ca.pem");
  await writeFile(authority, ca.certificate);
  const cluster = await sandbox.shootApis.clusterFor({ namespace: "garden-demo", name: "web" });
  const shootApi = cluster.access.server;
  const line = await startLine(shootApi);
  const history = createHistory();
  for (const object of garden.store.list(shootResource)) history.add({ object, type: "ADDED" });
  garden.store.onChange((change) => {
    if (change.object.kind === "Shoot") history.add(change);
  });
  const admin = connect({ url: garden.url, ca: garden.ca, token: garden.token });
  const outages: Promise<void>[] = [];
  let proxy: Proxy | undefined;
  const director = createDirector(
    clock,
    {
      ...hands,
      outage(ms, where) {
        const set = (down: boolean): void => {
          line.setDown(down);
          if (where === "everything") proxy?.setDown(down);
        };
        set(true);
        outages.push(clock.sleep(ms).then(() => set(false)));
      },
    },
    say,
  );
  const upstream: Upstream =
    cleura === undefined
      ? { url: garden.url, ca: garden.ca, refusal: kubernetesRefusal }
      : { url: cleura.url, ca: cleura.ca, refusal: cleuraRefusal };
  const rewrite = (body: string): string => readdress(body, shootApi, line.url);
  proxy = await startProxy({ tls, upstream, director, clock, rewrite, say });
  const { url } = proxy;
  const kubeconfig = garden.kubeconfig
    .replace(garden.url, url)
    .replace(base64(garden.ca), base64(ca.certificate));
  const settings = {
    clock,
    env: {},
    watchSeconds: Math.round(clock.real(120_000) / 1000),
    idleSlackMs: clock.real(15_000),
  };

  /** Where nothing is to go wrong, a machine that is busy must not make it so. */
  const timeoutMs = (): number => (director.isPlaying() ? Math.max(clock.real(30_000), 1_500) : 30_000);

  async function openGardener(): Promise<Garden> {
    const source = { kind: "content" as const, content: kubeconfig, origin: "of the test" };
    return createGardenerGarden(await openConnection(source, {}, clock), {
      ...settings,
      timeoutMs: timeoutMs(),
    });
  }

  async function openCleuraGarden(): Promise<Garden> {
    const env = {
      CLEURA_REGION: cleura?.region,
      CLEURA_PROJECT_ID: cleura?.projectId,
      CLEURA_API_URL: url,
      CLEURA_API_USERNAME: cleura?.username,
      CLEURA_API_TOKEN: cleura?.token,
      NODE_EXTRA_CA_CERTS: authority,
    };
    const sources = { config: () => undefined, env };
    const place = await resolveCleura({}, sources);
    const times = { ...settings, timeoutMs: timeoutMs(), env };
    return createCleuraGarden(place, await openCleura(place, sources, clock), times);
  }

  return {
    kind,
    clock,
    director,
    history,
    passed: proxy.passed,
    admin,
    async open() {
      const opened = kind === "cleura" ? await openCleuraGarden() : await openGardener();
      return shareReads(opened, clock, SHARED_READ_MS);
    },
    nodes: () => cluster.listNodes(),
    async rest() {
      await Promise.all(outages);
      await Promise.race([sandbox.settled(), sleep(4_000, undefined, { ref: false })]);
    },
    secrets: [garden.token, ...(cleura === undefined ? [] : [cleura.token, cleura.password])],
    async close() {
      await Promise.all([proxy.close(), line.close()]);
      admin.close();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
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

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
