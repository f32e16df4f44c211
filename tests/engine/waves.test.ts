import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { textAt } from "../../sandbox/json";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import { worldOf } from "../../sandbox/fixtures/demo";
import type { Run } from "../../tools/engine/run";
import type { Stack } from "../../tools/engine/stack";
import { messagesOf, setScene, SHOOTS, succeeded, type Scene } from "./scene";
import { DAY, HOUR, simulateClock, type SimulatedClock } from "./simulatedClock";

const START = new Date("2026-12-01T09:00:00Z");
const names = ["canary", "staging"] as const;

describe("waves, on the real engine", function () {
  this.timeout(180_000);
  let scene: Scene;
  let stack: Stack;
  let clock: SimulatedClock;
  let version = "1.33.4";

  const program = () => {
    const canary = new gardener.ShootVersions("canary", {
      shoot: { project: "demo", name: "canary" },
      kubernetes: { version },
    });
    const staging = new gardener.ShootVersions("staging", {
      shoot: { project: "demo", name: "staging" },
      kubernetes: { version: canary.target.apply(({ kubernetesVersion }) => kubernetesVersion) },
      rollout: { after: [canary.completedAt], soak: "24h" },
    });
    return Promise.resolve({
      completedAt: canary.completedAt,
      canary: canary.state,
      staging: staging.state,
      target: staging.target,
    });
  };

  before(async () => {
    clock = simulateClock(START);
    scene = await setScene({
      now: clock.now,
      world: worldOf(names),
    });
    stack = await scene.open({ program });
  });
  after(async () => {
    await scene.close();
    clock.close();
  });

  const up = (options: { expectNoChanges?: boolean } = {}) =>
    stack.up({ env: clock.environment(), ...options });
  const preview = () => stack.preview({ env: clock.environment() });
  const versionOf = async (name: string) =>
    textAt(await scene.garden.get(`${SHOOTS}/${name}`), "spec", "kubernetes", "version");
  const versions = () => Promise.all(names.map(versionOf));
  const output = async (name: string): Promise<unknown> => (await stack.outputs())[name]?.value;
  const setFault = (fault: string | null) =>
    scene.garden.patch(`${SHOOTS}/canary`, "merge", {
      metadata: { annotations: { [FAULT_ANNOTATION]: fault } },
    });
  const changedOf = ({ steps }: Run) =>
    steps.filter(({ op }) => op === "update").map(({ urn }) => urn.split("::").at(-1));

  it("begin with the moment of the adoption for Shoots that run the declared versions", async () => {
    succeeded(await up());
    expect(await output("completedAt")).to.match(/^2026-12-01T09:\d\d:/);
  });

  it("have the same completion in the next run, which changes nothing", async () => {
    const before = await output("completedAt");
    clock.advance(2 * DAY);
    succeeded(await up({ expectNoChanges: true }));
    expect(await output("completedAt")).to.equal(before);
  });

  it("show in one preview what is performed now and what waits for it", async () => {
    version = "1.33.7";
    const run = succeeded(await preview());
    expect(messagesOf(run, "canary")).to.match(/^canary: Kubernetes 1\.33\.4 → 1\.33\.7 pending\n/);
    expect(messagesOf(run, "staging")).to.contain(
      "staging: Kubernetes 1.33.4 → 1.33.7 pending (1d after canary, whose rollout is not complete)",
    );
    expect(run.messages.filter(({ text }) => text.includes("wave 1")).at(-1)?.text).to.equal(
      [
        "2 Shoots: 2 pending",
        "wave 1",
        "  canary: Kubernetes 1.33.4 → 1.33.7; no nodes replaced; now",
        "wave 2",
        "  staging: Kubernetes 1.33.4 → 1.33.7; no nodes replaced; 1d after canary, whose rollout is not complete",
      ].join("\n"),
    );
    expect(changedOf(run)).to.have.members(["canary", "staging"]);
  });

  it("perform the first, and leave the second pending, without a failure", async () => {
    const begin = clock.now();
    const run = succeeded(await up());
    expect(await versions()).to.deep.equal(["1.33.7", "1.33.4"]);
    const completedAt = new Date(String(await output("completedAt")));
    expect(completedAt.getTime()).to.be.within(begin.getTime(), clock.now().getTime());
    expect(messagesOf(run, "staging")).to.match(
      /\[GU081\] staging: pending \(after canary, not before 2026-12-04 09:\d\d UTC\)\. Nothing was written/,
    );
    expect([await output("canary"), await output("staging")]).to.deep.equal(["upToDate", "pending"]);
  });

  it("continue to wait in a run before the moment", async () => {
    const before = await output("completedAt");
    clock.advance(20 * HOUR);
    const run = succeeded(await up());
    expect(messagesOf(run, "staging")).to.contain("pending (after canary, not before 2026-12-04 09:");
    expect(await versions()).to.deep.equal(["1.33.7", "1.33.4"]);
    expect(await output("completedAt")).to.equal(before);
  });

  it("start anew after another rollout of the canary, to which the others go as well", async () => {
    version = "1.34.1";
    succeeded(await up());
    clock.advance(5 * HOUR);
    const run = succeeded(await up());
    expect(messagesOf(run, "staging")).to.contain("not before 2026-12-05 05:");
    expect(await versions()).to.deep.equal(["1.34.1", "1.33.4"]);
    expect(await output("target")).to.have.property("kubernetesVersion", "1.34.1");
  });

  it("perform the second in the first run after the soak time", async () => {
    clock.advance(20 * HOUR);
    expect(messagesOf(succeeded(await preview()), "staging")).to.match(/1\.34\.1 pending\n/);
    succeeded(await up());
    expect(await versions()).to.deep.equal(["1.34.1", "1.34.1"]);
    expect([await output("canary"), await output("staging")]).to.deep.equal(["upToDate", "upToDate"]);
    succeeded(await up({ expectNoChanges: true }));
  });

  it("wait for a canary that is held, although its earlier rollout was completed long ago", async () => {
    clock.advance(30 * DAY);
    version = "1.34.3";
    await scene.garden.patch(`${SHOOTS}/canary`, "merge", {
      metadata: { annotations: { "pulumi-gardener.io/hold": "audit" } },
    });
    const run = succeeded(await up());
    expect(messagesOf(run, "staging")).to.contain("after canary, whose rollout is not complete");
    expect(await versions()).to.deep.equal(["1.34.1", "1.34.1"]);
    expect(await output("completedAt")).to.equal("");
    succeeded(await up());
    expect(await versions()).to.deep.equal(["1.34.1", "1.34.1"]);
  });

  it("keep the others waiting where the canary fails", async () => {
    await scene.garden.patch(`${SHOOTS}/canary`, "merge", {
      metadata: { annotations: { "pulumi-gardener.io/hold": null } },
    });
    await setFault("fail=ERR_INFRA_QUOTA_EXCEEDED");
    const run = await up();
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr).to.contain("[GU053]");
    expect(await versionOf("staging")).to.equal("1.34.1");
    clock.advance(2 * DAY);
    expect((await up()).ok).to.equal(false);
    expect(await versionOf("staging")).to.equal("1.34.1");
  });

  it("continue after the canary was repaired and has soaked", async () => {
    await setFault(null);
    await scene.garden.patch(`${SHOOTS}/canary`, "merge", {
      metadata: { annotations: { "gardener.cloud/operation": "retry" } },
    });
    succeeded(await up());
    expect(await versionOf("staging")).to.equal("1.34.1");
    clock.advance(DAY);
    succeeded(await up());
    expect(await versions()).to.deep.equal(["1.34.3", "1.34.3"]);
  });
});
