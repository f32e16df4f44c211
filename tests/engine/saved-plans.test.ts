/** A saved plan, and what Gardener upgrades by itself before `pulumi up --plan`: on both gardens. */
import { expect } from "chai";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import * as gardener from "pulumi-gardener";
import { connect, type Client } from "../../sandbox/client";
import { map, mapsAt, textAt, type JsonMap } from "../../sandbox/json";
import { startSandbox, type CleuraSandbox } from "../../sandbox/sandbox";
import { findEngine } from "../../tools/engine/engine";
import { openStack, type Stack } from "../../tools/engine/stack";
import { cleuraEnvironment } from "./cleuraEnvironment";
import { SHOOTS, succeeded } from "./scene";

const SHOOT = `${SHOOTS}/web`;

for (const kind of ["Gardener", "Cleura"] as const) {
  describe(`a saved plan on ${kind}, on the real engine`, function () {
    this.timeout(180_000);
    let sandbox: CleuraSandbox;
    let garden: Client;
    let stack: Stack;
    let env: Readonly<Record<string, string>>;
    let version = "1.33.4";
    let image: string | undefined;
    let after: string[] | undefined;

    const program = () => {
      const web = new gardener.ShootVersions("web", {
        shoot: { project: "demo", name: "web" },
        ...(image === undefined ? { kubernetes: { version } } : { machineImage: { version: image } }),
        ...(after !== undefined && { rollout: { after, soak: "1h" } }),
      });
      return Promise.resolve({ state: web.state, kubernetesVersion: web.kubernetesVersion });
    };

    beforeEach(async () => {
      sandbox = await startSandbox({ speed: 50, cleura: true });
      garden = connect({ url: sandbox.garden.url, ca: sandbox.garden.ca, token: sandbox.garden.token });
      const { region, projectId } = sandbox.cleura;
      const config = { "gardener:cleuraRegion": region, "gardener:cleuraProjectId": projectId };
      stack = await openStack({ program, engine: await findEngine(), ...(kind === "Cleura" && { config }) });
      const file = path.join(stack.folder, "garden.yaml");
      await writeFile(file, sandbox.kubeconfig, { mode: 0o600 });
      env =
        kind === "Cleura"
          ? await cleuraEnvironment(sandbox.cleura, stack.folder)
          : { GARDEN_KUBECONFIG: file };
      [version, image, after] = ["1.33.4", undefined, undefined];
      succeeded(await stack.up({ env }));
      version = "1.33.7";
    });
    afterEach(async () => {
      garden.close();
      await stack.close();
      await sandbox.stop();
    });

    /** What Gardener's maintenance writes, and rolls out. */
    async function maintain(spec: JsonMap): Promise<void> {
      await garden.patch(SHOOT, "merge", { spec });
      await sandbox.reconciled();
    }

    /** Without checks and kubeconfigs. */
    function writes(): string[] {
      const calls =
        kind === "Cleura"
          ? sandbox.cleura.requests
          : sandbox.garden.requests.filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"));
      return calls
        .filter(({ method, query }) => /PATCH|PUT/.test(method) && query["dryRun"] === undefined)
        .map(({ method, path: target }) => `${method} ${target}`);
    }

    async function savedPlan(): Promise<string> {
      const plan = path.join(stack.folder, "plan.json");
      succeeded(await stack.preview({ env, savePlan: plan }));
      return plan;
    }
    const versionNow = async () => textAt(await garden.get(SHOOT), "spec", "kubernetes", "version");

    it("changes nothing where Gardener has reached the target", async () => {
      const plan = await savedPlan();
      await maintain({ kubernetes: { version: "1.33.7" } });
      succeeded(await stack.up({ env, plan }));
      expect(writes()).to.deep.equal([]);
      const { state, kubernetesVersion } = await stack.outputs();
      expect([state?.value, kubernetesVersion?.value]).to.deep.equal(["upToDate", "1.33.7"]);
    });

    it("is refused where Gardener is beyond the target, with both versions", async () => {
      const plan = await savedPlan();
      await maintain({ kubernetes: { version: "1.34.1" } });
      const run = await stack.up({ env, plan });
      expect(run.ok).to.equal(false);
      expect(run.stdout + run.stderr).to.match(
        /violates plan: .*kubernetesVersion\[\{1\.33\.7\}!=\{1\.34\.1\}\]/,
      );
      expect(writes()).to.deep.equal([]);
      succeeded(await stack.up({ env }));
      expect(writes()).to.deep.equal([]);
    });

    async function replaceImage(imageVersion: string): Promise<void> {
      const [pool] = mapsAt(await garden.get(SHOOT), "spec", "provider", "workers");
      const replaced = { name: "gardenlinux", version: imageVersion };
      await maintain({
        provider: { workers: [{ ...pool, machine: { ...map(pool?.machine), image: replaced } }] },
      });
    }

    describe("of a Shoot with nothing pending", () => {
      /** A new preview accepts what runs. */
      async function refused(plan: string, change: RegExp): Promise<void> {
        const run = await stack.up({ env, plan });
        expect(run.ok).to.equal(false);
        expect(run.stdout + run.stderr).to.match(change);
        succeeded(await stack.up({ env, plan: await savedPlan() }));
        const { state, kubernetesVersion } = await stack.outputs();
        expect([state?.value, kubernetesVersion?.value]).to.deep.equal(["upToDate", await versionNow()]);
        expect(writes()).to.deep.equal([]);
      }

      it("is refused with the new image where Gardener has replaced it, which is not declared", async () => {
        version = "1.33.4";
        const plan = await savedPlan();
        await replaceImage("1592.14.0");
        await refused(plan, /violates plan: properties changed: .*workers.*version:\{1592\.14\.0\}/);
      });

      it("is refused with the new version where Gardener has raised Kubernetes, which is not declared", async () => {
        image = "1592.10.0";
        succeeded(await stack.up({ env }));
        const plan = await savedPlan();
        await maintain({ kubernetes: { version: "1.33.7" } });
        await refused(plan, /violates plan: properties changed: .*kubernetesVersion\[\{1\.33\.7\}\]/);
      });
    });

    it("is performed where Gardener has replaced the image, which is not declared", async () => {
      const plan = await savedPlan();
      await replaceImage("1592.14.0");
      succeeded(await stack.up({ env, plan }));
      expect(writes()).to.have.length(1);
      expect(await versionNow()).to.equal("1.33.7");
    });

    it("is performed where the rollout was pending in the preview, and may be started by then", async () => {
      after = [""];
      const plan = await savedPlan();
      after = ["2026-01-01T00:00:00Z"];
      succeeded(await stack.up({ env, plan }));
      expect(await versionNow()).to.equal("1.33.7");
    });

    it("leaves pending what may not be started any more", async () => {
      after = ["2026-01-01T00:00:00Z"];
      const plan = await savedPlan();
      after = [""];
      succeeded(await stack.up({ env, plan }));
      expect(writes()).to.deep.equal([]);
      expect((await stack.outputs())["state"]?.value).to.equal("pending");
    });
  });
}
