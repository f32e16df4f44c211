import { expect } from "chai";
import * as path from "node:path";
import * as gardener from "pulumi-gardener";
import { startSandbox, type CleuraSandbox } from "../../sandbox/sandbox";
import { manyShoots } from "../../sandbox/fixtures/demo";
import { findEngine } from "../../tools/engine/engine";
import { openStack, type Stack } from "../../tools/engine/stack";
import { cleuraEnvironment } from "./cleuraEnvironment";
import { offend } from "./offend";
import { messagesOf, setScene, succeeded, type Scene } from "./scene";

const names = ["shoot-1", "shoot-2", "shoot-3"] as const;
const blocked = "[GU070] garden-demo/shoot-2: preflight podDisruptionBudget: PodDisruptionBudget shop/cart";

describe("the preflight checks of three Shoots, on the real engine", function () {
  this.timeout(180_000);
  let scene: Scene;
  let stack: Stack;

  const program =
    (version: string, preflight?: gardener.PreflightArgs) => (): Promise<Record<string, never>> => {
      for (const name of names) {
        new gardener.ShootVersions(name, {
          shoot: { project: "demo", name },
          kubernetes: { version },
          ...(name === "shoot-2" && preflight !== undefined && { preflight }),
        });
      }
      return Promise.resolve({});
    };

  before(async () => {
    scene = await setScene({ world: manyShoots(3, 1) });
    stack = await scene.open({ program: program("1.33.4") });
    succeeded(await stack.up());
  });
  after(() => scene.close());

  it("show a finding, and what has passed, for each of them", async () => {
    stack.use(program("1.34"));
    const run = succeeded(await stack.preview());
    for (const name of names) {
      expect(messagesOf(run, name))
        .to.contain(
          "[GU071] warn podDisruptionBudget: PodDisruptionBudget shop/cart: it allows no eviction now",
        )
        .and.to.contain("info drain: Deployment shop/search: it has one replica")
        .and.to.contain("passed: webhook, crd, apiService, removedApi, shoot");
    }
  });

  it("fail the preview of the Shoot with a budget that allows nothing", async () => {
    await offend(scene.sandbox, "shoot-2");
    const run = await stack.preview();
    expect([run.ok, (run.stdout + run.stderr).includes(blocked)]).to.deep.equal([false, true]);
  });

  it("stop nothing before a patch that drains no node", async () => {
    stack.use(program("1.33.7"));
    const run = succeeded(await stack.preview());
    expect(messagesOf(run, "shoot-2")).to.contain("passed: podDisruptionBudget, drain");
  });

  it("stop nothing under a waiver, which is shown with its reason", async () => {
    const waivers = [
      { check: "podDisruptionBudget", object: "shop/cart", until: "2999-12-31", reason: "moves in January" },
    ] as const;
    stack.use(program("1.34", { waivers: [...waivers] }));
    const run = succeeded(await stack.preview());
    expect(messagesOf(run, "shoot-2")).to.contain("(until 2999-12-31: moves in January)");
    succeeded(await stack.up());
    expect(scene.writes()).to.have.length(3);
  });
});

describe("examples/preflight, on the real engine", function () {
  this.timeout(120_000);

  it("upgrades under its waiver what is blocked without it, and returns the findings", async () => {
    const scene = await setScene();
    try {
      await offend(scene.sandbox, "web");
      const program = path.join(__dirname, "..", "..", "examples", "preflight");
      const stack = await scene.open({ program });
      succeeded(await stack.up());
      await stack.setConfig({ kubernetesVersion: "1.34" });
      const run = succeeded(await stack.preview());
      expect(messagesOf(run, "web"))
        .to.contain("waived podDisruptionBudget: PodDisruptionBudget shop/cart")
        .and.to.contain("(until 2999-12-31: the cart starts anew in seconds)")
        .and.to.contain("info drain: Deployment shop/search");
      succeeded(await stack.up());
      expect((await stack.outputs())["findings"]?.value).to.include(
        "block podDisruptionBudget shop/cart waived until 2999-12-31",
      );
    } finally {
      await scene.close();
    }
  });
});

describe("getPreflight, on the real engine", function () {
  this.timeout(120_000);

  it("returns the findings as data", async () => {
    const scene = await setScene();
    try {
      const stack = await scene.open({
        program: async () => ({
          found: await gardener.getPreflight({
            shoot: { project: "demo", name: "web" },
            kubernetes: { version: "1.34" },
          }),
        }),
      });
      succeeded(await stack.up());
      const found: unknown = (await stack.outputs())["found"]?.value;
      expect(found).to.have.property("blocks", false);
      expect(found).to.have.nested.property("findings[0].object.name", "shop/cart");
      expect(found)
        .to.have.nested.property("findings[0].fingerprint")
        .that.matches(/^[0-9a-f]{16}$/);
    } finally {
      await scene.close();
    }
  });
});

describe("the preflight checks on Cleura, on the real engine", function () {
  this.timeout(180_000);
  let sandbox: CleuraSandbox;
  let stack: Stack;
  let env: Readonly<Record<string, string>>;

  const program = (access?: gardener.Access) => () => {
    const preflight = access === undefined ? {} : { preflight: { access } };
    new gardener.ShootVersions("web", {
      shoot: { name: "web" },
      garden: { cleura: { region: sandbox.cleura.region, projectId: sandbox.cleura.projectId } },
      kubernetes: { version: "1.34" },
      adopt: "upgrade",
      ...preflight,
    });
    return Promise.resolve({});
  };

  before(async () => {
    sandbox = await startSandbox({ speed: 20, cleura: true });
    stack = await openStack({ program: program(), engine: await findEngine() });
    env = await cleuraEnvironment(sandbox.cleura, stack.folder);
  });
  after(async () => {
    await stack.close();
    await sandbox.stop();
  });

  it("are not visible without access, and nothing is read of the cluster", async () => {
    const run = succeeded(await stack.preview({ env }));
    expect(messagesOf(run, "web"))
      .to.contain("[GU072] not visible all checks: this garden issues kubeconfigs for administrators only")
      .and.not.to.contain("passed: pod");
  });

  it("find the same with an administrator's kubeconfig", async () => {
    stack.use(program("admin"));
    const run = succeeded(await stack.preview({ env }));
    expect(messagesOf(run, "web")).to.contain("PodDisruptionBudget shop/cart: it allows no eviction now");
  });
});
