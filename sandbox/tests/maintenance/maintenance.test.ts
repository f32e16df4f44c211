import { expect } from "chai";
import { at, type JsonMap, textAt } from "../../json";
import { type MaintenanceController, startMaintenance } from "../../maintenance/maintenance";
import { SHOOT, shootObject, type TinyGarden, tinyGarden } from "../gardenlet/garden";

const PROFILE = "/apis/core.gardener.cloud/v1beta1/cloudprofiles/sandbox";
const OPERATION = "gardener.cloud/operation";

const lastMaintenance = (shoot: JsonMap, state: string): boolean =>
  textAt(shoot, "status", "lastMaintenance", "state") === state;

describe("the sandbox's maintenance controller", () => {
  let garden: TinyGarden;
  let controller: MaintenanceController | undefined;

  function start(kubernetes: readonly string[] = ["1.33.4", "1.33.7"], status: JsonMap = {}): void {
    const profile = {
      kind: "CloudProfile",
      metadata: { name: "sandbox" },
      spec: {
        kubernetes: { versions: kubernetes.map((version) => ({ version })) },
        machineImages: [
          {
            name: "gardenlinux",
            updateStrategy: "minor",
            versions: [{ version: "1592.10.0", architectures: ["amd64"], cri: [{ name: "containerd" }] }],
          },
        ],
        machineTypes: [{ name: "medium", architecture: "amd64" }],
      },
    };
    garden = tinyGarden(
      { path: PROFILE, value: profile },
      {
        path: SHOOT,
        value: { ...shootObject(), status: { lastOperation: { state: "Succeeded" }, ...status } },
      },
    );
    controller = startMaintenance({ garden, now: () => new Date("2026-11-23T12:00:00Z") });
  }

  afterEach(() => controller?.stop());

  it("maintains on request: raises the version, reports why, and starts the rollout", async () => {
    start();
    garden.annotate({ [OPERATION]: "maintain" });
    const shoot = await garden.until(SHOOT, (value) => lastMaintenance(value, "Succeeded"));
    expect(at(shoot, "spec", "kubernetes", "version")).to.equal("1.33.7");
    expect(at(shoot, "status", "lastMaintenance")).to.deep.equal({
      description:
        'All maintenance operations successful. Control Plane: Updated Kubernetes version from "1.33.4" to "1.33.7". Reason: Automatic update of Kubernetes version configured',
      triggeredTime: "2026-11-23T12:00:00Z",
      state: "Succeeded",
    });
    expect(at(shoot, "metadata", "annotations")).to.deep.equal({});
    expect(at(shoot, "metadata", "generation")).to.equal(2);
  });

  it("requests a dry run first, and does not write what the garden would refuse", async () => {
    start();
    garden.refuse("spec.kubernetes: Forbidden: not today");
    garden.annotate({ [OPERATION]: "maintain" });
    const shoot = await garden.until(SHOOT, (value) => lastMaintenance(value, "Failed"));
    expect(at(shoot, "spec", "kubernetes", "version")).to.equal("1.33.4");
    expect(at(shoot, "status", "lastMaintenance")).to.include({
      description: "Maintenance failed",
      failureReason: "Updates to the Shoot failed to be applied: spec.kubernetes: Forbidden: not today",
    });
    expect(at(shoot, "metadata", "annotations")).to.deep.equal({});
    expect(garden.dryRuns).to.have.length(1);
  });

  it("reconciles a Shoot without updates, and reports nothing", async () => {
    start(["1.33.4"]);
    garden.annotate({ [OPERATION]: "maintain" });
    const shoot = await garden.until(SHOOT, (value) => at(value, "metadata", "generation") === 2);
    expect(at(shoot, "status", "lastMaintenance")).to.equal(undefined);
    expect(garden.dryRuns).to.deep.equal([]);
  });

  it("clears an earlier failure once there is nothing to do", async () => {
    start(["1.33.4"], { lastMaintenance: { state: "Failed", description: "x", failureReason: "y" } });
    garden.annotate({ [OPERATION]: "maintain" });
    const shoot = await garden.until(SHOOT, (value) => lastMaintenance(value, "Succeeded"));
    expect(at(shoot, "status", "lastMaintenance")).to.deep.equal({
      state: "Succeeded",
      description: "Maintenance succeeded",
    });
  });

  it("keeps Failed with the reason where one part could not be maintained", async () => {
    start(["1.35.2"]);
    garden.annotate({ [OPERATION]: "maintain" });
    const shoot = await garden.until(SHOOT, (value) => at(value, "metadata", "generation") === 2);
    expect(at(shoot, "status", "lastMaintenance", "state")).to.equal("Failed");
    expect(textAt(shoot, "status", "lastMaintenance", "failureReason")).to.match(
      /^Control Plane: Kubernetes maintenance failure due to/,
    );
  });

  it("does not reconcile a Failed Shoot", async () => {
    start(["1.33.4"], { lastOperation: { state: "Failed" } });
    garden.annotate({ [OPERATION]: "maintain" });
    const requested = (value: JsonMap) => at(value, "metadata", "annotations", OPERATION);
    const shoot = await garden.until(SHOOT, (value) => requested(value) !== "maintain");
    expect(requested(shoot)).to.equal(undefined);
  });

  it("adds what is queued for the maintenance to the operation", async () => {
    start(["1.33.4"]);
    garden.annotate({
      "maintenance.gardener.cloud/operation": "rotate-ssh-keypair",
      [OPERATION]: "maintain",
    });
    const shoot = await garden.until(SHOOT, (value) => lastMaintenance(value, "Succeeded"));
    expect(at(shoot, "metadata", "annotations", OPERATION)).to.equal("rotate-ssh-keypair;reconcile");
    expect(textAt(shoot, "status", "lastMaintenance", "description")).to.equal(
      'All maintenance operations successful. Added "rotate-ssh-keypair;reconcile" operation annotation',
    );
  });

  it("maintains again when requested again", async () => {
    start();
    garden.annotate({ [OPERATION]: "maintain" });
    await garden.until(SHOOT, (value) => lastMaintenance(value, "Succeeded"));
    const generation = Number(at(garden.shoot(), "metadata", "generation"));
    garden.annotate({ [OPERATION]: "maintain" });
    await garden.until(SHOOT, (value) => at(value, "metadata", "generation") === generation + 1);
  });
});
