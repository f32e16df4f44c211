/** `gardener:maxFailedRollouts`, with and without `--continue-on-error`, where several rollouts of a landscape fail. */
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import { worldOf } from "../../sandbox/fixtures/demo";
import { textAt } from "../../sandbox/json";
import type { Run } from "../../tools/engine/run";
import type { Stack } from "../../tools/engine/stack";
import { setScene, SHOOTS, succeeded, type Scene } from "./scene";

const names = ["a", "b", "c", "d", "e"] as const;

describe("several rollouts that fail, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;
  let version = "1.33.4";

  const program = () => {
    const states = names.map((name) => {
      const { state } = new gardener.ShootVersions(name, {
        shoot: { project: "demo", name },
        kubernetes: { version },
      });
      return [name, state] as const;
    });
    return Promise.resolve(Object.fromEntries(states));
  };

  beforeEach(async () => {
    scene = await setScene({
      world: worldOf(names),
    });
    version = "1.33.4";
    stack = await scene.open({ program, config: { "gardener:maxConcurrentRollouts": "1" } });
    succeeded(await stack.up());
    version = "1.33.7";
  });
  afterEach(() => scene.close());

  const setFault = (name: string, fault: string | null) =>
    scene.garden.patch(`${SHOOTS}/${name}`, "merge", {
      metadata: { annotations: { [FAULT_ANNOTATION]: fault } },
    });

  /** The Shoots that a run has written, all of these failing. */
  async function up(
    failing: readonly string[],
    options: { readonly allowed?: string; readonly continueOnError?: boolean; readonly parallel?: number },
  ): Promise<{ readonly run: Run; readonly started: readonly string[]; readonly summary: string }> {
    const { allowed, ...engine } = options;
    if (allowed !== undefined) await stack.setConfig({ "gardener:maxFailedRollouts": allowed });
    for (const name of failing) await setFault(name, "fail=ERR_INFRA_QUOTA_EXCEEDED");
    const run = await stack.up(engine);
    const written = await Promise.all(
      names.map(async (name) =>
        textAt(await scene.garden.get(`${SHOOTS}/${name}`), "spec", "kubernetes", "version"),
      ),
    );
    const messages = run.messages.filter(({ text }) => text.includes("of this stack"));
    return {
      run,
      started: names.filter((_, index) => written[index] === version),
      summary: messages.at(-1)?.text ?? "",
    };
  }
  const countsOf = (summary: string) => summary.split("\n")[0];

  for (const continueOnError of [false, true]) {
    describe(continueOnError ? "with --continue-on-error" : "without --continue-on-error", () => {
      it("start no further one after the first by default", async () => {
        const { run, started, summary } = await up(names, { continueOnError });
        expect(run.ok).to.equal(false);
        expect(started).to.have.length(1);
        expect(countsOf(summary)).to.equal("5 Shoots of this stack: 1 failed, 4 not started");
      });

      for (const [allowed, count] of [
        ["2", 3],
        ["40%", 3],
        ["39%", 2],
      ] as const) {
        it(`start ${count} of five that wait for their turn where ${allowed} may fail`, async () => {
          const { run, started, summary } = await up(names, { continueOnError, allowed });
          expect(run.ok).to.equal(false);
          expect(started).to.have.length(count);
          expect(countsOf(summary)).to.equal(
            `5 Shoots of this stack: ${count} failed, ${5 - count} not started`,
          );
        });
      }
    });
  }

  it("start all where no more fail than are allowed, and fail the run", async () => {
    const { run, started, summary } = await up(["b", "d"], { continueOnError: true, allowed: "2" });
    expect(run.ok).to.equal(false);
    expect(started).to.deep.equal(names);
    expect(countsOf(summary)).to.equal("5 Shoots of this stack: 3 done, 2 failed");
    expect(summary.split("\n").slice(1, 4)).to.deep.equal(["  done: a", "  done: c", "  done: e"]);
    for (const name of ["b", "d"]) {
      expect(summary).to.match(new RegExp(`\n  failed: ${name} \\(the rollout failed: Gardener stopped`));
    }
  });

  it("end the run where Pulumi starts one resource after another, unless it continues on errors", async () => {
    const stopped = await up(names, { allowed: "2", parallel: 1 });
    expect(stopped.run.ok).to.equal(false);
    expect(stopped.started).to.have.length(1);
    const continued = await up(names, { allowed: "2", parallel: 1, continueOnError: true });
    expect(continued.run.ok).to.equal(false);
    expect(continued.started).to.have.length(3);
  });
});
