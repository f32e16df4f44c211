/** What others do, and what fails, between the steps of an upgrade over several minors. */
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import type { Json, JsonMap } from "../../sandbox/json";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import type { ShootVersionsArgs } from "../../provider/args";
import type { Run } from "../../tools/engine/run";
import type { Stack } from "../../tools/engine/stack";
import { setMinorsScene, type MinorsScene } from "./minors-scene";
import { messagesOf, SHOOTS, succeeded } from "./scene";

const SHOOT = `${SHOOTS}/web`;
const DONE = { kubernetes: "1.35.2", pins: {}, annotation: "" };

describe("between the steps of an upgrade over several minors, on the real engine", function () {
  this.timeout(120_000);
  let scene: MinorsScene;
  afterEach(() => scene.close());

  const open = (declared: Partial<ShootVersionsArgs> = {}) =>
    scene.open({
      program: () => {
        const { state, kubernetesVersion } = new gardener.ShootVersions("web", {
          shoot: { project: "demo", name: "web" },
          kubernetes: { version: "1.35" },
          adopt: "upgrade",
          ...declared,
        });
        return Promise.resolve({ state, kubernetesVersion });
      },
    });

  const setPool = (fields: JsonMap) =>
    scene.garden.patch(SHOOT, "strategic", {
      spec: { provider: { workers: [{ name: "pool-a", ...fields }] } },
    });
  const setKubernetes = (version: string) =>
    scene.garden.patch(SHOOT, "merge", { spec: { kubernetes: { version } } });
  const annotate = (annotations: Readonly<Record<string, Json>>) =>
    scene.garden.patch(SHOOT, "merge", { metadata: { annotations: { ...annotations } } });

  /** An `up` during which somebody acts after the first write, at an event with this message. */
  async function upWhile(stack: Stack, act: () => Promise<unknown>, message?: RegExp): Promise<Run> {
    let acting: Promise<unknown> | undefined;
    const run = await stack.up({
      onEvent: ({ diagnosticEvent }) => {
        const isTime = message === undefined || message.test(diagnosticEvent?.message ?? "");
        if (acting === undefined && isTime && scene.writes().length === 1) acting = act();
      },
    });
    expect(acting, run.stdout).not.to.equal(undefined);
    await acting;
    return run;
  }

  it("the plan is shortened by a minor to which somebody else upgrades the control plane", async () => {
    scene = await setMinorsScene("1.32.9");
    const stack = await open();
    succeeded(await upWhile(stack, () => setKubernetes("1.34.3")));
    expect(scene.writes()).to.have.length(2);
    expect(scene.created).to.deep.equal(["pool-a", "pool-a", "pool-a"]);
    expect(await scene.web()).to.deep.equal(DONE);
    expect((await stack.outputs())["state"]?.value).to.equal("upToDate");
  });

  it("the plan is stopped by an image that serves no later kubelet, with what has changed", async () => {
    scene = await setMinorsScene("1.32.9");
    const stack = await open();
    const image = { name: "gardenlinux", version: "1700.0.0" };
    const run = await upWhile(stack, () => setPool({ machine: { image } }));
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr)
      .to.contain("[GU038]")
      .and.to.contain(
        "the live Shoot has changed, and its worker pool pool-a cannot reach the checked versions",
      )
      .and.to.contain("Completed before: Kubernetes 1.32.9 → 1.33.7");
    expect(scene.writes()).to.have.length(1);
    await scene.sandbox.reconciled();
    const preview = await stack.preview();
    expect(preview.ok).to.equal(false);
    expect(preview.stdout + preview.stderr)
      .to.contain("[GU035]")
      .and.to.contain("gardenlinux 1700.0.0 of worker pool pool-a runs kubelets < 1.34 only, not 1.35.2")
      .and.to.contain("suitable and newer: 1950.0.0, 1877.3.0");
    expect(scene.writes()).to.have.length(1);
  });

  it("a hold stops it, and the next run continues at the exact step", async () => {
    scene = await setMinorsScene("1.32.9");
    const stack = await open();
    const hold = "pulumi-gardener.io/hold";
    const run = succeeded(await upWhile(stack, () => annotate({ [hold]: "trade fair" })));
    expect(messagesOf(run, "web")).to.contain("trade fair");
    expect(scene.writes()).to.have.length(1);
    expect((await stack.outputs())["state"]?.value).to.equal("pending");
    expect((await scene.web()).pins).to.deep.equal({ "pool-a": "1.32.9" });
    await annotate({ [hold]: null });
    succeeded(await stack.up());
    expect(scene.writes()).to.have.length(3);
    expect(scene.created).to.have.length(3);
    expect(await scene.web()).to.deep.equal(DONE);
  });

  it("a version that a user gives a pool which is held back stays, and is reported", async () => {
    scene = await setMinorsScene("1.32.9");
    const stack = await open({ rollout: { maxMinors: 1 } });
    succeeded(await stack.up());
    expect((await scene.web()).pins).to.deep.equal({ "pool-a": "1.32.9" });
    await setPool({ kubernetes: { version: "1.33.7" } });
    await scene.sandbox.reconciled();
    expect(messagesOf(succeeded(await stack.preview()), "web"))
      .to.contain("[GU067]")
      .and.to.contain(
        "worker pool pool-a, which a rollout was holding back, is pinned to Kubernetes 1.33.7 now",
      );
    scene.created.splice(0);
    succeeded(await stack.up());
    succeeded(await stack.up());
    expect(await scene.web()).to.deep.equal({ ...DONE, pins: { "pool-a": "1.33.7" } });
    expect(scene.created).to.deep.equal([]);
    expect(succeeded(await stack.preview()).changes).to.deep.equal({ same: 3 });
  });

  it("a failure reports what is reached and what is left, and the next run continues at the exact step", async () => {
    scene = await setMinorsScene("1.33.7", [
      { name: "pool-a", nodes: 1 },
      { name: "canary", nodes: 5 },
    ]);
    const stack = await open({ workers: { canary: { order: -1 } } });
    const fail = { [FAULT_ANNOTATION]: "fail=ERR_INFRA_QUOTA_EXCEEDED" };
    // The operation of the first step runs by then, and is not the one that fails.
    const run = await upWhile(stack, () => annotate(fail), /control plane 1\.34\.3 · \d+ %/);
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr)
      .to.contain("[GU053]")
      .and.to.contain("Completed before: Kubernetes 1.33.7 → 1.34.3")
      .and.to.contain("Left after that: pool-a (Kubernetes 1.33.7 → 1.35.2), 1 node,");
    scene.calls.forget();
    await annotate({ [FAULT_ANNOTATION]: null, "gardener.cloud/operation": "retry" });
    succeeded(await stack.up());
    expect(scene.writes()).to.have.length(1);
    expect(scene.created.at(-1)).to.equal("pool-a");
    expect(await scene.web()).to.deep.equal(DONE);
    expect((await stack.outputs())["state"]?.value).to.equal("upToDate");
  });
});
