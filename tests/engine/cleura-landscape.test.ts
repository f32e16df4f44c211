/** A landscape in waves through Cleura's REST API: a canary, a soak time, then the rest. */
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { worldOf } from "../../sandbox/fixtures/demo";
import { startSandbox, type CleuraSandbox } from "../../sandbox/sandbox";
import { findEngine } from "../../tools/engine/engine";
import type { Run } from "../../tools/engine/run";
import { openStack, type Stack } from "../../tools/engine/stack";
import { cleuraEnvironment } from "./cleuraEnvironment";
import { succeeded } from "./scene";
import { DAY, HOUR, simulateClock, type SimulatedClock } from "./simulatedClock";

const names = ["canary", "eu", "us"] as const;

describe("a landscape on Cleura, over simulated days on the real engine", function () {
  this.timeout(300_000);
  let sandbox: CleuraSandbox;
  let stack: Stack;
  let clock: SimulatedClock;
  let env: Readonly<Record<string, string>>;
  let version = "1.33.4";

  const program = () => {
    const declare = (
      name: string,
      kubernetes: gardener.ShootVersionsArgs["kubernetes"],
      rollout?: gardener.RolloutArgs,
    ) => new gardener.ShootVersions(name, { shoot: { project: "demo", name }, kubernetes, rollout });
    const canary = declare("canary", { version });
    const same = { version: canary.target.apply(({ kubernetesVersion }) => kubernetesVersion) };
    const others = (["eu", "us"] as const).map((name) =>
      declare(name, same, { after: [canary.completedAt], soak: "24h" }),
    );
    return Promise.resolve({ states: [canary, ...others].map(({ state }) => state) });
  };

  before(async () => {
    clock = simulateClock(new Date("2026-12-01T09:00:00Z"));
    sandbox = await startSandbox({
      speed: 100,
      cleura: true,
      now: clock.now,
      world: worldOf(names),
    });
    const { region, projectId } = sandbox.cleura;
    stack = await openStack({
      program,
      engine: await findEngine(),
      config: { "gardener:cleuraRegion": region, "gardener:cleuraProjectId": projectId },
    });
    env = await cleuraEnvironment(sandbox.cleura, stack.folder);
    succeeded(await up());
    version = "1.33.7";
    clock.advance(HOUR);
    sandbox.cleura.requests.splice(0);
  });
  after(async () => {
    await stack.close();
    await sandbox.stop();
    clock.close();
  });

  const environment = () => ({ ...env, ...clock.environment() });
  const up = (expectNoChanges = false) => stack.up({ env: environment(), expectNoChanges });
  /** The Shoots that have been written since the last call, one entry for each write. */
  function written(): string[] {
    const found = sandbox.cleura.requests.splice(0).flatMap(({ method, path: target }) => {
      const [, name] = /\/shoots\/[^/]+\/[^/]+\/(\w+)/.exec(target) ?? [];
      return method === "PATCH" || method === "PUT" ? [name ?? target] : [];
    });
    return found.sort();
  }
  const last = (run: Run, pattern: RegExp) => run.messages.findLast(({ text }) => pattern.test(text))?.text;
  const summaryOf = (run: Run) => last(run, /of this stack/);
  const states = async (): Promise<unknown> => (await stack.outputs())["states"]?.value;

  it("shows one plan, by wave, in the preview", async () => {
    const run = succeeded(await stack.preview({ env: environment() }));
    const line = (name: string, start: string) =>
      `  ${name}: Kubernetes 1.33.4 → 1.33.7; no nodes replaced; ${start}`;
    expect(last(run, /^3 Shoots: /)?.split("\n")).to.deep.equal([
      "3 Shoots: 3 pending",
      "wave 1",
      line("canary", "now"),
      "wave 2",
      line("eu", "1d after canary, whose rollout is not complete"),
      line("us", "1d after canary, whose rollout is not complete"),
    ]);
    expect(written()).to.deep.equal([]);
  });

  it("day 1: performs the canary, and leaves the others pending", async () => {
    const run = succeeded(await up());
    expect(written()).to.deep.equal(["canary"]);
    expect(summaryOf(run)).to.match(/^3 Shoots of this stack: 1 done, 2 pending\n/);
    expect(summaryOf(run)).to.match(/pending: eu \(after canary, not before 2026-12-02 10:\d\d UTC\)/);
    expect(await states()).to.deep.equal(["upToDate", "pending", "pending"]);
  });

  it("day 2: writes nothing before the soak time is over", async () => {
    clock.advance(DAY - HOUR);
    const run = succeeded(await up());
    expect(written()).to.deep.equal([]);
    expect(summaryOf(run)).to.contain("2 pending, 1 up to date");
  });

  it("day 2: performs the rest after it", async () => {
    clock.advance(2 * HOUR);
    const run = succeeded(await up());
    expect(written()).to.deep.equal(["eu", "us"]);
    expect(summaryOf(run)).to.match(/^3 Shoots of this stack: 2 done, 1 up to date\n/);
    expect(await states()).to.deep.equal(["upToDate", "upToDate", "upToDate"]);
  });

  it("day 3: changes nothing", async () => {
    clock.advance(DAY);
    succeeded(await up(true));
    expect(written()).to.deep.equal([]);
  });
});
