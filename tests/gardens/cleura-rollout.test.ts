import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createCleuraGarden, openCleura, resolveCleura } from "../../provider/garden/cleura";
import type { Garden } from "../../provider/garden/garden";
import { systemClock, type Clock } from "../../provider/model/clock";
import type { Target } from "../../provider/model/plan";
import { specVersions, stepsTo } from "../../provider/plan";
import { aRoute } from "../unit/builders";
import { rollOut, type RolloutOutcome } from "../../provider/rollout";
import type { CleuraOptions } from "../../sandbox/cleura/cleura";
import { startSandbox, type CleuraSandbox } from "../../sandbox/sandbox";

/** The sandbox's Shoots roll in a second, and the interval between two reads is no longer than that. */
const SPEED = 10;
const CLOCK_SPEED = 60;

const target: Target = {
  kubernetesVersion: "1.34.3",
  workers: {
    "pool-a": {
      kubernetesVersion: "1.34.3",
      machineImage: { name: "gardenlinux", version: "1592.14.0" },
    },
  },
};

describe("a rollout through a simulated Cleura", function () {
  this.timeout(60_000);

  let sandbox: CleuraSandbox;
  let folder: string;
  let clock: Clock;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cleura-rollout-"));
    const start = Date.now();
    clock = {
      now: () => new Date(start + (Date.now() - start) * CLOCK_SPEED),
      sleep: (ms, signal) => systemClock.sleep(ms / CLOCK_SPEED, signal),
    };
  });
  afterEach(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(options: CleuraOptions): Promise<Garden> {
    sandbox = await startSandbox({ speed: SPEED, cleura: options });
    const { cleura } = sandbox;
    const ca = join(folder, "ca.pem");
    await writeFile(ca, cleura.ca);
    const env = {
      CLEURA_REGION: cleura.region,
      CLEURA_PROJECT_ID: cleura.projectId,
      CLEURA_API_URL: cleura.url,
      CLEURA_API_USERNAME: cleura.username,
      CLEURA_API_PASSWORD: cleura.password,
      NODE_EXTRA_CA_CERTS: ca,
    };
    const sources = { config: () => undefined, env };
    const endpoint = await resolveCleura({}, sources);
    return createCleuraGarden(endpoint, await openCleura(endpoint, sources, clock), { clock, env });
  }

  async function perform(garden: Garden): Promise<RolloutOutcome> {
    const ref = await garden.locate({ kind: "name", name: "web" });
    const shoot = await garden.getShoot(ref);
    const declared = { target, route: aRoute() };
    const sequence = stepsTo(target, shoot, declared.route, garden.capabilities);
    const checked = sequence.kind === "steps" ? sequence.steps : [];
    const options = { wait: true, progressDeadlineMs: 3_600_000, prepare: "minor" } as const;
    const quiet = { status: () => undefined, info: () => undefined, warn: () => undefined };
    const request = { ref, uid: shoot.uid, target, declared, checked, options, label: "web" };
    return rollOut(request, { garden, clock, ...quiet });
  }

  const writes = () =>
    sandbox.cleura.requests
      .filter(({ method, path }) => method !== "GET" && !/tokens|kubeconfig/.test(path))
      .map(({ method, path }) => `${method} ${path.split("/").slice(7).join("/")}`);

  for (const [what, options] of [
    ["without disturbances", {}],
    [
      "where reads return the state before the write for a while",
      { staleness: { milliseconds: 400, spec: true } },
    ],
    ["where reads return the former success for a while", { staleness: { milliseconds: 800 } }],
    ["where tokens expire in the middle", { requestsPerToken: 7 }],
    ["where any change is refused while another is in progress", { conflicts: "any" }],
    ["where kubeconfigs are plain YAML", { rawKubeconfig: true }],
  ] as const) {
    it(`writes the image first, then the prepared minor, and verifies both on every node: ${what}`, async () => {
      const outcome = await perform(await open(options));
      if (outcome.kind !== "done") throw new Error(`It was ${outcome.kind}`);
      expect(outcome.nodes).to.equal("verified");
      expect(specVersions(outcome.shoot)).to.deep.equal(target);
      expect([...new Set(writes())]).to.deep.equal([
        "PUT web/workers/pool-a",
        "PUT web/upgrade/prepare",
        "PATCH web",
      ]);
    });
  }
});
