import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { forecast } from "../../../provider/plan/forecast";
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

const asking = aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: true } });
const about = (parts: Partial<Shoot>, profile = aCloudProfile(), now = NOW) =>
  forecast(aShoot(parts), profile, now);

describe("the forecast", () => {
  it("names what happens in the next maintenance window", () => {
    const notBefore = "2026-11-23T22:00:00.000Z";
    expect(about({ maintenance: asking })).to.deep.equal([
      { kind: "kubernetes", from: "1.33.4", to: "1.33.9", reason: "automatic", removes: [], notBefore },
      {
        kind: "machineImage",
        pool: "pool-a",
        machineImage: "gardenlinux",
        from: "1592.10.0",
        to: "1592.14.0",
        reason: "automatic",
        removes: [],
        notBefore,
      },
    ]);
  });

  it("names what is forced in the first window after the expiry", () => {
    const found = about({}).map(({ to, reason, expires, notBefore }) => [to, reason, expires, notBefore]);
    expect(found).to.deep.equal([
      ["1.33.9", "expired", "2027-02-28T00:00:00.000Z", "2027-02-28T22:00:00.000Z"],
      ["1592.14.0", "expired", "2027-03-31T00:00:00.000Z", "2027-03-31T22:00:00.000Z"],
    ]);
  });

  it("takes the next window where this one's maintenance is over", () => {
    const lastMaintenance = {
      description: "",
      state: "Succeeded",
      triggeredTime: new Date("2026-11-23T22:05:00Z"),
    };
    const [first] = about(
      { maintenance: asking, lastMaintenance },
      aCloudProfile(),
      new Date("2026-11-23T22:20:00Z"),
    );
    expect(first?.notBefore).to.equal("2026-11-24T22:00:00.000Z");
  });

  it("caps a pinned pool at what the control plane runs", () => {
    const profile = aCloudProfile({ kubernetesVersions: [aVersion("1.33.4"), aVersion("1.33.9")] });
    const pinned = aPool({ kubernetesVersion: "1.33.2" });
    const [pool] = about({ workers: [pinned] }, profile);
    expect(pool).to.include({
      kind: "kubernetes",
      pool: "pool-a",
      from: "1.33.2",
      to: "1.33.4",
      reason: "removed",
    });
  });

  it("lets a pinned pool follow the control plane in the same window", () => {
    const found = about({ maintenance: asking, workers: [aPool({ kubernetesVersion: "1.33.4" })] });
    expect(found.filter(({ kind }) => kind === "kubernetes").map(({ to }) => to)).to.deep.equal([
      "1.33.9",
      "1.33.9",
    ]);
  });

  it("checks images against the kubelets before the maintenance, not after it", () => {
    const versions = [
      anImageVersion("1592.10.0"),
      anImageVersion("1592.11.0", { kubeletVersionConstraint: "< 1.33.9" }),
    ];
    const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
    expect(about({ maintenance: asking }, profile).map(({ to }) => to)).to.deep.equal([
      "1.33.9",
      "1592.11.0",
    ]);
  });

  it("has no target where Gardener finds none", () => {
    const profile = aCloudProfile({ kubernetesVersions: [aVersion("1.35.2")], machineImages: [] });
    expect(about({}, profile)).to.deep.equal([
      {
        kind: "kubernetes",
        from: "1.33.4",
        reason: "removed",
        removes: [],
        notBefore: "2026-11-23T22:00:00.000Z",
      },
    ]);
  });

  it("is dated without a window as well", () => {
    const maintenance = aMaintenance({ timeWindow: undefined });
    expect(about({ maintenance })[0]?.notBefore).to.equal("2027-02-28T00:00:00.000Z");
  });

  /** 1.33.4 has expired, and its minor has nothing newer. */
  const forcedTo134 = aCloudProfile({
    kubernetesVersions: [aVersion("1.33.4", "deprecated", "2026-10-01T00:00:00Z"), aVersion("1.34.3")],
  });

  it("names what a forced minor removes from the spec, and nothing of other minors", () => {
    const limitedFields = [
      { path: "spec.secretBindingName", removedIn: "1.34" },
      { path: "spec.addons", removedIn: "1.35" },
      { path: "spec.kubernetes.kubelet.featureGates.AppArmor", removedIn: "1.33" },
    ];
    expect(about({ limitedFields }, forcedTo134)[0]).to.deep.include({
      to: "1.34.3",
      removes: ["spec.secretBindingName"],
    });
  });

  it("names the fields of a pinned pool with the pool's minor, those of another pool with the control plane's", () => {
    const path = (pool: string) => `spec.provider.workers[${pool}].kubernetes.kubelet.featureGates.AppArmor`;
    const limitedFields = ["a", "b"].map((pool) => ({ path: path(pool), removedIn: "1.33", pool }));
    const versions = [
      aVersion("1.32.9", "deprecated", "2026-10-01T00:00:00Z"),
      aVersion("1.33.4"),
      aVersion("1.33.9"),
    ];
    const profile = aCloudProfile({ kubernetesVersions: versions, machineImages: [] });
    const workers = [aPool({ name: "a", kubernetesVersion: "1.32.9" }), aPool({ name: "b" })];
    const found = about({ limitedFields, workers }, profile);
    expect(found.map(({ pool, removes }) => [pool, removes])).to.deep.equal([["a", [path("a")]]]);
  });

  it("forces an image that the kubelet does not suit any more, although it has not expired", () => {
    const versions = [
      anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.33" }),
      anImageVersion("1592.14.0"),
    ];
    const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
    const image = about({}, profile).find(({ kind }) => kind === "machineImage");
    expect(image).to.include({ to: "1592.14.0", reason: "removed" });
  });

  it("names why the API server refuses: an image that does not suit the forced kubelet", () => {
    const versions = [anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.34" })];
    const found = about({}, { ...forcedTo134, machineImages: [anImage({ versions })] });
    expect(found[0]?.refusal).to.equal(
      "gardenlinux 1592.10.0 of worker pool pool-a runs kubelets < 1.34 only, not 1.34.3",
    );
  });

  it("names why the API server refuses: an image version that is not available yet", () => {
    const lifecycle = [{ classification: "supported" as const, from: new Date("2027-06-01T00:00:00Z") }];
    const versions = [anImageVersion("1592.10.0"), { ...anImageVersion("1592.14.0"), lifecycle }];
    const found = about({ maintenance: asking }, aCloudProfile({ machineImages: [anImage({ versions })] }));
    expect(found.map(({ to, refusal }) => [to, refusal])).to.deep.equal(
      ["1.33.9", "1592.14.0"].map((to) => [
        to,
        "gardenlinux 1592.14.0 of worker pool pool-a is not available yet",
      ]),
    );
  });

  it("names why the API server refuses: a feature gate that the forced minor has locked", () => {
    const featureGate = (path: string, removedIn: string) => ({ path, refusedIn: "1.34", removedIn });
    const limitedFields = [featureGate("spec.kubernetes.kubelet.featureGates.Gone", "1.34")];
    expect(about({ limitedFields }, forcedTo134)[0]?.refusal).to.equal(undefined);
    const locked = [...limitedFields, featureGate("spec.kubernetes.kubelet.featureGates.Locked", "1.36")];
    expect(about({ limitedFields: locked }, forcedTo134)[0]?.refusal).to.equal(
      "Kubernetes 1.34.3 does not accept the value of spec.kubernetes.kubelet.featureGates.Locked",
    );
  });

  it("names why the API server refuses: a pinned pool too far behind the forced minor", () => {
    const versions = [aVersion("1.30.1"), aVersion("1.33.4", "supported", "2026-10-01T00:00:00Z")];
    const profile = aCloudProfile({
      kubernetesVersions: [...versions, aVersion("1.34.3")],
      machineImages: [],
    });
    const found = about({ workers: [aPool({ kubernetesVersion: "1.30.1" })] }, profile);
    expect(found[0]?.refusal).to.match(/^worker pool pool-a would be more than 3 minors behind/);
  });

  it("has nothing for images from the first pool on whose machine type the CloudProfile lacks", () => {
    const workers = [aPool({ name: "a" }), aPool({ name: "b", machineType: "gone" }), aPool({ name: "c" })];
    const images = about({ maintenance: asking, workers }).filter(({ kind }) => kind === "machineImage");
    expect(images.map(({ pool }) => pool)).to.deep.equal(["a"]);
  });

  it("keeps an in-place image that names no minimum version for its update", () => {
    const inPlaceUpdates = { supported: true };
    const versions = [anImageVersion("1592.10.0", { inPlaceUpdates }), anImageVersion("1592.14.0")];
    const profile = aCloudProfile({ machineImages: [anImage({ versions })] });
    const found = about({ workers: [aPool({ updateStrategy: "AutoInPlaceUpdate" })] }, profile);
    expect(found.filter(({ kind }) => kind === "machineImage")).to.deep.equal([]);
  });
});
