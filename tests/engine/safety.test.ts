import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { HOLD_ANNOTATION } from "../../provider/model/shoot";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import { worldOf } from "../../sandbox/fixtures/demo";
import { setScene, SHOOTS, succeeded, messagesOf, type Scene } from "./scene";

const upTo = (name: string, version: string, more: Partial<gardener.ShootVersionsArgs> = {}) =>
  new gardener.ShootVersions(name, {
    shoot: { project: "demo", name },
    kubernetes: { version },
    adopt: "upgrade",
    ...more,
  });

describe("what is never done, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;

  beforeEach(async () => {
    scene = await setScene({
      world: worldOf(["web", "api"]),
    });
  });
  afterEach(() => scene.close());

  const patches = () => scene.writes().filter((write) => write.startsWith("PATCH"));

  async function annotate(name: string, annotations: Record<string, string | null>): Promise<void> {
    await scene.garden.patch(`${SHOOTS}/${name}`, "merge", { metadata: { annotations } });
  }

  async function versionOf(name: string): Promise<unknown> {
    const { spec } = await scene.garden.get(`${SHOOTS}/${name}`);
    return spec;
  }

  it("continues after as many failures as gardener:maxFailedRollouts allows, and summarises the run", async () => {
    await annotate("web", { [FAULT_ANNOTATION]: "fail=ERR_INFRA_QUOTA_EXCEEDED" });
    const stack = await scene.open({
      config: { "gardener:maxConcurrentRollouts": "1", "gardener:maxFailedRollouts": "50%" },
      program: () => {
        for (const name of ["web", "api"]) upTo(name, "1.33.7");
        return Promise.resolve({});
      },
    });
    const run = await stack.up();
    expect(run.ok).to.equal(false);
    const [summary] = run.messages.filter(({ text }) => text.includes("of this stack"));
    expect(summary?.text).to.contain(
      "2 Shoots of this stack: 1 done, 1 failed\n  done: api\n  failed: web (",
    );
    await annotate("web", { [FAULT_ANNOTATION]: null, "gardener.cloud/operation": "retry" });
    await scene.sandbox.reconciled();
  });

  it("starts no further rollout after one has failed, and the next run continues", async () => {
    await annotate("web", { [FAULT_ANNOTATION]: "fail=ERR_INFRA_QUOTA_EXCEEDED" });
    await annotate("api", { [FAULT_ANNOTATION]: "fail=ERR_INFRA_QUOTA_EXCEEDED" });
    const stack = await scene.open({
      config: { "gardener:maxConcurrentRollouts": "1" },
      program: () => {
        const outputs = ["web", "api"].map((name) => {
          const { kubernetesVersion } = upTo(name, "1.33.7", { machineImage: { version: "1592.14.0" } });
          return [name, kubernetesVersion] as const;
        });
        return Promise.resolve(Object.fromEntries(outputs));
      },
    });
    const failed = await stack.up();
    expect(failed.ok).to.equal(false);
    expect(patches()).to.have.length(1);
    const text = failed.messages.map((message) => message.text).join("\n");
    expect(text).to.contain("[GU053]").and.to.contain("Quota exceeded").and.to.contain("maxSurge");
    expect(text).to.contain("[GU055]");
    expect(text).to.contain("2 Shoots of this stack: 1 failed, 1 not started\n  failed: ");
    expect(failed.stdout + failed.stderr).not.to.match(/^\s+at .*:\d+/m);

    for (const name of ["web", "api"]) {
      await annotate(name, { [FAULT_ANNOTATION]: null, "gardener.cloud/operation": "retry" });
    }
    await scene.sandbox.reconciled();
    succeeded(await stack.up());
    const { web, api } = await stack.outputs();
    expect([web?.value, api?.value]).to.deep.equal(["1.33.7", "1.33.7"]);
  });

  it("does not take a failed rollout for complete, neither at the next run nor after a refresh", async () => {
    const stack = await scene.open({
      program: () => {
        const { kubernetesVersion } = upTo("web", "1.33.7", { machineImage: { version: "1592.14.0" } });
        return Promise.resolve({ kubernetesVersion });
      },
    });
    await annotate("web", { [FAULT_ANNOTATION]: "fail=ERR_INFRA_QUOTA_EXCEEDED" });
    for (const refresh of [false, false, true]) {
      const run = await stack.up({ refresh });
      expect(run.ok).to.equal(false);
      expect(run.messages.map(({ text }) => text).join("\n")).to.contain("[GU053]");
    }
    expect(patches()).to.have.length(1);
  });

  it("skips a Shoot that is held by annotation without a failure, and reports why", async () => {
    await annotate("web", { [HOLD_ANNOTATION]: "migration until Friday" });
    const stack = await scene.open({ program: () => Promise.resolve({ web: upTo("web", "1.33.7").state }) });
    const run = succeeded(await stack.up());
    expect(messagesOf(run, "web")).to.contain("[GU045]").and.to.contain("migration until Friday");
    expect((await stack.outputs())["web"]?.value).to.equal("pending");
    expect(patches()).to.deep.equal([]);
  });

  it("leaves a renamed or removed resource's cluster as it is", async () => {
    const declared = (name: string) => () => {
      new gardener.ShootVersions(name, {
        shoot: { project: "demo", name: "web" },
        kubernetes: { version: "1.33.4" },
      });
      return Promise.resolve({});
    };
    const stack = await scene.open({ program: declared("web") });
    succeeded(await stack.up());
    const before = await versionOf("web");
    stack.use(declared("renamed"));
    expect(succeeded(await stack.up()).changes).to.deep.equal({ create: 2, delete: 2, same: 1 });
    stack.use(() => Promise.resolve({}));
    expect(succeeded(await stack.up()).changes).to.deep.equal({ delete: 2, same: 1 });
    expect(patches()).to.deep.equal([]);
    expect(await versionOf("web")).to.deep.equal(before);
  });

  it("adopts the other cluster when the program names another one, and touches neither", async () => {
    const naming = (name: string) => () => {
      const { shootUid } = new gardener.ShootVersions("cluster", {
        shoot: { namespace: "garden-demo", name },
        kubernetes: { version: "1.33" },
      });
      return Promise.resolve({ shootUid });
    };
    const stack = await scene.open({ program: naming("web") });
    succeeded(await stack.up());
    const first: unknown = (await stack.outputs())["shootUid"]?.value;
    stack.use(naming("api"));
    expect(succeeded(await stack.up()).changes).to.include({ replace: 1 });
    expect((await stack.outputs())["shootUid"]?.value).not.to.equal(first);
    expect(patches()).to.deep.equal([]);
  });

  it("writes a change to a confined Shoot and reports it as pending, not as done", async () => {
    await scene.garden.patch(`${SHOOTS}/web`, "merge", {
      spec: { maintenance: { confineSpecUpdateRollout: true } },
    });
    await scene.sandbox.reconciled();
    const stack = await scene.open({
      program: () => {
        const { kubernetesVersion, state } = upTo("web", "1.33.7");
        return Promise.resolve({ kubernetesVersion, state });
      },
    });
    const run = succeeded(await stack.up());
    expect(messagesOf(run, "web")).to.contain("maintenance window");
    const { kubernetesVersion, state } = await stack.outputs();
    expect([kubernetesVersion?.value, state?.value]).to.deep.equal(["1.33.4", "pending"]);
    succeeded(await stack.up({ expectNoChanges: true }));
  });

  it("waits out an Error that Gardener retries", async () => {
    await annotate("web", { [FAULT_ANNOTATION]: "error-once" });
    const stack = await scene.open({
      program: () =>
        Promise.resolve({
          v: upTo("web", "1.33.7", { machineImage: { version: "1592.14.0" } }).kubernetesVersion,
        }),
    });
    const run = succeeded(await stack.up());
    expect(messagesOf(run, "web")).to.contain("[GU059]").and.to.contain("verified");
  });

  it("returns as soon as the change is written with wait: false, and claims no success", async () => {
    await annotate("web", { [FAULT_ANNOTATION]: "stall" });
    const stack = await scene.open({
      program: () => {
        const args = { machineImage: { version: "1592.14.0" }, rollout: { wait: false } };
        const { kubernetesVersion, state } = upTo("web", "1.33.7", args);
        return Promise.resolve({ kubernetesVersion, state });
      },
    });
    succeeded(await stack.up());
    const { kubernetesVersion, state } = await stack.outputs();
    expect([kubernetesVersion?.value, state?.value]).to.deep.equal(["1.33.4", "inProgress"]);
    await annotate("web", { [FAULT_ANNOTATION]: null });
  });
});
