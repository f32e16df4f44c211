/** The preflight checks of one large Shoot at a distance: 100 nodes and 3,000 pods, paginated and compressed as by an API server. */
import { createServer } from "node:https";
import { gzipSync } from "node:zlib";
import { openClusterWith } from "../provider/garden/shoot/cluster";
import { defaultClientSettings, defaultWatchSettings } from "../provider/garden/http";
import { systemClock } from "../provider/model/clock";
import { inspect } from "../provider/preflight/preflight";
import { lists, readObjects } from "../provider/preflight/read";
import { rollOfAllNodes } from "../provider/preflight/work";
import { createCa, issueServer } from "../sandbox/pki";
import { aShoot } from "../tests/unit/builders";
import { aBudget, aNode, aPod } from "../tests/unit/preflight/scene";
import { startChild } from "./children";
import { figure, type Figure } from "./figures";

const NODES = 100;
const PODS = 3_000;
const RUNS = 7;
const DISTANCE_MS = 60;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** As large as an average pod of an API server, about 7 kB: environment, volumes, managed fields. */
const filling = numbers(60).map((index) => ({
  name: `SETTING_${String(index)}`,
  value: `value-${String(index * 7919)}`.padEnd(60, "x"),
}));

function objects(path: string): readonly object[] {
  if (path === lists.nodes.path) return numbers(NODES).map((index) => aNode(`node-${String(index)}`));
  if (path === lists.budgets.path)
    return numbers(100).map((index) => aBudget({ name: `budget-${String(index)}` }));
  if (path !== lists.pods.path) return [];
  return numbers(PODS).map((index) =>
    aPod(`pod-${String(index)}`, {
      node: `node-${String(index % NODES)}`,
      labels: { app: `app-${String(index % 300)}` },
      owner: { kind: "StatefulSet", name: `app-${String(index % 300)}` },
      spec: { containers: [{ name: "main", env: filling }] },
    }),
  );
}

/** In seconds, with a kubeconfig at hand: connecting, all lists, and the checks. */
export async function measurePreflight(): Promise<Figure> {
  const authority = await createCa("shoot");
  const { certificate: cert, key } = await issueServer(authority, { hosts: ["127.0.0.1", "localhost"] });
  const pages = new Map<string, Buffer>();
  const server = createServer({ cert, key }, (request, response) => {
    const url = new URL(request.url ?? "/", "https://localhost");
    const from = Number(url.searchParams.get("continue") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? 500);
    const place = `${url.pathname} ${String(from)}`;
    let page = pages.get(place);
    if (page === undefined) {
      const all = objects(url.pathname);
      const more = from + limit < all.length ? { continue: String(from + limit) } : {};
      page = gzipSync(JSON.stringify({ metadata: more, items: all.slice(from, from + limit) }), { level: 1 });
      pages.set(place, page);
    }
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const relay = await startChild("relay.ts", [port, DISTANCE_MS / 2]);
  try {
    const samples: number[] = [];
    // The first one warms the server's pages.
    for (let run = 0; run <= RUNS; run++) {
      const began = performance.now();
      await examine(Number(relay.first), authority.certificate);
      if (run > 0) samples.push((performance.now() - began) / 1_000);
    }
    return figure(samples);
  } finally {
    await relay.stop();
    server.closeAllConnections();
    server.close();
  }
}

async function examine(port: number, ca: string): Promise<void> {
  const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "shoot",
        cluster: {
          server: `https://127.0.0.1:${String(port)}`,
          "certificate-authority-data": Buffer.from(ca).toString("base64"),
        },
      },
    ],
    users: [{ name: "viewer", user: { token: "viewer" } }],
    contexts: [{ name: "shoot", context: { cluster: "shoot", user: "viewer" } }],
    "current-context": "shoot",
  });
  const first = { kubeconfig, expires: new Date(Date.now() + 3_600_000) };
  const settings = { clock: systemClock, env: {}, ...defaultClientSettings, ...defaultWatchSettings };
  const cluster = await openClusterWith(
    { subject: "Shoot bench", first, mint: () => Promise.resolve(first) },
    settings,
  );
  const shoot = aShoot();
  const work = rollOfAllNodes(shoot);
  const read = await readObjects(cluster, work, { metrics: false, signal: AbortSignal.timeout(60_000) });
  const { findings } = inspect({ work, shoot, objects: read, now: new Date() });
  if (read.pods.kind !== "listed" || read.pods.items.length !== PODS)
    throw new Error(JSON.stringify(findings.slice(0, 1)));
}
