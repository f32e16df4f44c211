import { expect } from "chai";
import {
  decodeCloudProfile,
  decodePoolSettings,
  decodeReadiness,
  decodeShoot,
} from "../../../../provider/garden/cleura/decode";
import { isRecord } from "../../../../provider/model/json";
import { UserError } from "../../../../provider/model/problem";
import { operationObject, profileObject, shootObject, workerObject } from "./scene";

function refusalOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof UserError && error.code === "GU013") return error.message;
    throw error;
  }
  throw new Error("It was not refused");
}

/** A copy without the field under the path. */
function without(value: unknown, path: readonly (string | number)[]): unknown {
  const [key, ...rest] = path;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? without(item, rest) : item));
  if (!isRecord(value)) return value;
  const { [String(key)]: found, ...others } = value;
  return rest.length === 0 ? others : { ...others, [String(key)]: without(found, rest) };
}

describe("a Shoot as Cleura shows it", () => {
  it("is the model's Shoot", () => {
    const shoot = decodeShoot(shootObject());
    expect(shoot).to.deep.include({
      ref: { namespace: "garden-pabc12", name: "web" },
      uid: "11111111-2222-3333-4444-555555555555",
      kubernetesVersion: "1.33.4",
      region: "Sto2",
      cloudProfile: { kind: "CloudProfile", name: "cleuracloud" },
      annotations: {},
      maintenance: {
        autoUpdate: { kubernetesVersion: true, machineImageVersion: false },
        timeWindow: { begin: "000000+0100", end: "010000+0100" },
        confineSpecUpdateRollout: false,
      },
      hibernation: { enabled: false, hibernated: false },
      lastErrors: [],
    });
    expect(shoot.workers).to.deep.equal([
      {
        name: "pool-a",
        machineImage: { name: "gardenlinux", version: "1877.7.0" },
        machineType: "b.2c4gb",
        architecture: "amd64",
        minimum: 3,
        maximum: 5,
        maxSurge: 1,
        maxUnavailable: 0,
        updateStrategy: "AutoRollingUpdate",
        zones: ["nova"],
      },
    ]);
    expect(shoot.lastOperation?.lastUpdateTime).to.deep.equal(new Date("2026-11-01T00:00:00Z"));
    expect(shoot.conditions.map(({ type, status }) => `${type} ${status}`)).to.deep.equal([
      "APIServerAvailable True",
    ]);
    expect(shoot.constraints.map(({ type }) => type)).to.deep.equal(["HibernationPossible"]);
  });

  it("has no field owners", () => {
    expect(decodeShoot(shootObject())).not.to.have.property("owners");
  });

  for (const path of [
    ["name"],
    ["namespace"],
    ["region"],
    ["cloud_profile_name"],
    ["kubernetes", "version"],
    ["maintenance", "auto_update", "kubernetes_version"],
    ["maintenance", "auto_update", "machine_image_version"],
    ["shoot_provider", "workers"],
    ["last_operation", "type"],
    ["last_operation", "state"],
    ["last_operation", "last_update_time"],
  ]) {
    it(`is refused without ${path.join(".")}, which is named`, () => {
      expect(refusalOf(() => decodeShoot(without(shootObject(), path)))).to.contain(
        `${path.join(".")} is missing`,
      );
    });
  }

  for (const path of [
    ["name"],
    ["machine", "type"],
    ["machine", "image", "version"],
    ["minimum"],
    ["maximum"],
    ["max_surge"],
  ]) {
    it(`is refused with a worker group without ${path.join(".")}, which is named`, () => {
      const shoot = without(shootObject(), ["shoot_provider", "workers", 0, ...path]);
      expect(refusalOf(() => decodeShoot(shoot))).to.contain(
        `shoot_provider.workers[0].${path.join(".")} is`,
      );
    });
  }

  it("is refused without a uid, and the message names the first operation", () => {
    expect(refusalOf(() => decodeShoot(without(shootObject(), ["uid"])))).to.equal(
      "Shoot web: uid is missing, expected the cluster's uid, which Gardener gives at its first operation.",
    );
  });

  it("may have unknown fields, and none of the optional ones", () => {
    const worker = without(without(workerObject({ news: 1 }), ["max_unavailable"]), [
      "machine",
      "architecture",
    ]);
    const bare = without(shootObject({ news: {}, shoot_provider: { workers: [worker] } }), ["status"]);
    const shoot = decodeShoot(without(bare, ["last_operation"]));
    expect(shoot.workers[0]).to.include({ maxUnavailable: 0, architecture: "amd64" });
    expect(shoot.lastOperation).to.equal(undefined);
    expect(shoot.hibernation.hibernated).to.equal(false);
  });

  it("may have null for lists that are empty", () => {
    const status = { is_hibernated: true, conditions: null, constraints: null, last_errors: null };
    expect(decodeShoot(shootObject({ status }))).to.deep.include({
      hibernation: { enabled: true, hibernated: true },
      conditions: [],
    });
  });

  it("may have enums in any letter case", () => {
    const shoot = decodeShoot(
      shootObject({ last_operation: operationObject({ type: "reconcile", state: "ERROR" }) }),
    );
    expect(shoot.lastOperation).to.include({ type: "Reconcile", state: "Error" });
  });

  it("is refused with an unknown enum value, which is named", () => {
    const shoot = shootObject({ last_operation: operationObject({ state: "Dreaming" }) });
    expect(refusalOf(() => decodeShoot(shoot))).to.contain(
      'last_operation.state is "Dreaming", expected one of',
    );
  });

  it("may have numbers as texts", () => {
    const pool = workerObject({ minimum: "3", maximum: "5", max_surge: "1", max_unavailable: "0" });
    const shoot = decodeShoot(
      shootObject({
        shoot_provider: { workers: [pool] },
        last_operation: operationObject({ progress: "100" }),
      }),
    );
    expect(shoot.workers[0]).to.include({ minimum: 3, maximum: 5, maxSurge: 1, maxUnavailable: 0 });
    expect(shoot.lastOperation?.progress).to.equal(100);
  });

  it("has the status Unknown for a condition with an unknown status", () => {
    const conditions = [{ type: "EveryNodeReady", status: "Perhaps", reason: "", message: "", codes: [] }];
    const { conditions: decoded } = decodeShoot(
      shootObject({ status: { is_hibernated: false, conditions } }),
    );
    expect(decoded[0]?.status).to.equal("Unknown");
  });

  it("may have null wherever the OpenAPI document allows it", () => {
    const worker = workerObject({
      machine: { type: "b.2c4gb", architecture: null, image: { name: "gardenlinux", version: "1.0" } },
      max_unavailable: null,
      labels: null,
      annotations: null,
      taints: null,
    });
    const shoot = decodeShoot(
      shootObject({
        control_plane: null,
        credentials_binding_name: null,
        hibernation: null,
        last_operation: null,
        status: null,
        technical_id: null,
        shoot_provider: { workers: [worker] },
      }),
    );
    expect(shoot.workers[0]).to.include({ architecture: "amd64", maxUnavailable: 0 });
  });

  it("is being deleted while its last operation is a Delete", () => {
    const shoot = decodeShoot(
      shootObject({ last_operation: operationObject({ type: "Delete", state: "Processing" }) }),
    );
    expect(shoot.deletionTimestamp).to.deep.equal(new Date("2026-11-01T00:00:00Z"));
  });

  describe("has a resourceVersion that", () => {
    const versionOf = (change: Parameters<typeof shootObject>[0]) =>
      decodeShoot(shootObject(change)).resourceVersion;
    const now = versionOf({});
    const processing = (progress: number, time: string) =>
      operationObject({ state: "Processing", progress, last_update_time: time });

    it("changes with versions, pools, and an operation that begins or ends", () => {
      const moved = [
        versionOf({ kubernetes: { version: "1.33.7" } }),
        versionOf({ shoot_provider: { workers: [workerObject({ maximum: 6 })] } }),
        versionOf({ last_operation: processing(0, "2026-11-02T00:00:00Z") }),
        versionOf({ last_operation: operationObject({ last_update_time: "2026-11-02T00:00:00Z" }) }),
      ];
      expect(new Set([now, ...moved]).size).to.equal(5);
    });

    it("stays the same while an operation runs, and when conditions change", () => {
      expect(versionOf({ last_operation: processing(5, "2026-11-02T00:00:00Z") })).to.equal(
        versionOf({ last_operation: processing(90, "2026-11-02T00:09:00Z") }),
      );
      expect(versionOf({ status: { is_hibernated: false } })).to.equal(now);
    });
  });
});

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
