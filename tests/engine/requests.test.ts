import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { manyShoots } from "../../sandbox/fixtures/demo";
import type { Stack } from "../../tools/engine/stack";
import { setScene, SHOOTS, succeeded, type Scene } from "./scene";

const COUNT = 12;
const CORE = "/apis/core.gardener.cloud/v1beta1";

describe("the requests for twelve Shoots of a project, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;
  let version: string;

  before(async () => {
    scene = await setScene({ world: manyShoots(COUNT, 1) });
    stack = await scene.open({
      program: () => {
        for (let number = 1; number <= COUNT; number++) {
          new gardener.ShootVersions(`shoot-${String(number)}`, {
            shoot: { project: "demo", name: `shoot-${String(number)}` },
            kubernetes: { version },
          });
        }
        return Promise.resolve();
      },
    });
    version = "1.33.4";
    succeeded(await stack.up());
  });
  after(() => scene.close());

  beforeEach(() => scene.calls.forget());

  /**
   * By method and path, the names of Shoots left out. The provider's process reads the first Shoot by itself if its
   * check comes before the program has announced the list: three single reads, or four.
   */
  function counted(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const call of scene.calls.all()) {
      const request = call.replace(/(shoots|configmaps)\/[^/]+(\/viewerkubeconfig)?$/, "$1/NAME$2");
      counts[request] = (counts[request] ?? 0) + 1;
    }
    const single = `GET ${SHOOTS}/NAME`;
    const { [single]: reads, ...lists } = counts;
    expect(reads, single).to.be.within(3, 4);
    return lists;
  }

  /**
   * Once in the program's process and once in the provider's; the program reads the first three Shoots as they come. The address
   * of one API server is read by the provider's process.
   */
  const shared = {
    [`GET ${CORE}/projects/demo`]: 2,
    [`GET ${SHOOTS}`]: 2,
    [`GET ${CORE}/cloudprofiles/sandbox`]: 2,
    "GET /api/v1/namespaces/garden-demo/configmaps": 1,
    "GET /api/v1/namespaces/garden-demo/configmaps/NAME": 4,
  };

  it("are lists, one dry run and one kubeconfig for the preflight checks per Shoot in a preview of a pending minor", async () => {
    version = "1.34";
    succeeded(await stack.preview());
    expect(counted()).to.deep.equal({
      ...shared,
      [`PATCH ${SHOOTS}/NAME`]: COUNT,
      [`POST ${SHOOTS}/NAME/viewerkubeconfig`]: COUNT,
    });
  });

  it("are lists in a preview where nothing is pending", async () => {
    version = "1.33.4";
    succeeded(await stack.preview());
    expect(counted()).to.deep.equal(shared);
  });

  it("are lists in an update where nothing is pending", async () => {
    version = "1.33.4";
    succeeded(await stack.up({ expectNoChanges: true }));
    expect(counted()).to.deep.equal(shared);
  });

  it("are a list and three reads in a refresh", async () => {
    succeeded(await stack.refresh());
    expect(counted()).to.deep.equal({ [`GET ${SHOOTS}`]: 1 });
  });
});
