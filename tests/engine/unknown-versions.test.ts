/** A version that a preview does not know, since it comes from a rollout that is not complete. */
import * as path from "node:path";
import * as gardener from "pulumi-gardener";
import { worldOf } from "../../sandbox/fixtures/demo";
import type { Stack } from "../../tools/engine/stack";
import { setScene, succeeded, type Scene } from "./scene";

const names = ["web", "api", "shop"] as const;

describe("a declared version that is not known in a preview, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;
  let version = "1.33.4";

  const program = () => {
    const declare = (name: string, own: Partial<gardener.ShootVersionsArgs>) =>
      new gardener.ShootVersions(name, { shoot: { project: "demo", name }, kubernetes: { version }, ...own });
    const web = declare("web", {});
    const api = declare("api", { kubernetes: { version: web.completedAt.apply(() => version) } });
    declare("shop", { rollout: { after: [api.completedAt] } });
    return Promise.resolve({});
  };

  before(async () => {
    scene = await setScene({
      world: worldOf(names),
    });
    stack = await scene.open({ program });
    succeeded(await stack.up());
    version = "1.33.7";
  });
  after(() => scene.close());

  it("is kept to by `pulumi up` with the saved plan", async () => {
    const plan = path.join(stack.folder, "plan.json");
    succeeded(await stack.preview({ savePlan: plan }));
    succeeded(await stack.up({ plan }));
  });
});
