import { expect } from "chai";
import { CheckedShoots } from "../../../provider/lifecycle";
import { specVersions, pending } from "../../../provider/plan";
import { aRoute, aDeclaration, aShoot } from "../builders";

describe("the position of a rollout in its run", () => {
  const target = { ...specVersions(aShoot()), kubernetesVersion: "1.33.9" };
  const checked = (steps = pending(target, aShoot())) => ({
    urn: "",
    declaration: aDeclaration(),
    target,
    steps,
    later: [],
    route: aRoute(),
  });

  it("counts the Shoots for which steps are pending", () => {
    const shoots = new CheckedShoots();
    for (const uid of ["a", "b", "c"]) shoots.set(uid, checked());
    shoots.set("d", checked([]));
    expect(shoots.nextPosition()).to.deep.equal({ index: 1, total: 3 });
    expect(shoots.nextPosition()).to.deep.equal({ index: 2, total: 3 });
  });

  it("is never beyond the total, also for a rollout without a pending step", () => {
    expect(new CheckedShoots().nextPosition()).to.deep.equal({ index: 1, total: 1 });
  });
});
