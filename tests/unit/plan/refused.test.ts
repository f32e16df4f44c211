import { expect } from "chai";
import { poolsTooFarBehind } from "../../../provider/plan/skew";
import { aPool, aShoot, version } from "../builders";
import { planned, refused } from "./asking";

describe("pools too far behind the control plane", () => {
  it("are none that follow it", () => {
    expect(poolsTooFarBehind(aShoot(), "1.40.0")).to.deep.equal([]);
  });

  it("do not prevent an image where Kubernetes stays", () => {
    const workers = [aPool({ kubernetesVersion: "1.29.1" })];
    expect(
      planned({ machineImage: version("1877.3.0") }, { shoot: aShoot({ workers }) }).steps,
    ).to.have.length(1);
  });
});

describe("a plan for a hibernated Shoot", () => {
  const shoot = aShoot({ hibernation: { enabled: true, hibernated: true } });

  it("is refused for a minor", () => {
    const problems = refused({ kubernetes: version("1.34") }, { shoot });
    expect(problems).to.deep.equal([
      {
        code: "GU044",
        severity: "error",
        property: "kubernetes.version",
        message:
          "garden-demo/web is hibernated, and a minor upgrade (1.33.4 → 1.34.3) requires a running cluster; " +
          "wake it up first, or declare a patch of the minor that it runs.",
      },
    ]);
  });

  it("is not refused for a patch or an image", () => {
    const declared = { kubernetes: version("1.33"), machineImage: version("1877.3.0") };
    expect(planned(declared, { shoot }).steps).to.have.length(1);
  });
});

describe("a plan for an unknown worker pool", () => {
  it("suggests none where no name is near", () => {
    const [problem] = refused({ workers: { database: { machineImage: version("1877.3.0") } } });
    expect(problem?.message).to.equal('garden-demo/web has no worker pool "database". It has: pool-a.');
  });
});
