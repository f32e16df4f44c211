import { expect } from "chai";
import type { PreflightCheck } from "../../provider/model/enums";
import { outcomeOf, ref, usePreflightScene, to137, type PreflightScene } from "./preflight-scene";
import { describeReal } from "./suite";
import { restore, withdraw } from "./viewers";

describeReal("The preflight checks on a real API server, with the rights of Gardener's viewers", () => {
  let scene: PreflightScene;
  let shoot: PreflightScene["shoot"];

  usePreflightScene((set) => {
    scene = set;
    shoot = scene.shoot;
  });

  it("pass in full where there is nothing to find", async () => {
    for (const more of [undefined, { access: "admin" } as const]) {
      const { checks, findings } = await scene.examine(more);
      expect(findings).to.deep.equal([]);
      expect(checks.map(({ outcome, notVisible }) => [outcome, notVisible])).to.deep.equal(
        checks.map(() => ["passed", []]),
      );
    }
  });

  /** What each check needs, without which it is not visible; the others, but those with the same need, pass. */
  const needs: readonly (readonly [PreflightCheck, string])[] = [
    ["podDisruptionBudget", "poddisruptionbudgets"],
    ["drain", "statefulsets"],
    ["webhook", "validatingwebhookconfigurations"],
    ["crd", "customresourcedefinitions"],
    ["apiService", "apiservices"],
    ["removedApi", "servicecidrs"],
    ["shoot", "nodes"],
  ];
  for (const [check, resource] of needs) {
    it(`are not visible, and not passed, without the right to list ${resource}: ${check}`, async () => {
      const more = check === "removedApi" ? to137 : {};
      const role = await withdraw(shoot, resource);
      const hidden = await scene.examineUntil((result) => outcomeOf(result, check) === "notVisible", more);
      expect(outcomeOf(hidden, check)).to.equal("notVisible");
      expect(hidden.checks.find((result) => result.check === check)?.notVisible.join()).to.contain(
        `the right to list ${resource}`,
      );
      if (check !== "shoot") expect(outcomeOf(hidden, "shoot")).to.equal("passed");
      await restore(shoot, role);
      await scene.examineUntil((result) => outcomeOf(result, check) === "passed", more);
    });
  }

  it("read whether a Shoot is a ManagedSeed from the real garden", async () => {
    expect(await scene.garden.isManagedSeed?.({ ...ref, namespace: "garden" })).to.equal(false);
  });

  it("may not read Secrets", async () => {
    const cluster = await scene.garden.openCluster(await scene.garden.getShoot(ref), "viewer");
    const signal = AbortSignal.timeout(10_000);
    const answer = await cluster?.list({ path: "/api/v1/secrets", resource: "secrets" }, signal);
    expect(answer).to.deep.equal({ kind: "notVisible", reason: "the right to list secrets is missing" });
  });
});
