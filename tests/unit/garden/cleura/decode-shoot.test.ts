import { expect } from "chai";
import { decodeShoot } from "../../../../provider/garden/cleura/decode";
import { isRecord } from "../../../../provider/model/json";
import { refusalOf } from "../support/failures";
import { operationObject, shootObject, workerObject } from "./scene";

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
        taints: [],
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
