/** The same program through Cleura's REST API, on the real engine. */
import { expect } from "chai";
import { startSandbox, type CleuraSandbox } from "../../sandbox/sandbox";
import { findEngine } from "../../tools/engine/engine";
import { repository } from "../../tools/engine/project";
import { openStack, type Stack } from "../../tools/engine/stack";
import { cleuraEnvironment } from "./cleuraEnvironment";
import { messagesOf, succeeded } from "./scene";

const SHOOT = "/shoots/Sto2/";

describe("the journey of a cluster on Cleura, on the real engine", function () {
  this.timeout(180_000);
  let sandbox: CleuraSandbox;
  let stack: Stack;
  let env: Readonly<Record<string, string>>;

  before(async () => {
    sandbox = await startSandbox({ speed: 20, cleura: true });
    const { region, projectId } = sandbox.cleura;
    stack = await openStack({
      program: repository,
      engine: await findEngine(),
      config: { "gardener:cleuraRegion": region, "gardener:cleuraProjectId": projectId },
    });
    env = await cleuraEnvironment(sandbox.cleura, stack.folder);
  });
  after(async () => {
    await stack.close();
    await sandbox.stop();
  });

  /** The requests that are no reads: `PATCH …/shoots/Sto2/…`, without those for a Shoot's kubeconfig. */
  function writes(): string[] {
    return sandbox.cleura.requests
      .filter(({ method, path: target }) => method !== "GET" && !target.endsWith("/admin-kubeconfig"))
      .map(({ method, path: target }) => `${method} ${target.slice(target.indexOf(SHOOT) + SHOOT.length)}`);
  }

  const shoot = () => `${sandbox.cleura.projectId}/web`;

  it("begins with an adoption that writes nothing and reports what is pending, step by step", async () => {
    const run = succeeded(await stack.up({ env }));
    expect(writes()).to.deep.equal([]);
    expect(messagesOf(run, "web"))
      .to.contain("gardenlinux 1592.10.0 → 1592.14.0")
      .and.to.contain(", then Kubernetes 1.33.4 → 1.33.7")
      .and.not.to.contain("in one roll");
  });

  it("shows what is pending in a preview, with Cleura's own check, and writes nothing", async () => {
    const run = succeeded(await stack.preview({ env }));
    expect(run.changes).to.deep.equal({ update: 1, same: 2 });
    expect(messagesOf(run, "web"))
      .to.contain("1/2 gardenlinux 1592.10.0 → 1592.14.0")
      .and.to.contain("2/2 Kubernetes 1.33.4 → 1.33.7")
      .and.to.contain("the garden's check for Kubernetes 1.33.7 reports ready");
    expect(writes()).to.deep.equal([]);
  });

  it("performs it: the worker group, then Kubernetes, each followed to its end", async () => {
    const run = succeeded(await stack.up({ env }));
    expect(writes()).to.deep.equal([`PUT ${shoot()}/workers/pool-a`, `PATCH ${shoot()}`]);
    expect(messagesOf(run, "web"))
      .to.contain("web: pool-a on gardenlinux 1592.14.0, 3 nodes verified")
      .and.to.contain("web: Kubernetes 1.33.7, 3 nodes verified");
    const { kubernetesVersion, state, workers } = await stack.outputs();
    expect([kubernetesVersion?.value, state?.value]).to.deep.equal(["1.33.7", "upToDate"]);
    expect(workers?.value).to.have.nested.property("pool-a.machineImage.version", "1592.14.0");
  });

  it("has Cleura prepare a minor in the update, not in the preview", async () => {
    sandbox.cleura.requests.length = 0;
    await stack.setConfig({ kubernetesVersion: "1.34" });
    expect(messagesOf(succeeded(await stack.preview({ env })), "web")).to.contain("CHANGELOG-1.34.md");
    expect(writes()).to.deep.equal([]);
    succeeded(await stack.up({ env }));
    // Pending at first, then requested again once the check reports ready.
    const prepare = `PUT ${shoot()}/upgrade/prepare`;
    expect(writes()).to.deep.equal([prepare, prepare, `PATCH ${shoot()}`]);
    expect((await stack.outputs())["kubernetesVersion"]?.value).to.equal("1.34.3");
  });

  it("finds nothing to do afterwards, also after a refresh", async () => {
    sandbox.cleura.requests.length = 0;
    succeeded(await stack.up({ env, expectNoChanges: true }));
    succeeded(await stack.refresh({ env }));
    succeeded(await stack.preview({ env, expectNoChanges: true }));
    expect(writes()).to.deep.equal([]);
  });

  it("undoes what Cleura has prepared where the upgrade is refused, and reports that", async () => {
    sandbox.cleura.requests.length = 0;
    await stack.setConfig({ kubernetesVersion: "1.35.2", machineImage: "1592.14.0" });
    const stop = sandbox.cleura.preparation.force("prepare", {
      outcome: "not_ready",
      details: ["Webhook x fails"],
    });
    const run = await stack.up({ env });
    stop();
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr).to.contain("Webhook x fails");
    expect(writes()).to.deep.equal([`PUT ${shoot()}/upgrade/prepare`, `PATCH ${shoot()}/upgrade/revert`]);
  });

  it("shows a cluster that is not ready as a problem of the plan, with Cleura's details", async () => {
    const stop = sandbox.cleura.preparation.force("check", {
      outcome: "not_ready",
      details: ["Webhook x fails"],
    });
    const run = await stack.preview({ env });
    stop();
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr)
      .to.contain("[GU044]")
      .and.to.contain("Webhook x fails");
  });

  it("continues with a new token when the old one expires in the middle of a rollout", async () => {
    sandbox.cleura.requests.length = 0;
    await stack.setConfig({ kubernetesVersion: "1.34.3", machineImage: "1877.3.0" });
    let died = false;
    const run = await stack.up({
      env: { ...env, CLEURA_API_PASSWORD: sandbox.cleura.password },
      onEvent: ({ diagnosticEvent }) => {
        if (died || diagnosticEvent?.message.includes("queued") !== true) return;
        died = true;
        sandbox.cleura.expireTokens();
      },
    });
    expect(messagesOf(succeeded(run), "web")).to.contain(
      "web: pool-a on gardenlinux 1877.3.0, 3 nodes verified",
    );
    expect(died).to.equal(true);
    expect(sandbox.cleura.requests.map(({ path: target }) => target)).to.include("/auth/v2/tokens");
  });

  it("stops managing the cluster without a call", async () => {
    sandbox.cleura.requests.length = 0;
    succeeded(await stack.destroy({ env }));
    expect(sandbox.cleura.requests).to.deep.equal([]);
  });

  it("keeps the token out of the state, and out of all messages", async () => {
    const state = JSON.stringify(await stack.exportState());
    expect(state).not.to.contain(sandbox.cleura.token).and.not.to.contain(sandbox.cleura.password);
  });
});
