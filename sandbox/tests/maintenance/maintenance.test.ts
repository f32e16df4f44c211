import { expect } from "chai";
import type { Clock } from "../../../provider/model/clock";
import { at, type JsonMap, textAt } from "../../json";
import { type MaintenanceController, startMaintenance } from "../../maintenance/maintenance";
import { SHOOT, shootObject, type TinyGarden, tinyGarden } from "../gardenlet/garden";

const PROFILE = "/apis/core.gardener.cloud/v1beta1/cloudprofiles/sandbox";
const OPERATION = "gardener.cloud/operation";

/** Time stands still until it is moved; whoever sleeps is woken by that. */
interface HandClock extends Clock {
  move(to: string): void;
  /** Resolves when somebody sleeps. */
  asleep(): Promise<void>;
}

function handClock(start: string): HandClock {
  let now = new Date(start);
  let noticed: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => (noticed = resolve));
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>();
  return {
    now: () => now,
    asleep: () => asleep,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { due: now.getTime() + ms, wake: resolve };
        sleepers.add(sleeper);
        noticed();
        signal?.addEventListener("abort", () => {
          sleepers.delete(sleeper);
          resolve();
        });
      }),
    move(to) {
      now = new Date(to);
      for (const sleeper of [...sleepers]) {
        if (sleeper.due > now.getTime()) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

const lastMaintenance = (shoot: JsonMap, state: string): boolean =>
  textAt(shoot, "status", "lastMaintenance", "state") === state;

describe("the sandbox's maintenance controller", () => {
  let garden: TinyGarden;
  let controller: MaintenanceController | undefined;
  let clock: HandClock;

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
    clock = handClock("2026-11-23T12:00:00Z");
    controller = startMaintenance({ garden, clock, random: () => 0.5 });
  }

  afterEach(() => controller?.stop());

  it("maintains on request: raises the version, tells why, and sets the rollout off", async () => {
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
    expect(at(shoot, "metadata", "annotations")).to.deep.equal({
      "shoot.gardener.cloud/tasks":
        "deployInfrastructure,deployDNSRecordInternal,deployDNSRecordExternal,deployDNSRecordIngress",
    });
    expect(at(shoot, "metadata", "generation")).to.equal(2);
  });

  it("asks for a dry run first, and changes nothing that the garden would refuse", async () => {
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

  it("reconciles a Shoot that has nothing to gain, without a word about it", async () => {
    start(["1.33.4"]);
    garden.annotate({ [OPERATION]: "maintain" });
    const shoot = await garden.until(SHOOT, (value) => at(value, "metadata", "generation") === 2);
    expect(at(shoot, "status", "lastMaintenance")).to.equal(undefined);
    expect(garden.dryRuns).to.deep.equal([]);
  });

  it("forgets an earlier failure once there is nothing left to do", async () => {
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

  it("does not reconcile a Failed Shoot, but retries one whose confined change waits", async () => {
    start(["1.33.4"], { lastOperation: { state: "Failed" } });
    garden.annotate({
      [OPERATION]: "maintain",
      "maintenance.shoot.gardener.cloud/needs-retry-operation": "true",
    });
    const shoot = await garden.until(
      SHOOT,
      (value) => at(value, "metadata", "annotations", OPERATION) !== "maintain",
    );
    expect(at(shoot, "metadata", "annotations")).to.include({ [OPERATION]: "retry" });
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

  it("maintains in the window, once a day", async () => {
    start(["1.33.4", "1.33.7"]);
    await clock.asleep();
    clock.move("2026-11-23T22:22:30Z");
    const shoot = await garden.until(SHOOT, (value) => lastMaintenance(value, "Succeeded"));
    expect(at(shoot, "spec", "kubernetes", "version")).to.equal("1.33.7");
  });

  it("maintains again when asked again", async () => {
    start();
    garden.annotate({ [OPERATION]: "maintain" });
    await garden.until(SHOOT, (value) => lastMaintenance(value, "Succeeded"));
    const generation = Number(at(garden.shoot(), "metadata", "generation"));
    garden.annotate({ [OPERATION]: "maintain" });
    await garden.until(SHOOT, (value) => at(value, "metadata", "generation") === generation + 1);
  });
});
