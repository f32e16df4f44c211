import { expect } from "chai";
import * as path from "node:path";
import type { Stack } from "../../tools/engine/stack";
import { setScene, SHOOTS, succeeded, told, type Scene } from "./scene";

const upgrade = "pulumi-nodejs:dynamic/gardener:RollingUpgrade";

describe("the journey of a cluster, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;

  before(async () => {
    scene = await setScene();
    stack = await scene.open({ program: path.join(__dirname, "..", "..", "examples", "cluster") });
  });
  after(() => scene.close());

  async function versions() {
    const shoot = await scene.garden.get(`${SHOOTS}/web`);
    return JSON.stringify(shoot["spec"]).match(/"version":"[^"]+"/g);
  }

  it("begins with an adoption that writes nothing and says what is pending", async () => {
    const before = await versions();
    const run = succeeded(await stack.up());
    expect(run.changes).to.deep.equal({ create: 3 });
    expect(told(run, "web")).to.contain("Kubernetes 1.33.4 → 1.33.7").and.to.contain("next `pulumi up`");
    expect(scene.writes().filter((write) => write.startsWith("PATCH"))).to.deep.equal([]);
    expect(await versions()).to.deep.equal(before);
    const { kubernetesVersion, state } = await stack.outputs();
    expect([kubernetesVersion?.value, state?.value]).to.deep.equal(["1.33.4", "held"]);
  });

  it("shows a pending patch and image in the preview, property by property and in one sentence", async () => {
    const run = succeeded(await stack.preview());
    expect(run.changes).to.deep.equal({ update: 1, same: 2 });
    const step = run.steps.find(({ type }) => type === upgrade);
    expect(step?.oldInputs["kubernetesVersion"]).to.equal("1.33.4");
    expect(step?.newInputs["kubernetesVersion"]).to.equal("1.33.7");
    expect(step?.diffs).to.have.members(["kubernetesVersion", "workers"]);
    expect(told(run, "web")).to.contain(
      "Kubernetes 1.33.4 → 1.33.7 and gardenlinux 1592.10.0 → 1592.14.0 in one roll: pool-a, 3 nodes, 1 at a time",
    );
    expect(run.stdout).to.match(/~ kubernetesVersion: "1\.33\.4" => "1\.33\.7"/);
    expect(told(run, "web")).to.contain("ready:").and.to.contain("available:");
  });

  it("performs exactly that in one write, with progress, and reports what runs", async () => {
    scene.sandbox.garden.requests.length = 0;
    const run = succeeded(await stack.up());
    expect(scene.writes().filter((write) => write.startsWith("PATCH"))).to.deep.equal([
      `PATCH ${SHOOTS}/web`,
    ]);
    expect(run.statuses.map(({ text }) => text).join("\n")).to.match(/\[1\/1\] web: /);
    expect(told(run, "web")).to.contain(
      "web: Kubernetes 1.33.7, pool-a on gardenlinux 1592.14.0, 3 nodes verified",
    );
    const { kubernetesVersion, workers, state } = await stack.outputs();
    expect(kubernetesVersion?.value).to.equal("1.33.7");
    expect(workers?.value).to.deep.equal({
      "pool-a": { kubernetesVersion: "1.33.7", machineImage: { name: "gardenlinux", version: "1592.14.0" } },
    });
    expect(state?.value).to.equal("upToDate");
  });

  it("finds nothing to do afterwards and still tells what is available", async () => {
    scene.sandbox.garden.requests.length = 0;
    const run = succeeded(await stack.up({ expectNoChanges: true }));
    expect(run.changes).to.deep.equal({ same: 3 });
    expect(scene.writes().filter((write) => write.startsWith("PATCH"))).to.deep.equal([]);
    expect(told(succeeded(await stack.preview({ expectNoChanges: true })), "web"))
      .to.contain("web: up to date")
      .and.to.contain("available: Kubernetes 1.34.3");
  });

  it("shows a minor with its notes, and keeps to a plan that was saved and reviewed", async () => {
    await stack.setConfig({ kubernetesVersion: "1.34" });
    const plan = path.join(stack.folder, "plan.json");
    const preview = succeeded(await stack.preview({ savePlan: plan }));
    expect(told(preview, "web")).to.contain("CHANGELOG-1.34.md");
    succeeded(await stack.up({ plan }));
    expect((await stack.outputs())["kubernetesVersion"]?.value).to.equal("1.34.3");
  });

  it("violates a saved plan when another version is due by then", async () => {
    await stack.setConfig({ kubernetesVersion: "1.35.2", machineImage: "1877" });
    const plan = path.join(stack.folder, "later.json");
    succeeded(await stack.preview({ savePlan: plan }));
    await stack.setConfig({ kubernetesVersion: "1.35.4" });
    const run = await stack.up({ plan });
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr).to.contain("violates plan");
    expect((await scene.garden.get(`${SHOOTS}/web`))["spec"]).to.have.nested.property(
      "kubernetes.version",
      "1.34.3",
    );
  });

  it("takes note when Gardener has moved on by itself, and plans nothing", async () => {
    await stack.setConfig({ kubernetesVersion: "1.34", machineImage: "1592.14.0" });
    await scene.garden.patch(`${SHOOTS}/web`, "strategic", {
      spec: {
        kubernetes: { version: "1.35.2" },
        provider: {
          workers: [{ name: "pool-a", machine: { image: { name: "gardenlinux", version: "1877.3.0" } } }],
        },
      },
    });
    await scene.sandbox.settled();
    const run = succeeded(await stack.up({ expectNoChanges: true }));
    expect(run.changes).to.deep.equal({ same: 3 });
    expect((await stack.outputs())["kubernetesVersion"]?.value).to.equal("1.35.2");
    succeeded(await stack.refresh());
    const preview = succeeded(await stack.preview({ expectNoChanges: true }));
    expect(told(preview, "web")).to.contain("[GU039]");
  });

  it("lets go of the cluster without touching it", async () => {
    scene.sandbox.garden.requests.length = 0;
    const run = succeeded(await stack.destroy());
    expect(run.changes).to.deep.equal({ delete: 3 });
    expect(
      scene.sandbox.garden.requests.filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/")),
    ).to.deep.equal([]);
    expect(await scene.garden.get(`${SHOOTS}/web`)).to.have.nested.property("metadata.name", "web");
  });
});
