import { expect } from "chai";
import type { UpgradePreparation } from "../../../../provider/garden/garden";
import { json, type ApiServer } from "../support/api-server";
import { failureOf } from "../support/failures";
import {
  cleuraScene,
  notFound,
  refusal,
  shootObject,
  shootPath,
  shootsPath,
  web,
  type CleuraScene,
} from "./scene";

describe("Cleura's upgrade check", () => {
  let scene: CleuraScene;
  let server: ApiServer;
  let preparation: UpgradePreparation;

  beforeEach(async () => {
    scene = await cleuraScene();
    ({ server } = scene);
    if (scene.garden.preparation === undefined) throw new Error("No preparation");
    preparation = scene.garden.preparation;
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`GET ${shootsPath}`, json([shootObject()]));
  });
  afterEach(() => scene.close());

  const steps = [
    ["check", "GET"],
    ["prepare", "PUT"],
    ["revert", "PATCH"],
  ] as const;

  for (const [step, method] of steps) {
    it(`sends the request to ${step} for the version`, async () => {
      const path = `${shootPath}/upgrade/${step}`;
      server.on(
        `${method} ${path}`,
        json({ outcome: "pending", details: ["soon"], upgrade_notes: "read me" }),
      );
      expect(await preparation[step](web, "1.34.3")).to.deep.equal({
        outcome: "pending",
        details: ["soon"],
        notes: "read me",
      });
      expect(server.requests.map((seen) => [seen.method, seen.path, seen.query, seen.body])).to.deep.equal([
        [method, path, { target_version: "1.34.3" }, ""],
      ]);
    });

    it(`reports the missing right to ${step}`, async () => {
      server.on(`${method} ${shootPath}/upgrade/${step}`, refusal(403, "You do not have the privilege"));
      await failureOf(preparation[step](web, "1.34.3"), "GU008");
    });
  }

  it("is not ready for a version that is refused, with Cleura's message", async () => {
    server.on(`GET ${shootPath}/upgrade/check`, refusal(400, "1.35.0 skips a minor"));
    expect(await preparation.check(web, "1.35.0")).to.deep.equal({
      outcome: "notReady",
      details: ["1.35.0 skips a minor"],
    });
  });

  it("has prepared nothing if it refuses", async () => {
    server.on(`PUT ${shootPath}/upgrade/prepare`, refusal(409, "The Shoot is being reconciled"));
    expect((await failureOf(preparation.prepare(web, "1.34.3"), "GU044")).message).to.equal(
      "Shoot web: Cleura refuses to prepare the upgrade: The Shoot is being reconciled.",
    );
  });

  it("distinguishes a server without upgrade checks from an unknown Shoot", async () => {
    expect((await failureOf(preparation.check(web, "1.34.3"), "GU018")).message).to.contain(
      'rollout: { prepare: "never" } to upgrade without it.',
    );
    server.on(`GET ${shootPath}`, notFound);
    server.on(`GET ${shootsPath}`, json([]));
    await failureOf(preparation.check(web, "1.34.3"), "GU010");
  });

  it("names an unknown outcome", async () => {
    server.on(`GET ${shootPath}/upgrade/check`, json({ outcome: "perhaps" }));
    expect((await failureOf(preparation.check(web, "1.34.3"), "GU013")).message).to.contain(
      'outcome is "perhaps"',
    );
  });
});
