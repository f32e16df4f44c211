/** One cluster from adoption to deletion with the real engine, on any garden. */
import { expect } from "chai";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isApiError } from "../../sandbox/client";
import { at, map, mapsAt, textAt, type JsonMap } from "../../sandbox/json";
import { repository } from "../../tools/engine/project";
import type { Stack } from "../../tools/engine/stack";
import { SHOOTS, succeeded, messagesOf, type GardenScene } from "./scene";

const upgrade = "pulumi-nodejs:dynamic/gardener:RollingUpgrade";
const SHOOT = `${SHOOTS}/web`;

export function journeySuite(setScene: () => Promise<GardenScene>): void {
  let scene: GardenScene;
  let stack: Stack;

  before(async () => {
    scene = await setScene();
    stack = await scene.open({ program: repository });
  });
  after(() => scene.close());

  const generation = async () => at(await scene.garden.get(SHOOT), "metadata", "generation");

  const written = async () =>
    mapsAt(await scene.garden.get(SHOOT), "metadata", "managedFields").some(
      ({ manager }) => manager === "pulumi-gardener",
    );

  /** Checked where the garden records calls. */
  function expectPatches(count: number): void {
    const patches = scene.calls?.writes().filter((write) => write.startsWith("PATCH"));
    if (patches !== undefined) expect(patches).to.deep.equal(Array<string>(count).fill(`PATCH ${SHOOT}`));
  }

  it("begins with an adoption that writes nothing and reports what is pending", async () => {
    const before = await generation();
    const run = succeeded(await stack.up());
    expect(run.changes).to.deep.equal({ create: 3 });
    expect(messagesOf(run, "web"))
      .to.contain("Kubernetes 1.33.4 → 1.33.7")
      .and.to.contain("next `pulumi up`");
    expect([await generation(), await written()]).to.deep.equal([before, false]);
    expectPatches(0);
    const { kubernetesVersion, state } = await stack.outputs();
    expect([kubernetesVersion?.value, state?.value]).to.deep.equal(["1.33.4", "pending"]);
  });

  it("shows a pending patch and image in the preview, property by property and in one sentence", async () => {
    const run = succeeded(await stack.preview());
    expect(run.changes).to.deep.equal({ update: 1, same: 2 });
    const step = run.steps.find(({ type }) => type === upgrade);
    expect(step?.oldInputs["kubernetesVersion"]).to.equal("1.33.4");
    expect(step?.newInputs["kubernetesVersion"]).to.equal("1.33.7");
    expect(step?.diffs).to.have.members(["kubernetesVersion", "workers"]);
    expect(messagesOf(run, "web")).to.contain(
      "Kubernetes 1.33.4 → 1.33.7 and gardenlinux 1592.10.0 → 1592.14.0 in one roll: pool-a, 3 nodes, 1 at a time",
    );
    expect(run.stdout).to.match(/~ kubernetesVersion: "1\.33\.4" => "1\.33\.7"/);
    expect(messagesOf(run, "web")).to.contain("ready:").and.to.contain("available:");
    expect(messagesOf(run, "web")).not.to.contain("[GU043]");
  });

  it("performs exactly that in one write, with progress, and reports the observed versions", async () => {
    scene.calls?.forget();
    const before = await generation();
    const run = succeeded(await stack.up());
    expect([await generation(), await written()]).to.deep.equal([Number(before) + 1, true]);
    expectPatches(1);
    expect(run.statuses.map(({ text }) => text).join("\n")).to.match(/\[1\/1\] web: /);
    expect(messagesOf(run, "web")).to.contain(
      "web: Kubernetes 1.33.7, pool-a on gardenlinux 1592.14.0, 3 nodes verified",
    );
    const { kubernetesVersion, workers, state } = await stack.outputs();
    expect(kubernetesVersion?.value).to.equal("1.33.7");
    expect(workers?.value).to.deep.equal({
      "pool-a": { kubernetesVersion: "1.33.7", machineImage: { name: "gardenlinux", version: "1592.14.0" } },
    });
    expect(state?.value).to.equal("upToDate");
  });

  it("finds nothing to do afterwards and still reports what is available", async () => {
    scene.calls?.forget();
    const before = await generation();
    const run = succeeded(await stack.up({ expectNoChanges: true }));
    expect(run.changes).to.deep.equal({ same: 3 });
    expect(await generation()).to.equal(before);
    expectPatches(0);
    expect(messagesOf(succeeded(await stack.preview({ expectNoChanges: true })), "web"))
      .to.contain("web: up to date")
      .and.to.contain("available: Kubernetes 1.34.3");
  });

  it("shows a minor with its notes, and performs a plan that was saved and reviewed", async () => {
    await stack.setConfig({ kubernetesVersion: "1.34" });
    const plan = path.join(stack.folder, "plan.json");
    const preview = succeeded(await stack.preview({ savePlan: plan }));
    expect(messagesOf(preview, "web")).to.contain("CHANGELOG-1.34.md");
    succeeded(await stack.up({ plan }));
    expect((await stack.outputs())["kubernetesVersion"]?.value).to.equal("1.34.3");
  });

  it("violates a saved plan when another version is due by then", async () => {
    await stack.setConfig({ kubernetesVersion: "1.35.2", machineImage: "1877" });
    const plan = path.join(stack.folder, "later.json");
    succeeded(await stack.preview({ savePlan: plan }));
    await stack.setConfig({ kubernetesVersion: "1.35.4" });
    const run = await stack.up({ plan });
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr).to.contain("violates plan");
    expect(textAt(await scene.garden.get(SHOOT), "spec", "kubernetes", "version")).to.equal("1.34.3");
  });

  it("reports versions that Gardener has raised in its maintenance, and plans nothing", async () => {
    await stack.setConfig({ kubernetesVersion: "1.34.3", machineImage: "1592.14.0" });
    await offer(scene, { kubernetes: "1.34.5", machineImage: "1592.16.0" });
    await maintain(scene);
    const { spec } = await scene.garden.get(SHOOT);
    expect(textAt(spec, "kubernetes", "version")).to.equal("1.34.5");

    const run = succeeded(await stack.up({ expectNoChanges: true }));
    expect(run.changes).to.deep.equal({ same: 3 });
    const { kubernetesVersion, workers } = await stack.outputs();
    expect(kubernetesVersion?.value).to.equal("1.34.5");
    expect(workers?.value).to.have.nested.property("pool-a.machineImage.version", "1592.16.0");
    succeeded(await stack.refresh());
    const preview = succeeded(await stack.preview({ expectNoChanges: true }));
    expect(messagesOf(preview, "web")).to.contain("[GU039]").and.to.contain("1.34.5");
  });

  it("stops managing the cluster without a write", async () => {
    scene.calls?.forget();
    const before = await generation();
    const run = succeeded(await stack.destroy());
    expect(run.changes).to.deep.equal({ delete: 3 });
    if (scene.calls !== undefined) expect(scene.calls.all()).to.deep.equal([]);
    const shoot = await scene.garden.get(SHOOT);
    expect(at(shoot, "metadata", "generation")).to.equal(before);
    expect(shoot).not.to.have.nested.property("metadata.deletionTimestamp");
  });
}

/** The operator offers a new patch and a new image, each in place of the supported one of its minor or major. */
async function offer(scene: GardenScene, given: { kubernetes: string; machineImage: string }): Promise<void> {
  const shoot = await scene.garden.get(SHOOT);
  const path = `/apis/core.gardener.cloud/v1beta1/cloudprofiles/${textAt(shoot, "spec", "cloudProfile", "name")}`;
  const profile = await scene.garden.get(path);
  const versions = mapsAt(profile, "spec", "kubernetes", "versions");
  const images = mapsAt(profile, "spec", "machineImages");
  await scene.garden.patch(path, "merge", {
    spec: {
      kubernetes: { versions: succeededBy(versions, given.kubernetes) },
      machineImages: images.map((image) =>
        image.name === "gardenlinux"
          ? { ...image, versions: succeededBy(mapsAt(image, "versions"), given.machineImage) }
          : image,
      ),
    },
  });
  // Admission receives it by a watch, as the maintenance controller does.
  await until(async () => {
    const spec = { kubernetes: { version: given.kubernetes } };
    try {
      await scene.garden.patch(SHOOT, "merge", { spec }, { dryRun: true });
      return true;
    } catch (error) {
      if (isApiError(error, 422) || isApiError(error, 403)) return false;
      throw error;
    }
  });
}

/** One patch of a minor is supported at a time. */
function succeededBy(known: readonly JsonMap[], version: string): JsonMap[] {
  return known.flatMap((entry) => {
    const before =
      entry.classification === "supported" && releaseLineOf(entry.version) === releaseLineOf(version);
    return before
      ? [
          { ...entry, version },
          { ...entry, classification: "deprecated" },
        ]
      : [entry];
  });
}

/** `1.34` of Kubernetes 1.34.3, `1592` of an image 1592.14.0. */
function releaseLineOf(version: unknown): string {
  const [major = "", minor = ""] = String(version).split(".");
  return major === "1" ? `${major}.${minor}` : major;
}

/**
 * Runs the maintenance controller now, not in the window. It does not retry where another client
 * writes to the Shoot between its read and its dry run, as gardenlet does with every condition: Gardener
 * notes that conflict as a failed maintenance, and the Shoot keeps its versions.
 */
async function maintain(scene: GardenScene): Promise<void> {
  await scene.reconciled();
  let failure = "";
  do {
    const annotations = { "gardener.cloud/operation": "maintain" };
    await scene.garden.patch(SHOOT, "merge", { metadata: { annotations } });
    await until(async () => {
      const { metadata, status } = await scene.garden.get(SHOOT);
      const requested = map(at(metadata, "annotations"))["gardener.cloud/operation"] === "maintain";
      const state = textAt(status, "lastMaintenance", "state");
      failure = state === "Failed" ? textAt(status, "lastMaintenance", "failureReason") : "";
      return !requested && (state === "Succeeded" || state === "Failed");
    });
  } while (failure.includes("the object has been modified"));
  if (failure !== "") throw new Error(failure);
  await scene.reconciled();
}

const TIMEOUT_MS = 30_000;

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + TIMEOUT_MS; !(await holds());) {
    if (Date.now() > end) throw new Error("The condition did not hold in time.");
    await sleep(100);
  }
}
