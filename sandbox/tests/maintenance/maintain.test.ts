import { expect } from "chai";
import { at, type JsonMap, map } from "../../json";
import { maintain } from "../../maintenance/maintain";
import { report } from "../../maintenance/report";
import { pool, shootObject } from "../gardenlet/garden";

const NOW = new Date("2026-11-23T12:00:00Z");
const PAST = "2026-11-01T00:00:00Z";

function image(version: string, more: JsonMap = {}): JsonMap {
  return { version, architectures: ["amd64"], cri: [{ name: "containerd" }], ...more };
}

function profile(kubernetes: readonly JsonMap[], images: readonly JsonMap[] = [image("1592.10.0")]): JsonMap {
  return {
    kubernetes: { versions: [...kubernetes] },
    machineImages: [{ name: "gardenlinux", updateStrategy: "minor", versions: [...images] }],
    machineTypes: [{ name: "medium", architecture: "amd64" }],
  };
}

const versions = (shoot: JsonMap): readonly unknown[] => [
  at(shoot, "spec", "kubernetes", "version"),
  at(shoot, "spec", "provider", "workers", 0, "machine", "image", "version"),
];

describe("what the sandbox's maintenance makes of a Shoot", () => {
  it("chooses the patch and the image that the Shoot's settings allow, and reports them in Gardener's text", () => {
    const offered = profile(
      [{ version: "1.33.4" }, { version: "1.33.7" }, { version: "1.34.3" }],
      [image("1592.10.0"), image("1592.14.0"), image("1877.3.0")],
    );
    const maintained = maintain(shootObject(), offered, NOW);
    expect(versions(maintained.shoot)).to.deep.equal(["1.33.7", "1592.14.0"]);
    expect(report(maintained, [])).to.deep.equal({
      description:
        'All maintenance operations successful. Control Plane: Updated Kubernetes version from "1.33.4" to "1.33.7". Reason: Automatic update of Kubernetes version configured, ' +
        'Worker pool "pool-a": Updated machine image "gardenlinux" from "1592.10.0" to "1592.14.0". Reason: Automatic update of the machine image version is configured (image update strategy: minor)',
      failureReason: "",
    });
  });

  it("leaves everything as it is without automatic updates", () => {
    const autoUpdate = { kubernetesVersion: false, machineImageVersion: false };
    const offered = profile(
      [{ version: "1.33.4" }, { version: "1.33.7" }],
      [image("1592.10.0"), image("1592.14.0")],
    );
    const maintained = maintain(shootObject({ maintenance: { autoUpdate } }), offered, NOW);
    expect(versions(maintained.shoot)).to.deep.equal(["1.33.4", "1592.10.0"]);
    expect(maintained.controlPlane).to.equal(undefined);
    expect(maintained.poolImages).to.deep.equal([]);
  });

  it("forces what has expired, also without automatic updates", () => {
    const autoUpdate = { kubernetesVersion: false, machineImageVersion: false };
    const offered = profile(
      [{ version: "1.33.4", expirationDate: PAST }, { version: "1.34.3" }],
      [image("1592.10.0", { expirationDate: PAST }), image("1877.3.0")],
    );
    const maintained = maintain(shootObject({ maintenance: { autoUpdate } }), offered, NOW);
    expect(versions(maintained.shoot)).to.deep.equal(["1.34.3", "1877.3.0"]);
    const { description } = report(maintained, []);
    expect(description).to.contain("Reason: Kubernetes version expired - force update required");
    expect(description).to.contain(
      "Reason: Machine image version expired - force update required (image update strategy: minor)",
    );
  });

  it("treats a version that the CloudProfile does not have as expired", () => {
    const maintained = maintain(shootObject(), profile([{ version: "1.34.3" }]), NOW);
    expect(maintained.controlPlane).to.include({
      kind: "done",
      reason: "Version does not exist in CloudProfile",
    });
  });

  it("maintains a pinned pool on its own, never above the control plane", () => {
    const workers = [
      pool("pool-a", { kubernetes: { version: "1.32.9" } }),
      pool("pool-b", { kubernetes: { version: "1.33.1" } }),
      pool("pool-c"),
    ];
    const offered = profile([
      { version: "1.32.9", expirationDate: PAST },
      { version: "1.33.1", expirationDate: PAST },
      { version: "1.33.4" },
    ]);
    const { shoot, poolVersions } = maintain(shootObject({ provider: { workers } }), offered, NOW);
    expect(poolVersions.map(({ pool: name }) => name)).to.deep.equal(["pool-a", "pool-b"]);
    expect(at(shoot, "spec", "provider", "workers", 0, "kubernetes", "version")).to.equal("1.33.4");
    expect(at(shoot, "spec", "provider", "workers", 1, "kubernetes", "version")).to.equal("1.33.4");
    expect(at(shoot, "spec", "provider", "workers", 2, "kubernetes")).to.equal(undefined);
  });

  it("caps a pool's version at the control plane's", () => {
    const workers = [pool("pool-a", { kubernetes: { version: "1.32.9" } })];
    const maintenance = { autoUpdate: { kubernetesVersion: false, machineImageVersion: false } };
    const offered = profile([
      { version: "1.32.9", expirationDate: PAST },
      { version: "1.33.4" },
      { version: "1.33.7" },
    ]);
    const maintained = maintain(shootObject({ provider: { workers }, maintenance }), offered, NOW);
    expect(at(maintained.shoot, "spec", "provider", "workers", 0, "kubernetes", "version")).to.equal(
      "1.33.4",
    );
    expect(maintained.poolVersions[0]?.update).to.include({
      description: 'Updated Kubernetes version from "1.32.9" to "1.33.4"',
    });
  });

  it("holds images against the architecture, the CRI and the kubelet as it was", () => {
    const offered = profile(
      [{ version: "1.33.4" }],
      [
        image("1592.10.0"),
        image("1592.11.0"),
        image("1592.12.0", { kubeletVersionConstraint: ">= 1.34" }),
        image("1592.13.0", { architectures: ["arm64"] }),
        image("1592.14.0", { cri: [{ name: "docker" }] }),
      ],
    );
    expect(versions(maintain(shootObject(), offered, NOW).shoot)[1]).to.equal("1592.11.0");
  });

  it("removes what a forced minor forbids", () => {
    const shoot = shootObject({
      kubernetes: {
        version: "1.34.1",
        kubeAPIServer: { enableAnonymousAuthentication: true, watchCacheSizes: { default: 100 } },
        kubeScheduler: { kubeMaxPDVols: "30" },
      },
      addons: { kubernetesDashboard: { enabled: true } },
      dns: { providers: [{ type: "local", secretName: "s" }] },
    });
    const offered = profile([{ version: "1.34.1", expirationDate: PAST }, { version: "1.35.2" }]);
    const maintained = maintain(shoot, offered, NOW);
    expect(map(maintained.shoot.spec)).not.to.have.property("addons");
    expect(at(maintained.shoot, "spec", "kubernetes")).to.deep.equal({
      version: "1.35.2",
      kubeAPIServer: { watchCacheSizes: {} },
      kubeScheduler: {},
    });
    expect(at(maintained.shoot, "spec", "dns", "providers")).to.deep.equal([{ type: "local" }]);
    expect(maintained.removed.map((line) => line.split(" ")[0])).to.deep.equal([
      ".spec.kubernetes.kubeAPIServer.enableAnonymousAuthentication",
      ".spec.kubernetes.kubeScheduler.kubeMaxPDVols",
      ".spec.kubernetes.kubeAPIServer.watchCacheSizes.default",
      ".spec.addons",
      ".spec.dns.providers[0].secretName",
    ]);
  });

  it("reports what has failed and what has not", () => {
    const offered = profile(
      [{ version: "1.33.4", expirationDate: PAST }, { version: "1.35.2" }],
      [image("1592.10.0"), image("1592.14.0")],
    );
    const reported = report(maintain(shootObject(), offered, NOW), []);
    expect(reported.description).to.match(
      /^\(1\/2\) maintenance operations successful\. Control Plane: Kubernetes version update failed\. Reason for update: Kubernetes version expired - force update required, Worker pool "pool-a": Updated machine image/,
    );
    expect(reported.failureReason).to.equal(
      'Control Plane: Kubernetes maintenance failure due to: could not determine higher suitable version than "1.33.4": cannot perform forceful update of expired version "1.33.4". No suitable version found in CloudProfile - this is most likely a misconfiguration of the CloudProfile',
    );
  });
});
