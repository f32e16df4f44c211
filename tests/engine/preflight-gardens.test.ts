import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { manyShoots } from "../../sandbox/fixtures/demo";
import { textAt } from "../../sandbox/json";
import type { Stack } from "../../tools/engine/stack";
import { cleuraEnvironment } from "./cleuraEnvironment";
import { heal, offend } from "./offend";
import { messagesOf, setScene, SHOOTS, succeeded, type Scene } from "./scene";

const names = ["shoot-1", "shoot-2", "shoot-3"] as const;
const blocked =
  "preflight podDisruptionBudget: PodDisruptionBudget shop/cart: it allows no eviction at any time";
const waivers: gardener.WaiverArgs[] = [
  { check: "podDisruptionBudget", object: "shop/cart", until: "2999-12-31", reason: "moves in January" },
];

for (const [garden, isCleura] of [
  ["Gardener", false],
  ["Cleura", true],
] as const) {
  describe(`three Shoots on ${garden}: one that passes, one that is blocked, one with a waiver, on the real engine`, function () {
    this.timeout(240_000);
    let scene: Scene;
    let stack: Stack;
    let env: Readonly<Record<string, string>>;

    const program = (version: string) => (): Promise<Record<string, never>> => {
      const { cleura } = scene.sandbox;
      for (const name of names) {
        const preflight = {
          ...(isCleura && { access: "admin" as const }),
          ...(name === "shoot-3" && { waivers }),
        };
        new gardener.ShootVersions(name, {
          ...(cleura === undefined
            ? { shoot: { project: "demo", name } }
            : {
                shoot: { name },
                garden: { cleura: { region: cleura.region, projectId: cleura.projectId } },
              }),
          kubernetes: { version },
          preflight,
        });
      }
      return Promise.resolve({});
    };

    before(async () => {
      scene = await setScene({ world: manyShoots(3, 1), ...(isCleura && { cleura: true }) });
      stack = await scene.open({ program: program("1.33.4") });
      const { cleura } = scene.sandbox;
      env = cleura === undefined ? {} : await cleuraEnvironment(cleura, stack.folder);
      succeeded(await stack.up({ env }));
      await heal(scene.sandbox, "shoot-1");
      await offend(scene.sandbox, "shoot-3");
      stack.use(program("1.34"));
    });
    after(() => scene.close());

    async function versions(): Promise<readonly string[]> {
      const shoots = await Promise.all(names.map((name) => scene.garden.get(`${SHOOTS}/${name}`)));
      return shoots.map((shoot) => textAt(shoot, "spec", "kubernetes", "version"));
    }

    it("show in a preview what each of them has", async () => {
      const run = succeeded(await stack.preview({ env }));
      expect(messagesOf(run, "shoot-1"))
        .to.contain("shoot-1: preflight: nothing found")
        .and.to.contain("passed: podDisruptionBudget, drain, webhook, crd, apiService, removedApi, shoot");
      expect(messagesOf(run, "shoot-2")).to.contain("[GU071] warn podDisruptionBudget");
      expect(messagesOf(run, "shoot-3"))
        .to.contain("waived podDisruptionBudget: PodDisruptionBudget shop/cart")
        .and.to.contain("(until 2999-12-31: moves in January)");
    });

    it("fail a preview where one of them is blocked, by its name", async () => {
      await offend(scene.sandbox, "shoot-2");
      const run = await stack.preview({ env });
      expect(run.ok).to.equal(false);
      expect(run.stdout + run.stderr)
        .to.contain(`garden-demo/shoot-2: ${blocked}`)
        .and.not.to.contain(`garden-demo/shoot-3: ${blocked}`);
    });

    it("are upgraded by `pulumi up` but for the one, whose error stops no other", async () => {
      const run = await stack.up({ env, continueOnError: true });
      expect(run.ok).to.equal(false);
      expect(run.stdout + run.stderr)
        .to.contain(`[GU070] shoot-2: ${blocked}`)
        .and.to.contain("Nothing was written.")
        .and.not.to.contain("GU055");
      expect(await versions()).to.deep.equal(["1.34.3", "1.33.4", "1.34.3"]);
    });

    it("are all upgraded once the budget allows an eviction", async () => {
      await heal(scene.sandbox, "shoot-2");
      succeeded(await stack.up({ env }));
      expect(await versions()).to.deep.equal(["1.34.3", "1.34.3", "1.34.3"]);
    });
  });
}
