import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect } from "chai";
import { load } from "js-yaml";
import { openGarden } from "../../provider/garden/open";
import type { Garden } from "../../provider/garden/garden";
import { isRecord } from "../../provider/model/json";
import type { Change } from "../../provider/model/plan";
import type { Shoot, ShootRef } from "../../provider/model/shoot";
import { startGardenlet } from "../../sandbox/gardenlet/gardenlet";
import { at, textAt } from "../../sandbox/json";
import { type RealGarden, startRealGarden } from "./garden";
import { describeReal } from "./suite";
import type { PolicyRule, User } from "./users";
import {
  CORE,
  createCloudProfile,
  createProject,
  createShoot,
  eventually,
  prepareGarden,
  shootObject,
} from "./world";

const START_MS = 60_000;
const REPOSITORY = join(__dirname, "..", "..");

describeReal("The real Gardener with a stand-in for its gardenlet", () => {
  const ref: ShootRef = { namespace: "garden-demo", name: "web" };
  const path = `${CORE}/namespaces/${ref.namespace}/shoots/${ref.name}`;
  const stops: (() => Promise<void>)[] = [];
  let real: RealGarden;
  let user: User;
  let garden: Garden;

  before(async function () {
    this.timeout(START_MS);
    real = await startRealGarden();
    const admin = real.admin.client;
    stops.push(() => real.stop());
    const gardenlet = startGardenlet({
      garden: admin,
      cluster: async (shoot) => (await real.clusterFor(shoot)).writer,
      speed: 100,
      publishAccess: true,
    });
    stops.unshift(() => gardenlet.stop());
    await prepareGarden(admin, ["gardenlinux"]);
    await createCloudProfile(admin, "local", {
      kubernetes: {
        versions: [
          { version: "1.35.1", classification: "preview" },
          { version: "1.34.3", classification: "supported" },
          { version: "1.33.7", classification: "supported" },
          { version: "1.33.4", classification: "deprecated" },
        ],
      },
      machineImages: [
        {
          name: "gardenlinux",
          updateStrategy: "minor",
          versions: [{ version: "1592.14.0", classification: "supported" }, { version: "1592.10.0" }],
        },
      ],
    });
    await createProject(admin, "demo");
    const image = { name: "gardenlinux", version: "1592.10.0" };
    await createShoot(
      admin,
      ref.namespace,
      shootObject(ref.name, {
        cloudProfile: "local",
        kubernetesVersion: "1.33.4",
        workers: [
          { name: "pool-a", minimum: 2, maximum: 2, machine: { image } },
          { name: "pool-b", machine: { image } },
        ],
      }),
    );
    user = await real.addUser("ci", { namespace: ref.namespace, rules: await documentedRules() });
    garden = await openGarden({ kubeconfig: user.kubeconfig }, { config: () => undefined, env: {} });
    await reconciled();
  });

  after(async function () {
    this.timeout(START_MS);
    for (const stop of stops) await stop();
  });

  async function reconciled(): Promise<void> {
    await eventually(
      real.admin.client,
      path,
      (shoot) =>
        at(shoot, "status", "observedGeneration") === at(shoot, "metadata", "generation") &&
        textAt(shoot, "status", "lastOperation", "state") === "Succeeded",
      30_000,
    );
  }

  const changeOf = (shoot: Shoot, change: Partial<Change>): Change => ({
    shoot: ref,
    uid: shoot.uid,
    resourceVersion: shoot.resourceVersion,
    workers: [],
    ...change,
  });

  it("marks the Shoot as healthy", async () => {
    await eventually(
      real.admin.client,
      path,
      (shoot) => textAt(shoot, "metadata", "labels", "shoot.gardener.cloud/status") === "healthy",
    );
  });

  it("shows the Shoot's nodes through a kubeconfig that Gardener has issued", async () => {
    const cluster = await garden.openCluster(await garden.getShoot(ref));
    expect(await cluster?.kubernetesVersion()).to.equal("1.33.4");
    const nodes = (await cluster?.nodes()) ?? [];
    expect(nodes.map((node) => node.pool).sort()).to.deep.equal(["pool-a", "pool-a", "pool-b"]);
    expect(nodes.every((node) => node.kubeletVersion === "1.33.4" && node.ready)).to.equal(true);
  });

  it("issues all of twenty kubeconfigs that are requested at once", async () => {
    const requested = Array.from({ length: 20 }, () => garden.requestKubeconfig(ref, "viewer", 600));
    const issued = (await Promise.all(requested)).map(({ kubeconfig }) => kubeconfig);
    expect(new Set(issued).size).to.equal(20);
  });

  it("evaluates a change without making it", async () => {
    const shoot = await garden.getShoot(ref);
    const result = await garden.dryRun(changeOf(shoot, { kubernetesVersion: "1.35.1" }));
    expect(result).to.deep.include({ kind: "refused" });
    expect("message" in result ? result.message : "").to.contain("cannot skip a minor version");
    expect((await garden.getShoot(ref)).resourceVersion).to.equal(shoot.resourceVersion);
  });

  it("refuses a change of a Shoot that has changed since it was read", async () => {
    const shoot = await garden.getShoot(ref);
    const result = await garden.dryRun(
      changeOf({ ...shoot, resourceVersion: "1" }, { kubernetesVersion: "1.33.7" }),
    );
    expect(result.kind).to.equal("conflict");
  });

  it("refuses a change of another Shoot of that name", async () => {
    const shoot = await garden.getShoot(ref);
    const another = { ...shoot, uid: "00000000-0000-4000-8000-000000000000" };
    const result = await garden.dryRun(changeOf(another, { kubernetesVersion: "1.33.7" }));
    expect(result.kind).to.equal("refused");
  });

  it("rolls an upgrade out, for a user with the documented rights alone", async () => {
    const shoot = await garden.getShoot(ref);
    const machineImage = { name: "gardenlinux", version: "1592.14.0" };
    const result = await garden.apply(
      changeOf(shoot, { kubernetesVersion: "1.34.3", workers: [{ name: "pool-a", machineImage }] }),
    );
    expect(result.kind).to.equal("accepted");
    await reconciled();

    const cluster = await garden.openCluster(await garden.getShoot(ref));
    expect(await cluster?.kubernetesVersion()).to.equal("1.34.3");
    const nodes = (await cluster?.nodes()) ?? [];
    expect(nodes.map((node) => node.kubeletVersion)).to.deep.equal(["1.34.3", "1.34.3", "1.34.3"]);
    expect(nodes.filter((node) => node.osImage.includes("1592.14.0")).map((node) => node.pool)).to.deep.equal(
      ["pool-a", "pool-a"],
    );
  });

  it("maintains the Shoot when the operation annotation requests it", async () => {
    await real.admin.client.patch(path, "merge", {
      metadata: { annotations: { "gardener.cloud/operation": "maintain" } },
    });
    const shoot = await eventually(
      real.admin.client,
      path,
      (value) => textAt(value, "status", "lastMaintenance", "state") === "Succeeded",
    );
    expect(textAt(shoot, "spec", "provider", "workers", 1, "machine", "image", "version")).to.equal(
      "1592.14.0",
    );
    await reconciled();
  });
});

describeReal("The processes of the real Gardener", () => {
  it("end when the one that has started them is killed", async function () {
    this.timeout(2 * START_MS);
    const parent = spawn(
      process.execPath,
      ["-r", join(REPOSITORY, "tests", "register.js"), join(__dirname, "process.ts")],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const lines = createInterface({ input: parent.stdout });
    const logs = String(await once(lines, "line"));
    const directory = dirname(logs);
    expect(await processesOf(directory)).to.have.length.greaterThan(3);
    parent.kill("SIGKILL");
    for (const patience = Date.now() + START_MS; (await processesOf(directory)).length > 0;) {
      expect(Date.now(), "patience").to.be.lessThan(patience);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await rm(directory, { recursive: true });
  });
});

/** All of them have the garden's folder on their command line. */
async function processesOf(directory: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-e", "-ww", "-o", "args="]);
  return stdout.split("\n").filter((line) => line.includes(directory));
}

/** The Role in docs/permissions.md, which is what users give to their pipelines. */
async function documentedRules(): Promise<readonly PolicyRule[]> {
  const page = await readFile(join(REPOSITORY, "docs", "permissions.md"), "utf8");
  const block = /```yaml\n(apiVersion: rbac[^]*?)\n```/.exec(page)?.[1];
  if (block === undefined) throw new Error("docs/permissions.md shows no Role.");
  const role: unknown = load(block);
  const rules: unknown = isRecord(role) ? role.rules : undefined;
  if (!Array.isArray(rules)) throw new Error("The Role in docs/permissions.md has no rules.");
  return rules.filter(isRecord).map((rule) => ({
    apiGroups: texts(rule.apiGroups),
    resources: texts(rule.resources),
    verbs: texts(rule.verbs),
  }));
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
