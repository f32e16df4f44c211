import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { isRecord } from "../../provider/model/json";
import { worldOf } from "../../sandbox/fixtures/demo";
import type { Stack } from "../../tools/engine/stack";
import { setScene, succeeded, type Scene } from "./scene";

const upgrade = "pulumi-nodejs:dynamic/gardener:RollingUpgrade";

describe("resource options of ShootVersions, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;

  before(async () => {
    scene = await setScene({ world: worldOf(["web", "shop"]) });
  });
  after(() => scene.close());

  const args = { shoot: { project: "demo", name: "web" }, kubernetes: { version: "1.33.4" } };

  it("reach the resource: customTimeouts and protect", async () => {
    const stack = await scene.open({
      program: () => {
        new gardener.ShootVersions("web", args, {
          customTimeouts: { create: "1h", update: "2h" },
          protect: true,
        });
        return Promise.resolve({});
      },
    });
    succeeded(await stack.up());
    const found = await resourceOf(stack, upgrade);
    expect(found).to.deep.include({ protect: true });
    expect(found).to.have.property("customTimeouts").that.includes({ create: 3600, update: 7200 });
    expect((await stack.destroy()).ok).to.equal(false);
  });

  it("let a child of the component wait for its outputs, where an argument is an output", async () => {
    const stack = await scene.open({
      program: () => {
        const kubernetes = { version: pulumi.output("1.33.4") };
        const web = new gardener.ShootVersions("web", { ...args, kubernetes });
        const shop = { shoot: { project: "demo", name: "shop" } };
        const version = web.kubernetesVersion;
        new gardener.RollingUpgrade("shop", { ...shop, kubernetes: { version } }, { parent: web });
        return Promise.resolve({});
      },
    });
    succeeded(await stack.up());
  });

  it("go with the arguments as they are when the component is created", async () => {
    const stack = await scene.open({
      program: async () => {
        const changing = structuredClone(args);
        new gardener.ShootVersions("web", changing);
        await new Promise((resolve) => setImmediate(resolve));
        changing.shoot.name = "shop";
        return {};
      },
    });
    succeeded(await stack.up());
    expect(await resourceOf(stack, upgrade))
      .to.have.nested.property("outputs.shoot")
      .that.equals("garden-demo/web");
  });

  it("leave the component its position in the program", async () => {
    const stack = await scene.open({
      program: () => {
        new gardener.ShootVersions("web", args);
        return Promise.resolve({});
      },
    });
    succeeded(await stack.up());
    const found = await resourceOf(stack, "gardener:index:ShootVersions");
    expect(found).to.have.property("sourcePosition").that.contains(path.basename(__filename));
  });
});

async function resourceOf(stack: Stack, type: string): Promise<unknown> {
  const state: unknown = (await stack.exportState()).deployment;
  const resources = isRecord(state) && Array.isArray(state["resources"]) ? state["resources"] : [];
  return resources.find((one: unknown) => isRecord(one) && one["type"] === type);
}

describe("a RollingUpgrade of its own, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;

  before(async () => {
    scene = await setScene();
  });
  after(() => scene.close());

  it("adopts and upgrades, with messages at its own row", async () => {
    const versioned = (version: string) => () => {
      const web = new gardener.RollingUpgrade("web", {
        shoot: { project: "demo", name: "web" },
        kubernetes: { version },
      });
      return Promise.resolve({ id: web.id, kubernetesVersion: web.kubernetesVersion, state: web.state });
    };
    const stack = await scene.open({ program: versioned("1.33.4") });
    succeeded(await stack.up());
    stack.use(versioned("1.33.7"));
    const preview = succeeded(await stack.preview());
    const rows = preview.messages.filter(({ text }) => text.includes("1.33.4 → 1.33.7"));
    expect(rows.map(({ urn }) => urn)).to.deep.equal([`urn:pulumi:test::test::${upgrade}::web`]);
    succeeded(await stack.up());
    const { id, kubernetesVersion, state } = await stack.outputs();
    expect([id?.value, kubernetesVersion?.value, state?.value]).to.deep.equal([
      "garden-demo/web",
      "1.33.7",
      "upToDate",
    ]);
    const found = await resourceOf(stack, upgrade);
    expect(found, "position in the program")
      .to.have.property("sourcePosition")
      .that.contains(path.basename(__filename));
  });
});
