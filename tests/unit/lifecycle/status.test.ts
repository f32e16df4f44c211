import { expect } from "chai";
import { mayBeWrittenByUs } from "../../../provider/lifecycle/status";
import { awaitsWindow } from "../../../provider/model/operation";
import { FIELD_MANAGER, type FieldOwner } from "../../../provider/model/shoot";
import { specVersions } from "../../../provider/plan";
import { aLastOperation, aMaintenance, aShoot } from "../builders";

const field = "spec.kubernetes.version";
const operated = new Date("2026-11-23T01:00:00Z");
const later = new Date("2026-11-23T01:00:01Z");

function owner(manager: string, time?: Date, owned = field): FieldOwner {
  return { manager, operation: "Update", field: owned, ...(time && { time }) };
}

describe("a version in the spec", () => {
  const before = specVersions(aShoot());
  const raised = (owners: readonly FieldOwner[] | undefined) =>
    aShoot({ kubernetesVersion: "1.33.9", owners });

  it("may be written by us where our field manager owns it, among others", () => {
    const owners = [owner("kubectl", undefined, "spec.purpose"), owner(FIELD_MANAGER)];
    expect(mayBeWrittenByUs(before, raised(owners))).to.equal(true);
    expect(mayBeWrittenByUs(undefined, raised(owners))).to.equal(true);
  });

  it("is not written by us where we own another field only", () => {
    expect(mayBeWrittenByUs(before, raised([owner(FIELD_MANAGER, undefined, "spec.other")]))).to.equal(false);
  });

  it("is not written by the provider where another manager owns it", () => {
    expect(mayBeWrittenByUs(before, raised([owner("kubectl")]))).to.equal(false);
    expect(mayBeWrittenByUs(undefined, raised([owner("kubectl")]))).to.equal(false);
  });

  it("may be written by us where owners are not reported and it differs, or what ran is not known", () => {
    expect(mayBeWrittenByUs(before, raised(undefined))).to.equal(true);
    expect(mayBeWrittenByUs(undefined, raised(undefined))).to.equal(true);
    expect(mayBeWrittenByUs(before, aShoot({ owners: undefined }))).to.equal(false);
  });
});

describe("a change that waits for the maintenance window", () => {
  const confined = aMaintenance({ confineSpecUpdateRollout: true });
  const shoot = (owners: readonly FieldOwner[] | undefined) =>
    aShoot({ maintenance: confined, lastOperation: aLastOperation({ lastUpdateTime: operated }), owners });

  it("is one that we wrote after the last operation", () => {
    const others = owner("kubectl", operated);
    expect(awaitsWindow(shoot([others, owner(FIELD_MANAGER, later)]))).to.equal(true);
  });

  it("is none that we wrote before it, or at a time that is not known", () => {
    expect(awaitsWindow(shoot([owner(FIELD_MANAGER, operated)]))).to.equal(false);
    expect(awaitsWindow(shoot([owner(FIELD_MANAGER)]))).to.equal(false);
  });

  it("is not another manager's", () => {
    expect(awaitsWindow(shoot([owner("kubectl", later)]))).to.equal(false);
    expect(awaitsWindow(shoot(undefined))).to.equal(false);
  });

  it("does not exist where the Shoot does not confine changes, or was never operated on", () => {
    const owners = [owner(FIELD_MANAGER, later)];
    expect(awaitsWindow(aShoot({ owners }))).to.equal(false);
    expect(awaitsWindow(aShoot({ owners, maintenance: confined, lastOperation: undefined }))).to.equal(false);
  });
});
