import { expect } from "chai";
import {
  decodeCloudProfile,
  decodePoolSettings,
  decodeReadiness,
} from "../../../../provider/garden/cleura/decode";
import { refusalOf } from "../support/failures";
import { profileObject, shootObject, workerObject } from "./scene";

describe("the body of a change of a worker group", () => {
  const settings = (change: Parameters<typeof workerObject>[0]) =>
    decodePoolSettings(shootObject({ shoot_provider: { workers: [workerObject(change)] } }), "pool-a");

  it("contains all fields of the group, with empty lists for absent ones", () => {
    expect(settings({})).to.deep.equal({
      machine: { type: "b.2c4gb", image_version: "1877.7.0" },
      minimum: 3,
      maximum: 5,
      max_surge: 1,
      volume_size: "50Gi",
      zones: ["nova"],
      labels: [],
      annotations: [],
      taints: [],
    });
  });

  it("contains labels, annotations and taints, lists as lists and maps as maps", () => {
    const taints = [
      { key: "gpu", value: "yes", effect: "NoSchedule" },
      { key: "spot", effect: "NoExecute" },
    ];
    const expected = {
      labels: [{ key: "tier", value: "a" }],
      annotations: [{ key: "note", value: "" }],
      taints,
    };
    const lists = { labels: [{ key: "tier", value: "a" }], annotations: [{ key: "note" }], taints };
    expect(JSON.parse(JSON.stringify(settings(lists)))).to.deep.include(expected);
    const maps = { labels: { tier: "a" }, annotations: { note: "" }, taints };
    expect(JSON.parse(JSON.stringify(settings(maps)))).to.deep.include(maps);
  });

  it("contains the size of a volume unchanged, and none if none is shown", () => {
    expect(settings({ volume: { size: 50 } })).to.include({ volume_size: 50 });
    expect(settings({ volume: undefined })).not.to.have.property("volume_size");
  });

  it("is undefined for a group that the Shoot does not have", () => {
    expect(decodePoolSettings(shootObject(), "pool-z")).to.equal(undefined);
  });
});

describe("a CloudProfile as Cleura shows it", () => {
  const decode = (change = {}) => decodeCloudProfile("cleuracloud", profileObject(change));

  it("offers versions: supported without a classification, and expired from their date on", () => {
    expect(decode().kubernetesVersions).to.deep.equal([
      { version: "1.34.3", lifecycle: [{ classification: "supported" }] },
      {
        version: "1.33.4",
        lifecycle: [
          { classification: "deprecated" },
          { classification: "expired", from: new Date("2027-01-02T23:59:59Z") },
        ],
      },
      { version: "1.33.7", lifecycle: [{ classification: "supported" }] },
    ]);
  });

  it("offers images and machines", () => {
    const { machineImages, machineTypes } = decode();
    expect(machineImages[0]).to.deep.include({ name: "gardenlinux", updateStrategy: "major" });
    expect(machineImages[0]?.versions[0]).to.deep.include({ version: "1877.9.0", architectures: ["amd64"] });
    expect(machineTypes).to.deep.equal([{ name: "b.2c4gb", architecture: "amd64", capabilities: {} }]);
  });

  it("has Gardener's update strategy by default, and enums in any letter case", () => {
    const images = [{ name: "gardenlinux", versions: [{ version: "1.0.0", classification: "Preview" }] }];
    const [image] = decode({ machine_images: images }).machineImages;
    expect(image?.updateStrategy).to.equal("major");
    expect(image?.versions[0]).to.deep.include({
      lifecycle: [{ classification: "preview" }],
      architectures: ["amd64"],
    });
  });

  it("may have null for class and date, an empty date, and any update strategy", () => {
    const versions = [
      { version: "1.34.3", classification: null, expiration_date: null },
      { version: "1.33.7", expiration_date: "" },
    ];
    const images = [{ name: "gardenlinux", update_strategy: "yearly", versions: [] }];
    const profile = decode({ kubernetes: { versions }, machine_images: images });
    for (const { lifecycle } of profile.kubernetesVersions)
      expect(lifecycle).to.deep.equal([{ classification: "supported" }]);
    expect(profile.machineImages[0]?.updateStrategy).to.equal("major");
  });

  it("is refused without versions, which are named", () => {
    expect(refusalOf(() => decode({ kubernetes: {} }))).to.equal(
      "CloudProfile cleuracloud: kubernetes.versions is missing, expected a list.",
    );
  });
});

describe("the result of Cleura's upgrade check", () => {
  for (const [reported, outcome] of [
    ["ready", "ready"],
    ["Success", "ready"],
    ["SUCCESS", "ready"],
    ["pending", "pending"],
    ["Pending", "pending"],
    ["not_ready", "notReady"],
    ["NotReady", "notReady"],
    ["NOT_READY", "notReady"],
  ] as const) {
    it(`is ${outcome} where Cleura reports ${reported}`, () => {
      expect(decodeReadiness("Shoot web", { outcome: reported, details: ["why"] })).to.deep.equal({
        outcome,
        details: ["why"],
        notes: undefined,
      });
    });
  }

  it("may come without details, and with notes", () => {
    const answer = { outcome: "ready", details: null, upgrade_notes: "CHANGELOG-1.34.md" };
    expect(decodeReadiness("Shoot web", answer)).to.deep.equal({
      outcome: "ready",
      details: [],
      notes: "CHANGELOG-1.34.md",
    });
  });

  it("may come with one text instead of a list", () => {
    const answer = { outcome: "ready", details: "Fine." };
    expect(decodeReadiness("Shoot web", answer).details).to.deep.equal(["Fine."]);
  });

  it("is refused with an unknown outcome, which is named", () => {
    expect(refusalOf(() => decodeReadiness("Shoot web", { outcome: "maybe" }))).to.equal(
      'Shoot web: its readiness for an upgrade: outcome is "maybe", expected one of not_ready, pending, ready, success.',
    );
  });
});
