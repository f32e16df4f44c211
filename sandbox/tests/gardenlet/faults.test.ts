import { expect } from "chai";
import { FAULT_ANNOTATION } from "../../gardenlet/faults";
import { at, textAt, type JsonMap } from "../../json";
import { SHOOT } from "./garden";
import { type GardenletScene, conditionIs, observed, reconciled, startScene, state } from "./scene";

describe("the faults of the sandbox's gardenlet", () => {
  let scene: GardenletScene;
  const start = async (spec?: JsonMap) => (scene = await startScene(spec));

  afterEach(() => scene.stop());

  const minor = { kubernetes: { version: "1.34.3" } };

  it("error-once: Error in the middle with Gardener's text, then success without errors", async () => {
    const { garden } = await start();
    garden.annotate({ [FAULT_ANNOTATION]: "error-once" });
    garden.changeSpec(minor);
    const failed = await garden.until(SHOOT, (shoot) => state(shoot) === "Error");
    expect(textAt(failed, "status", "lastOperation", "description")).to.match(/Operation will be retried\.$/);
    expect(textAt(failed, "status", "lastErrors", 0, "description")).to.match(
      /\d+\/3 desired machine\(s\) available, \d+\/3 machine\(s\) updated/,
    );
    const done = await garden.until(SHOOT, reconciled(2));
    expect(at(done, "status", "lastErrors")).to.equal(undefined);
  });

  it("fail=CODE: Failed at once, with the code; retry succeeds once the fault is removed", async () => {
    const { garden, statuses } = await start();
    garden.annotate({ [FAULT_ANNOTATION]: "fail=ERR_INFRA_QUOTA_EXCEEDED" });
    const before = garden.written.length;
    garden.changeSpec(minor);
    const failed = await garden.until(SHOOT, (shoot) => state(shoot) === "Failed");
    expect(at(failed, "status", "lastErrors", 0, "codes")).to.deep.equal(["ERR_INFRA_QUOTA_EXCEEDED"]);
    expect(textAt(failed, "status", "lastErrors", 0, "description")).to.contain("Quota exceeded");
    expect(statuses(before).map(state)).not.to.include("Error");
    garden.annotate({ [FAULT_ANNOTATION]: null });
    garden.annotate({ "gardener.cloud/operation": "reconcile" });
    await garden.until(SHOOT, reconciled(3));
  });

  it("stall: no progress until the annotation is removed", async () => {
    const { cluster, garden } = await start();
    garden.annotate({ [FAULT_ANNOTATION]: "stall" });
    garden.changeSpec(minor);
    await garden.until(SHOOT, (shoot) => Number(at(shoot, "status", "lastOperation", "progress")) > 50);
    expect((await cluster.listNodes()).some((node) => node.kubeletVersion === "v1.33.4")).to.equal(true);
    garden.annotate({ [FAULT_ANNOTATION]: null });
    await garden.until(SHOOT, reconciled(2));
  });

  it("unhealthy=TYPE: that condition is False while the annotation is there", async () => {
    const { garden } = await start();
    garden.annotate({ [FAULT_ANNOTATION]: "unhealthy=EveryNodeReady" });
    await garden.until(SHOOT, conditionIs("EveryNodeReady", "False"));
    garden.annotate({ [FAULT_ANNOTATION]: null });
    await garden.until(SHOOT, reconciled(1));
  });

  it("stale-success: Succeeded is reported while an old node exists, which is removed later", async () => {
    const { cluster, garden } = await start();
    garden.annotate({ [FAULT_ANNOTATION]: "stale-success" });
    garden.changeSpec(minor);
    await garden.until(SHOOT, (shoot) => state(shoot) === "Succeeded" && observed(shoot) === 2);
    const versions = (await cluster.listNodes()).map((node) => node.kubeletVersion);
    expect(versions.filter((version) => version === "v1.33.4")).to.have.length(1);
    await garden.until(SHOOT, reconciled(2));
    expect((await cluster.listNodes()).map((node) => node.kubeletVersion)).to.deep.equal(
      Array(3).fill("v1.34.3"),
    );
  });
});
