import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { shoots } from "../../sandbox/api/resource";
import { map, textAt } from "../../sandbox/json";
import { worldOf } from "../../sandbox/fixtures/demo";
import type { Stack } from "../../tools/engine/stack";
import { messagesOf, setScene, SHOOTS, succeeded, type Scene } from "./scene";
import { HOUR, simulateClock, type SimulatedClock } from "./simulatedClock";

const names = ["window", "moment", "asleep"] as const;

describe("rollouts in windows and after moments, on the real engine", function () {
  this.timeout(180_000);
  let scene: Scene;
  let stack: Stack;
  let clock: SimulatedClock;
  let kubernetesVersion = "1.33.4";

  const rollouts: Readonly<Record<(typeof names)[number], gardener.RolloutArgs>> = {
    window: { when: "maintenanceWindow" },
    moment: { notBefore: "2026-12-02T12:00:00+01:00" },
    asleep: { skipHibernated: true },
  };
  const program = () => {
    for (const name of names) {
      new gardener.ShootVersions(name, {
        shoot: { project: "demo", name },
        kubernetes: { version: kubernetesVersion },
        rollout: rollouts[name],
      });
    }
    return Promise.resolve({});
  };

  before(async () => {
    clock = simulateClock(new Date("2026-12-01T09:00:00Z"));
    scene = await setScene({
      now: clock.now,
      world: worldOf(names),
    });
    await scene.garden.patch(`${SHOOTS}/window`, "merge", {
      // 22:30 to 00:30 UTC.
      spec: { maintenance: { timeWindow: { begin: "233000+0100", end: "013000+0100" } } },
    });
    await hibernate(true);
    stack = await scene.open({ program });
    succeeded(await up());
    kubernetesVersion = "1.33.7";
  });
  after(async () => {
    await scene.close();
    clock.close();
  });

  const up = () => stack.up({ env: clock.environment() });
  async function hibernate(enabled: boolean): Promise<void> {
    await scene.garden.patch(`${SHOOTS}/asleep`, "merge", { spec: { hibernation: { enabled } } });
    await scene.reconciled();
  }
  const versionOf = async (name: string) =>
    textAt(await scene.garden.get(`${SHOOTS}/${name}`), "spec", "kubernetes", "version");
  const upgraded = async () => {
    const versions = await Promise.all(names.map(versionOf));
    return names.filter((_, index) => versions[index] === kubernetesVersion);
  };

  it("stay pending with the reason and the next opening, write nothing, and the run succeeds", async () => {
    const run = succeeded(await up());
    expect(await upgraded()).to.deep.equal([]);
    expect(messagesOf(run, "window")).to.contain(
      "window: pending (in its maintenance window, not before 2026-12-01 22:30 UTC)",
    );
    expect(messagesOf(run, "moment")).to.contain("moment: pending (not before 2026-12-02 11:00 UTC)");
    expect(messagesOf(run, "asleep")).to.contain("asleep: pending (the Shoot is hibernated");
  });

  it("are performed in the window", async () => {
    clock.advance(14 * HOUR);
    succeeded(await up());
    expect(await upgraded()).to.deep.equal(["window"]);
  });

  it("are performed after the moment, and when the Shoot is woken up", async () => {
    clock.advance(12 * HOUR);
    await hibernate(false);
    succeeded(await up());
    expect(await upgraded()).to.deep.equal([...names]);
  });

  it("are refused where the Shoot's window cannot be used", async () => {
    kubernetesVersion = "1.34";
    const refused = scene.sandbox.garden.intercept(({ method, path }) => {
      if (method !== "GET" || !path.endsWith("/shoots/window")) return undefined;
      const shoot = scene.sandbox.garden.store
        .list(shoots)
        .find(({ metadata }) => map(metadata).name === "window");
      const body = { ...map(shoot), spec: { ...map(map(shoot).spec), maintenance: {} } };
      return { kind: "answer", code: 200, body };
    });
    const run = await stack.preview({ env: clock.environment() });
    refused();
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr).to.contain("[GU080] rollout.when: garden-demo/window");
  });
});
