import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { setScene, succeeded, type Scene } from "./scene";

describe("the kubeconfig output, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;

  beforeEach(async () => {
    scene = await setScene();
  });
  afterEach(() => scene.close());

  const program = () => {
    const web = new gardener.ShootVersions("web", {
      shoot: { project: "demo", name: "web" },
      kubernetes: { version: "1.33.4" },
    });
    return Promise.resolve({ kubeconfig: web.kubeconfig });
  };
  const failing = () =>
    scene.sandbox.garden.intercept(({ path }) =>
      path.includes("/configmaps/")
        ? {
            kind: "answer",
            code: 500,
            body: { kind: "Status", code: 500, message: "etcdserver: request timed out" },
          }
        : undefined,
    );

  it("stays the same when the address can no longer be read", async () => {
    const stack = await scene.open({ program });
    succeeded(await stack.up());
    const before = String((await stack.outputs())["kubeconfig"]?.value);
    expect(before).to.contain("https://127.0.0.1:");
    failing();
    succeeded(await stack.up({ expectNoChanges: true }));
    expect((await stack.outputs())["kubeconfig"]?.value).to.equal(before);
  });

  it("fails the run if the address was never known", async () => {
    const stack = await scene.open({ program });
    const heal = failing();
    const run = await stack.up();
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr).to.contain(
      "the address of its API, for the output kubeconfig, could not be read",
    );
    expect(JSON.stringify(await stack.exportState())).not.to.contain(".invalid");
    heal();
    succeeded(await stack.up());
    expect((await stack.outputs())["kubeconfig"]?.value).to.contain("https://127.0.0.1:");
  });
});
