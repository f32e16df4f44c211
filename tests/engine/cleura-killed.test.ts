import { expect } from "chai";
import type { Stack } from "../../tools/engine/stack";
import { killedUp, setMinorsOnCleura, type MinorsScene } from "./minors-scene";
import { succeeded } from "./scene";

const SHOOT = "/shoots/Sto2/";

describe("an upgrade over several minors on Cleura that is killed, on the real engine", function () {
  this.timeout(180_000);
  let scene: MinorsScene;
  let stack: Stack;
  afterEach(async () => {
    await stack.close();
    await scene.close();
  });

  /** The image, then each minor. */
  const ALL = ["PUT web/workers/pool-a", "PATCH web", "PATCH web"];

  for (const writes of [1, 2, 3]) {
    it(`is continued by the next run after write ${writes}, with no write and no replacement repeated`, async () => {
      const { cleura, env, ...set } = await setMinorsOnCleura("1.33.7");
      ({ scene, stack } = set);
      const { projectId, requests } = cleura;
      succeeded(await stack.up({ env }));
      requests.length = 0;
      scene.created.splice(0);
      /** Preparations and kubeconfigs are no versions. */
      const written = () =>
        requests
          .filter(({ method, path }) => method !== "GET" && path.includes(SHOOT))
          .map(
            ({ method, path }) => `${method} ${path.slice(path.indexOf(projectId) + projectId.length + 1)}`,
          )
          .filter((request) => ALL.includes(request));
      await killedUp(stack, () => written().length >= writes, env);
      succeeded(await stack.up({ env }));
      expect(written()).to.deep.equal(ALL);
      expect(scene.created).to.have.length(9);
      expect(await scene.web()).to.deep.equal({ kubernetes: "1.35.2", pins: {}, annotation: "" });
      expect((await stack.outputs())["state"]?.value).to.equal("upToDate");
    });
  }
});
