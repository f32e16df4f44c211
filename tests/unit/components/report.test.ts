import { expect } from "chai";
import { reportOutputs, type ResourceOutputs } from "../../../components/report";
import { plan } from "../../../provider/plan";
import type { RolloutState } from "../../../provider/model/enums";
import type { Shoot } from "../../../provider/model/shoot";
import { aCloudProfile, aDeclaration, aPool, aShoot, everyCapability, NOW, version } from "../builders";

const declared = aDeclaration({ kubernetes: version("1.33.9"), machineImage: version("1592.14.0") });

function planOn(shoot: Shoot, declaration = declared) {
  const planned = plan(declaration, shoot, aCloudProfile(), NOW, everyCapability);
  if (planned.kind === "refused") throw new Error("The plan is refused.");
  return planned.plan;
}

function upgraded(kubernetesVersion: string, image: string, state: RolloutState): ResourceOutputs {
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

describe("the outputs of a component after `up`", () => {
  const before = shootOn("1.33.4", "1592.10.0");

  it("are the versions that the resource has verified where the read is older", () => {
    const verified = upgraded("1.33.9", "1592.14.0", "upToDate");
    const { versions, state } = reportOutputs(planOn(before), before, verified);
    expect(state).to.equal("upToDate");
    expect(versions).to.deep.include({ kubernetesVersion: "1.33.9", workers: verified.workers });
  });

  it("are in progress where the read is older than the write", () => {
    const written = upgraded("1.33.4", "1592.10.0", "inProgress");
    expect(reportOutputs(planOn(before), before, written)).to.have.property("state", "inProgress");
  });

  it("are not below the versions that the resource has verified, also where these are newer than declared", () => {
    const floor = aDeclaration({ kubernetes: version("1.33.4"), machineImage: version("1592.10.0") });
    const verified = upgraded("1.33.9", "1592.14.0", "upToDate");
    const { versions } = reportOutputs(planOn(before, floor), before, verified);
    expect(versions).to.deep.include({ kubernetesVersion: "1.33.9" });
    expect(versions.workers["pool-a"]?.machineImage.version).to.equal("1592.14.0");
  });

  it("are the versions of the spec where Gardener has upgraded since", () => {
    const now = shootOn("1.33.9", "1592.14.0");
    const { versions } = reportOutputs(planOn(now), now, upgraded("1.33.4", "1592.10.0", "upToDate"));
    expect(versions.kubernetesVersion).to.equal("1.33.9");
    expect(versions.workers["pool-a"]?.machineImage.version).to.equal("1592.14.0");
  });

  it("are the versions of the spec and pending where a declared version is not reached", () => {
    const { versions, state } = reportOutputs(
      planOn(before),
      before,
      upgraded("1.33.4", "1592.10.0", "upToDate"),
    );
    expect([versions.kubernetesVersion, state]).to.deep.equal(["1.33.4", "pending"]);
  });

  it("are the versions of the spec where another user has lowered the image of a pool that is not managed", () => {
    const only = aDeclaration({ kubernetes: version("1.33.4") });
    const { versions } = reportOutputs(
      planOn(before, only),
      before,
      upgraded("1.33.4", "1592.14.0", "upToDate"),
    );
    expect(versions.workers["pool-a"]?.machineImage.version).to.equal("1592.10.0");
  });
});
