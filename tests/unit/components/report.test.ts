import { expect } from "chai";
import { reportOutputs, type ResourceOutputs } from "../../../components/report";
import { plan } from "../../../provider/plan";
import type { Shoot } from "../../../provider/model/shoot";
import { aCloudProfile, aDeclaration, aPool, aShoot, everyCapability, NOW, version } from "../builders";

const declared = aDeclaration({ kubernetes: version("1.33.9"), machineImage: version("1592.14.0") });

function planOn(shoot: Shoot, declaration = declared) {
  const planned = plan(declaration, shoot, aCloudProfile(), NOW, everyCapability);
  if (planned.kind === "refused") throw new Error("The plan is refused.");
  return planned.plan;
}

function settled(kubernetesVersion: string, image: string, state: string): ResourceOutputs {
  const machineImage = { name: "gardenlinux", version: image };
  return {
    shoot: "garden-demo/web",
    state,
    kubernetesVersion,
    workers: { "pool-a": { kubernetesVersion, machineImage } },
  };
}

function shootOn(kubernetesVersion: string, image: string): Shoot {
  const pool = aPool({ machineImage: { name: "gardenlinux", version: image } });
  return aShoot({ kubernetesVersion, workers: [pool] });
}

describe("what a component reports after `up`", () => {
  const before = shootOn("1.33.4", "1592.10.0");

  it("is what the resource has verified where the read is older than that", () => {
    const verified = settled("1.33.9", "1592.14.0", "upToDate");
    const { versions, state } = reportOutputs(planOn(before), before, verified);
    expect(state).to.equal("upToDate");
    expect(versions).to.deep.include({ kubernetesVersion: "1.33.9", workers: verified.workers });
  });

  it("is still in progress where the read does not know yet of what was written", () => {
    const written = settled("1.33.4", "1592.10.0", "inProgress");
    expect(reportOutputs(planOn(before), before, written)).to.have.property("state", "inProgress");
  });

  it("is not below what the resource has verified, also where that is beyond what is declared", () => {
    const floor = aDeclaration({ kubernetes: version("1.33.4"), machineImage: version("1592.10.0") });
    const verified = settled("1.33.9", "1592.14.0", "upToDate");
    const { versions } = reportOutputs(planOn(before, floor), before, verified);
    expect(versions).to.deep.include({ kubernetesVersion: "1.33.9" });
    expect(versions.workers["pool-a"]?.machineImage.version).to.equal("1592.14.0");
  });

  it("is live where Gardener has moved on since", () => {
    const now = shootOn("1.33.9", "1592.14.0");
    const { versions } = reportOutputs(planOn(now), now, settled("1.33.4", "1592.10.0", "upToDate"));
    expect(versions.kubernetesVersion).to.equal("1.33.9");
    expect(versions.workers["pool-a"]?.machineImage.version).to.equal("1592.14.0");
  });

  it("is live and pending where something is declared that the resource has not reached", () => {
    const { versions, state } = reportOutputs(
      planOn(before),
      before,
      settled("1.33.4", "1592.10.0", "upToDate"),
    );
    expect([versions.kubernetesVersion, state]).to.deep.equal(["1.33.4", "pending"]);
  });

  it("is live where a pool's image that is not managed was moved down by somebody else", () => {
    const only = aDeclaration({ kubernetes: version("1.33.4") });
    const { versions } = reportOutputs(
      planOn(before, only),
      before,
      settled("1.33.4", "1592.14.0", "upToDate"),
    );
    expect(versions.workers["pool-a"]?.machineImage.version).to.equal("1592.10.0");
  });
});
