/** Rollouts that last eight hours, a thousand times as fast: lists, watches, kubeconfigs and progress as in that time. */
import { expect } from "chai";
import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parseDeclaration } from "../../provider/declaration/parse";
import { openConnection } from "../../provider/garden/connection";
import { createGardenerGarden } from "../../provider/garden/gardener";
import { cacheReads, type CachedGarden } from "../../provider/garden/gardens";
import { READ_MS } from "../../provider/garden/namespaceReads";
import { readAndPlan } from "../../provider/lifecycle";
import { systemClock, type Clock } from "../../provider/model/clock";
import { rollOut } from "../../provider/rollout";
import { manyShoots } from "../../sandbox/fixtures/demo";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";

const FACTOR = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = 8;
const SHOOTS = 3;
/** Not enough for an operation to end in that time. */
const SPEED = 0.02;

/** What is open and resident at one hour. */
interface Sample {
  readonly heapMiB: number;
  readonly sockets: number;
  readonly timers: number;
  /** On the signal that the rollouts share. */
  readonly listeners: number;
  /** Lists and reads of the garden in this hour, of all rollouts. */
  readonly reads: number;
  /** Watches that were opened in this hour. */
  readonly watches: number;
  /** Kubeconfigs that were issued in this hour. */
  readonly kubeconfigs: number;
}

describe("rollouts over eight hours", function () {
  this.timeout(120_000);
  // Days later, in the morning: kubeconfigs expire by the machine's clock, and the maintenance window is at night.
  const begin = { real: Date.now(), shown: (Math.floor(Date.now() / DAY_MS) + 2) * DAY_MS + 6 * HOUR_MS };
  const clock: Clock = {
    now: () => new Date(begin.shown + (Date.now() - begin.real) * FACTOR),
    sleep: (ms, signal) => systemClock.sleep(ms / FACTOR, signal),
  };
  const warnings: string[] = [];
  const warn = ({ name }: Error) => void warnings.push(name);
  let sandbox: Sandbox;
  let samples: readonly Sample[];

  before(async () => {
    begin.real = Date.now();
    process.on("warning", warn);
    sandbox = await startSandbox({ now: clock.now, world: manyShoots(SHOOTS, 2), speed: SPEED });
    samples = await rollFor(HOURS);
  });
  after(async () => {
    process.off("warning", warn);
    await sandbox.stop();
  });

  async function rollFor(hours: number): Promise<readonly Sample[]> {
    const connection = await openConnection(
      { kind: "content", content: sandbox.kubeconfig, origin: "of the test" },
      {},
      clock,
    );
    // The server's clock is not faster: it ends a watch after a second, which are a quarter of an hour here.
    // What a watch leaves behind would stay for longer than this test.
    const settings = { clock, watchSeconds: 1, idleSlackMs: 300_000 };
    const garden = cacheReads(createGardenerGarden(connection, settings), clock, READ_MS);
    const stop = new AbortController();
    const rollouts = Array.from({ length: SHOOTS }, (_, index) =>
      roll(garden, `shoot-${String(index + 1)}`, stop.signal),
    );
    const found: Sample[] = [];
    for (let hour = 1; hour <= hours; hour++) {
      await Promise.race([sleep(HOUR_MS / FACTOR), ...rollouts]);
      found.push(sample(stop.signal));
    }
    stop.abort();
    const ends = await Promise.allSettled(rollouts);
    for (const end of ends) expect(end).to.include({ status: "rejected" });
    return found;
  }

  /** Rejects when it is interrupted. */
  async function roll(garden: CachedGarden, name: string, signal: AbortSignal): Promise<void> {
    const parsed = parseDeclaration(
      {
        shoot: { project: "demo", name },
        kubernetes: { version: "1.34" },
        rollout: { progressDeadline: "24h", timeout: "24h" },
      },
      name,
    );
    if (parsed.kind === "problems") throw new Error(JSON.stringify(parsed.problems));
    const { declaration } = parsed;
    const { shoot, planned } = await readAndPlan(garden, declaration, clock.now());
    if (planned.kind === "refused") throw new Error(JSON.stringify(planned.problems));
    const { target, steps } = planned.plan;
    await rollOut(
      { ref: shoot.ref, uid: shoot.uid, target, checked: steps, options: declaration.rollout, label: name },
      { garden, clock, status: () => undefined, info: () => undefined, warn: () => undefined, signal },
    );
  }

  function sample(signal: AbortSignal): Sample {
    const requests = sandbox.garden.requests
      .splice(0)
      .filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"));
    const kubeconfigs = requests.filter(({ path }) => path.endsWith("kubeconfig")).length;
    const watches = requests.filter(({ query }) => query["watch"] !== undefined).length;
    collectGarbage();
    const resources = process.getActiveResourcesInfo();
    const count = (pattern: RegExp) => resources.filter((name) => pattern.test(name)).length;
    return {
      heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
      sockets: count(/TCP|TLS/),
      timers: count(/Timeout/),
      listeners: getEventListeners(signal, "abort").length,
      reads: requests.length - kubeconfigs - watches,
      watches,
      kubeconfigs,
    };
  }

  /** The most of the last three hours over the most of the second to the fourth one: in the first one everything is opened. */
  const growth = (key: keyof Sample) =>
    Math.max(...samples.slice(-3).map((one) => one[key])) -
    Math.max(...samples.slice(1, 4).map((one) => one[key]));

  it("keep no memory", () => {
    expect(growth("heapMiB"), JSON.stringify(samples)).to.be.below(4);
  });

  for (const kind of ["sockets", "timers", "listeners"] as const) {
    it(`keep no ${kind}`, () => {
      expect(growth(kind), JSON.stringify(samples)).to.be.at.most(kind === "listeners" ? 0 : 6);
    });
  }

  it("read at most three times in two minutes, all together, beside one watch", () => {
    const most = (key: "reads" | "watches") => Math.max(...samples.slice(1).map((one) => one[key]));
    expect(most("reads"), JSON.stringify(samples)).to.be.within(1, 90);
    // Each ends after a quarter of an hour here; that is two minutes at the real speed.
    expect(most("watches"), JSON.stringify(samples)).to.be.within(1, 6);
  });

  it("renew their kubeconfigs many times", () => {
    for (const { kubeconfigs } of samples) expect(kubeconfigs, JSON.stringify(samples)).to.be.above(30);
  });

  it("add no more than ten listeners to one signal", () => {
    expect(warnings).to.deep.equal([]);
  });
});

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}
