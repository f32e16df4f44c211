import { expect } from "chai";
import type { LimitedField } from "../../../provider/model/removals";
import { aPool, aShoot, version } from "../builders";
import { planned, refused } from "./asking";

const addons: LimitedField = {
  path: "spec.addons",
  removedIn: "1.35",
  instead: "remove it, and install the addons yourself",
};
const secretName: LimitedField = {
  path: "spec.dns.providers[0].secretName",
  value: '"route53"',
  removedIn: "1.35",
  instead: "set credentialsRef in its place",
  since: "1.139.0",
};
const to = (text: string) => ({ kubernetes: version(text) });
const running = (...limitedFields: readonly LimitedField[]) => ({ shoot: aShoot({ limitedFields }) });

describe("a field that a minor on the way forbids", () => {
  it("is refused before the first write, with the field, its value and what to set instead", () => {
    expect(refused(to("1.35"), running(secretName, addons))).to.deep.equal([
      {
        code: "GU065",
        severity: "error",
        property: "kubernetes.version",
        message:
          'garden-demo/web: Kubernetes 1.35 does not have spec.dns.providers[0].secretName ("route53"), and Gardener ' +
          "would refuse the upgrade; set credentialsRef in its place, then run `pulumi preview` again.",
      },
      {
        code: "GU065",
        severity: "error",
        property: "kubernetes.version",
        message:
          "garden-demo/web: Kubernetes 1.35 does not have spec.addons, and Gardener would refuse the upgrade; " +
          "remove it, and install the addons yourself, then run `pulumi preview` again.",
      },
    ]);
  });

  it("does not matter to an upgrade that ends below the minor, or begins in it", () => {
    expect(planned(to("1.34"), running(addons)).steps).to.have.length(1);
    const shoot = aShoot({ kubernetesVersion: "1.35.0", limitedFields: [addons] });
    expect(planned(to("1.35"), { shoot }).steps).to.have.length(1);
  });

  it("may be one whose value the minor does not accept", () => {
    const nodeSwap: LimitedField = {
      path: "spec.kubernetes.kubeScheduler.featureGates.NodeSwap",
      value: "false",
      refusedIn: "1.34",
      instead: "remove it, or set it to true",
    };
    expect(refused(to("1.35"), running(nodeSwap))[0]?.message).to.contain(
      "Kubernetes 1.34 does not accept spec.kubernetes.kubeScheduler.featureGates.NodeSwap (false), and Gardener " +
        "would refuse the upgrade; remove it, or set it to true, then",
    );
  });

  it("is judged by the release of Gardener, where that is known", () => {
    const on = (gardenerVersion: string | undefined) => ({
      shoot: aShoot({ limitedFields: [secretName], gardenerVersion }),
    });
    for (const release of ["v1.138.2", "1.136.0"]) {
      expect(planned(to("1.35"), on(release)).steps, release).not.to.have.length(0);
    }
    for (const release of ["v1.139.0", "v1.139.0-dev", "v1.150.0", undefined, "unknown"]) {
      expect(refused(to("1.35"), on(release))[0]?.code, release).to.equal("GU065");
    }
  });

  it("of a worker pool is judged by the pool's own version", () => {
    const field: LimitedField = {
      ...addons,
      path: "spec.provider.workers[gpu].kubernetes.kubelet.x",
      pool: "gpu",
    };
    const pools = [aPool(), aPool({ name: "gpu", kubernetesVersion: "1.33.4" })];
    const shoot = aShoot({ kubernetesVersion: "1.34.3", workers: pools, limitedFields: [field] });
    expect(planned(to("1.35"), { shoot }).steps).to.have.length(1);
    const follows = aShoot({
      kubernetesVersion: "1.34.3",
      workers: [aPool(), aPool({ name: "gpu" })],
      limitedFields: [field],
    });
    expect(refused(to("1.35"), { shoot: follows })[0]?.code).to.equal("GU065");
  });
});
