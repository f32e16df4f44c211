import { expect } from "chai";
import * as path from "node:path";
import type { Stack } from "../../tools/engine/stack";
import { setScene, succeeded, type Scene } from "./scene";

const standIn = path.join(__dirname, "kubernetes");

describe("a workload on an upgraded cluster, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;

  before(async () => {
    scene = await setScene();
    stack = await scene.open({
      program: path.join(__dirname, "..", "..", "examples", "workload"),
      env: { PATH: `${standIn}${path.delimiter}${process.env["PATH"] ?? ""}` },
    });
    succeeded(await stack.up());
  });
  after(() => scene.close());

  function provider(run: Awaited<ReturnType<Stack["preview"]>>): Readonly<Record<string, unknown>> {
    const found = run.events
      .map(({ resourcePreEvent }) => resourcePreEvent?.metadata)
      .find((metadata) => metadata?.type === "pulumi:providers:kubernetes");
    return found?.new?.inputs ?? {};
  }

  it("has kubeconfig and cluster identifier in the preview of an upgrade, and replaces nothing", async () => {
    await stack.setConfig({ kubernetesVersion: "1.34" });
    const run = succeeded(await stack.preview());
    expect(run.steps.map(({ op, type }) => `${op} ${type}`)).to.include(
      "update pulumi-nodejs:dynamic/gardener:RollingUpgrade",
    );
    const { kubeconfig, clusterIdentifier } = provider(run);
    expect(clusterIdentifier).to.match(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(kubeconfig)).to.contain("garden-demo/web").and.to.contain("https://127.0.0.1:");
    expect(run.changes).not.to.have.property("replace");
  });

  it("keeps the kubeconfig's bytes over an upgrade", async () => {
    const before = provider(succeeded(await stack.preview()));
    succeeded(await stack.up());
    const after = provider(succeeded(await stack.preview()));
    expect(after["kubeconfig"]).to.equal(before["kubeconfig"]);
  });
});
