import { expect } from "chai";
import type { OfferedVersion } from "../../../provider/model/cloudprofile";
import type { Shoot } from "../../../provider/model/shoot";
import { maintenanceRun } from "../../../provider/plan/maintenanceRun";
import {
  aCloudProfile,
  aMaintenance,
  anImage,
  anImageVersion,
  aPool,
  aShoot,
  aVersion,
  NOW,
} from "../builders";

const past = "2026-10-01T00:00:00Z";
const run = (parts: Partial<Shoot>, profile = aCloudProfile()) => maintenanceRun(aShoot(parts), profile, NOW);
const kubernetesOnly = (...kubernetesVersions: readonly OfferedVersion[]) =>
  aCloudProfile({ kubernetesVersions, machineImages: [] });
const expired = (version: string) => aVersion(version, "supported", past);
const notYetAvailable = (version: string) => ({
  ...anImageVersion(version),
  lifecycle: [{ classification: "supported" as const, from: new Date("2027-06-01T00:00:00Z") }],
});
const automatic = aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: true } });

describe("a maintenance", () => {
  it("without changes has no refusal", () => {
    expect(run({})).to.deep.equal({ changes: [] });
  });

  it("changes images whichever of the CloudProfile's machine types the pool has", () => {
    const machineTypes = ["m5.large", "m5.xlarge"].map((name) => ({
      name,
      architecture: "amd64",
      capabilities: {},
    }));
    const { changes } = run({ maintenance: automatic }, aCloudProfile({ machineTypes }));
    expect(changes.map(({ kind }) => kind)).to.deep.equal(["kubernetes", "machineImage"]);
  });

  it("chooses among the versions of the pool's own image, as its update strategy allows", () => {
    const versions = [anImageVersion("15.4.1")];
    const other = anImage({ name: "suse-chost", updateStrategy: "patch", versions });
    const profile = aCloudProfile({ machineImages: [other, anImage()] });
    const image = run({ maintenance: automatic }, profile).changes.at(-1);
    expect(image).to.include({ kind: "machineImage", to: "1592.14.0", reason: "automatic" });
  });
});

describe("the maintenance of a pinned pool", () => {
  const workers = [aPool({ kubernetesVersion: "1.32.5" })];

  it("goes to a patch of the pool's own minor where there is one", () => {
    const profile = kubernetesOnly(expired("1.32.5"), aVersion("1.32.9"), aVersion("1.33.4"));
    expect(run({ workers }, profile).changes).to.deep.equal([
      { kind: "kubernetes", pool: "pool-a", from: "1.32.5", to: "1.32.9", reason: "expired", removes: [] },
    ]);
  });

  it("has no target where Gardener finds none, and then removes nothing", () => {
    const limitedFields = [{ path: "spec.field", removedIn: "1.33", pool: "pool-a" }];
    const profile = kubernetesOnly(expired("1.32.5"), aVersion("1.33.4", "preview"));
    expect(run({ workers, limitedFields }, profile).changes).to.deep.equal([
      { kind: "kubernetes", pool: "pool-a", from: "1.32.5", reason: "expired", removes: [] },
    ]);
  });
});

describe("the fields that a forced minor removes", () => {
  const forced = kubernetesOnly(expired("1.33.4"), aVersion("1.34.3"));

  it("contain those of a pool that follows the control plane", () => {
    const limitedFields = [{ path: "spec.field", removedIn: "1.34", pool: "pool-a" }];
    expect(run({ limitedFields }, forced).changes[0]?.removes).to.deep.equal(["spec.field"]);
  });

  it("do not contain one that no minor removes", () => {
    const limitedFields = [{ path: "spec.field", refusedIn: "1.40" }];
    expect(run({ limitedFields }, forced).changes[0]?.removes).to.deep.equal([]);
  });
});

describe("the API server's refusal of a maintenance", () => {
  const refusal = (parts: Partial<Shoot>, profile = aCloudProfile()) => run(parts, profile).refusal;
  const forced = kubernetesOnly(aVersion("1.32.9"), expired("1.33.4"), aVersion("1.34.3"));
  const locked = (pool: string) => [{ path: "spec.field", refusedIn: "1.34", pool }];

  it("concerns all changes, also beside one for which Gardener finds no version", () => {
    const versions = [anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.33" })];
    const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
    const { changes, refusal: found } = run({ maintenance: automatic }, profile);
    expect(changes.map(({ to }) => to)).to.deep.equal(["1.33.9", undefined]);
    expect(found).to.match(/runs kubelets < 1\.33 only, not 1\.33\.9$/);
  });

  it("is none where Gardener finds no version for any change", () => {
    const versions = [anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.33" })];
    const profile = aCloudProfile({ kubernetesVersions: [], machineImages: [anImage({ versions })] });
    const { changes, refusal: found } = run({}, profile);
    expect(changes).to.have.length(2);
    expect(found).to.equal(undefined);
  });

  it("is none for a field that a later minor removes", () => {
    const limitedFields = [{ path: "spec.field", removedIn: "1.40" }];
    expect(refusal({ limitedFields }, forced)).to.equal(undefined);
  });

  it("is none for a field of a pinned pool that stays on a minor which accepts it", () => {
    const workers = [aPool({ kubernetesVersion: "1.32.9" })];
    expect(refusal({ workers, limitedFields: locked("pool-a") }, forced)).to.equal(undefined);
  });

  it("names the control plane's version for a field of a pool that follows it, beside pinned pools", () => {
    const workers = [aPool({ name: "pinned", kubernetesVersion: "1.32.9" }), aPool()];
    expect(refusal({ workers, limitedFields: locked("pool-a") }, forced)).to.equal(
      "Kubernetes 1.34.3 does not accept the value of spec.field",
    );
  });

  it("names a pinned pool's new version for a field of that pool", () => {
    const profile = kubernetesOnly(expired("1.33.4"), aVersion("1.34.3"), aVersion("1.35.2"));
    const workers = [aPool({ name: "other" }), aPool({ kubernetesVersion: "1.33.4" })];
    expect(
      refusal({ kubernetesVersion: "1.35.2", workers, limitedFields: locked("pool-a") }, profile),
    ).to.equal("Kubernetes 1.34.3 does not accept the value of spec.field");
  });

  it("is none for an image version that is not available yet and does not change", () => {
    const profile = aCloudProfile({ machineImages: [anImage({ versions: [notYetAvailable("1592.10.0")] })] });
    expect(refusal({ maintenance: automatic }, profile)).to.equal(undefined);
    const workers = [aPool({ kubernetesVersion: "1.33.4" })];
    expect(refusal({ maintenance: automatic, workers }, profile)).to.equal(undefined);
  });

  it("is none for an image version that is not available yet where another pool's image changes", () => {
    const images = [anImage(), anImage({ name: "suse-chost", versions: [notYetAvailable("15.4.1")] })];
    const workers = [
      aPool(),
      aPool({ name: "suse", machineImage: { name: "suse-chost", version: "15.4.1" } }),
    ];
    const profile = aCloudProfile({ machineImages: images });
    expect(refusal({ maintenance: automatic, workers }, profile)).to.equal(undefined);
  });

  it("names why an image version does not suit rather than its availability where it does not change", () => {
    const version = { ...notYetAvailable("1592.10.0"), kubeletVersionConstraint: "< 1.33" };
    const profile = aCloudProfile({ machineImages: [anImage({ versions: [version] })] });
    expect(refusal({ maintenance: automatic }, profile)).to.match(/runs kubelets < 1\.33 only/);
  });
});
