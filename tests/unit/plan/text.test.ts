import { expect } from "chai";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { Declaration } from "../../../provider/model/declaration";
import { plan, planMessage } from "../../../provider/plan";
import {
  aCloudProfile,
  aCondition,
  aDeclaration,
  aLastOperation,
  aShoot,
  everyCapability,
  NOW,
  version,
} from "../builders";

const split = { ...everyCapability, combinedWrites: false };

function message(
  declared: Partial<Declaration>,
  options: {
    adopting?: boolean;
    brief?: boolean;
    isListed?: boolean;
    shoot?: ReturnType<typeof aShoot>;
    capabilities?: GardenCapabilities;
  } = {},
): string {
  const { adopting = false, brief, isListed, shoot = aShoot(), capabilities = everyCapability } = options;
  const planned = plan(aDeclaration(declared), shoot, aCloudProfile(), NOW, capabilities);
  return planMessage(shoot, planned, { adopting, brief, isListed }) ?? "";
}

const upgrade = { kubernetes: version("1.34"), machineImage: version("1877.3.0") };

describe("the message of a preview", () => {
  it("names what is pending, how, whether the cluster is ready, and the release notes", () => {
    expect(message(upgrade)).to.equal(
      [
        "web: Kubernetes 1.33.4 → 1.34.3 and gardenlinux 1592.10.0 → 1877.3.0 pending",
        "  Kubernetes 1.33.4 → 1.34.3 and gardenlinux 1592.10.0 → 1877.3.0 in one roll: pool-a, 3 nodes, 1 at a time",
        "  ready: last operation succeeded, all conditions healthy",
        "  notes for 1.34: https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.34.md",
        "  available: Kubernetes 1.35.2",
      ].join("\n"),
    );
  });

  it("names what is available, until when, and what Gardener will do, where nothing is pending", () => {
    expect(message({ kubernetes: version("1.33.4") })).to.equal(
      [
        "web: up to date",
        "  ready: last operation succeeded, all conditions healthy",
        "  Kubernetes 1.33.4 is deprecated until 2027-02-28",
        "  gardenlinux 1592.10.0 is deprecated until 2027-03-31",
        "  available: Kubernetes 1.33.9, 1.34.3; gardenlinux 1877.3.0, 1592.14.0",
        "  Gardener forces Kubernetes 1.33.4 → 1.33.9 from 2027-02-28 22:00 UTC on, because 1.33.4 expires on 2027-02-28",
        "  Gardener forces gardenlinux 1592.10.0 → 1592.14.0 in pool-a from 2027-03-31 22:00 UTC on, because 1592.10.0 expires on 2027-03-31",
      ].join("\n"),
    );
  });

  it("is empty for one of several Shoots that is up to date, which the message about all lists", () => {
    expect(message({ kubernetes: version("1.33.4") }, { brief: true, isListed: true })).to.equal("");
  });

  it("is one line for one of several Shoots that is up to date, where the program has no plan of it", () => {
    expect(message({ kubernetes: version("1.33.4") }, { brief: true })).to.equal("web: up to date");
  });

  it("is one line for one of several Shoots where nothing is to be written and it is not up to date", () => {
    const processing = aShoot({ lastOperation: aLastOperation({ state: "Processing", progress: 42 }) });
    expect(
      message({ kubernetes: version("1.33.4") }, { brief: true, isListed: true, shoot: processing }),
    ).to.equal("web: nothing to write; Gardener reconciles the Shoot (Reconcile, 42 %)");
    const failed = aShoot({ lastOperation: aLastOperation({ state: "Failed" }) });
    expect(
      message({ kubernetes: version("1.33.4") }, { brief: true, isListed: true, shoot: failed }),
    ).to.equal("web: declared versions written, rollout failed");
  });

  it("reports that an adoption writes nothing and the next run does", () => {
    expect(message(upgrade, { adopting: true })).to.contain(
      'this `pulumi up` adopts the Shoot and writes nothing; the next one performs the upgrade (adopt: "upgrade" does both at once)',
    );
    expect(message({ kubernetes: version("1.33.4") }, { adopting: true })).not.to.contain("takes over");
  });

  it("does not repeat warnings, and reports that there are some", () => {
    const shoot = aShoot({ lastOperation: aLastOperation({ state: "Failed" }) });
    const text = message(upgrade, { shoot });
    expect(text).to.contain("not ready: see the warnings");
    expect(text).not.to.contain("has failed");
  });

  it("reports that Gardener reconciles what is written", () => {
    const lastOperation = aLastOperation({ state: "Processing", progress: 42 });
    const [first] = message({ kubernetes: version("1.33.4") }, { shoot: aShoot({ lastOperation }) }).split(
      "\n",
    );
    expect(first).to.equal("web: nothing to write; Gardener reconciles the Shoot (Reconcile, 42 %)");
    const [unseen] = message({ kubernetes: version("1.33.4") }, { shoot: aShoot({ generation: 4 }) }).split(
      "\n",
    );
    expect(unseen).to.equal("web: nothing to write; Gardener has not started to reconcile the last change");
  });

  it("does not call a failed rollout up to date", () => {
    const shoot = aShoot({ lastOperation: aLastOperation({ state: "Failed" }) });
    const [first, second] = message({ kubernetes: version("1.33.4") }, { shoot }).split("\n");
    expect(first).to.equal("web: declared versions written, rollout failed");
    expect(second).to.equal("  Kubernetes 1.33.4 is deprecated until 2027-02-28");
  });

  it("does not report a newer version where that is accepted", () => {
    expect(message({ kubernetes: version("1.32"), whenNewer: "accept" })).not.to.contain("declared");
  });

  it("lists all problems of a plan that is refused", () => {
    expect(
      message({ kubernetes: version("1.36"), machineImage: version("1600.0.0") }).split("\n"),
    ).to.have.length(3);
  });

  it("numbers the steps where there are several", () => {
    const text = message(upgrade, { capabilities: split }).split("\n");
    expect(text[0]).to.equal(
      "web: gardenlinux 1592.10.0 → 1877.3.0, then Kubernetes 1.33.4 → 1.34.3 pending",
    );
    expect(text.slice(1, 3)).to.deep.equal([
      "  1/2 gardenlinux 1592.10.0 → 1877.3.0: pool-a, 3 nodes, 1 at a time",
      "  2/2 Kubernetes 1.33.4 → 1.34.3: pool-a, 3 nodes, 1 at a time",
    ]);
  });

  it("reports an operation in progress once", () => {
    const conditions = [aCondition({ status: "False", message: "node-1 is not ready." })];
    const lastOperation = aLastOperation({ state: "Processing", progress: 42 });
    const text = message({ kubernetes: version("1.33.4") }, { shoot: aShoot({ lastOperation, conditions }) });
    expect(text.split("\n").slice(0, 2)).to.deep.equal([
      "web: nothing to write; Gardener reconciles the Shoot (Reconcile, 42 %)",
      "  Kubernetes 1.33.4 is deprecated until 2027-02-28",
    ]);
  });

  it("has no line about readiness where nothing is pending and a condition is unhealthy", () => {
    const conditions = [aCondition({ status: "False", message: "node-1 is not ready." })];
    const text = message({ kubernetes: version("1.33.4") }, { shoot: aShoot({ conditions }) });
    expect(text.split("\n").slice(0, 2)).to.deep.equal([
      "web: up to date",
      "  condition EveryNodeReady is False (node-1 is not ready)",
    ]);
  });

  it("has no line about readiness where an upgrade is pending and an operation runs", () => {
    const lastOperation = aLastOperation({ state: "Processing", progress: 42, description: "" });
    const text = message({ kubernetes: version("1.33") }, { shoot: aShoot({ lastOperation }) });
    expect(text.split("\n")[2]).to.equal("  Reconcile in progress, 42 %");
    expect(text).not.to.contain("ready:");
  });

  it("is not ready where one of several obstacles is a warning", () => {
    const conditions = [aCondition({ status: "False" })];
    const lastOperation = aLastOperation({ state: "Processing" });
    expect(message(upgrade, { shoot: aShoot({ lastOperation, conditions }) })).to.contain("not ready: see");
  });
});
