/** What a user may do with the permissions that docs/permissions.md documents, and the message when one of them is missing. */
import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import type { Garden } from "../../provider/garden/garden";
import { openGarden } from "../../provider/garden/open";
import { at } from "../../sandbox/json";
import { connectWith, installCommand, runExec } from "./exec";
import { documentedRules, without, type PolicyRule, type Right } from "./permissions";
import { messagesOf, NAMESPACE, SHOOTS, succeeded, type GardenScene } from "./scene";
import { failureOf, previewed, upgraded, web } from "./withoutEngine";

const SHOOT = `${SHOOTS}/web`;

export function rightsSuite(setScene: () => Promise<GardenScene>): void {
  let scene: GardenScene;
  let folder: string;
  let documented: readonly PolicyRule[];

  before(async () => {
    scene = await setScene();
    folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
    documented = await documentedRules();
  });
  after(async () => {
    await scene.close();
    await rm(folder, { recursive: true });
  });

  const generation = async () => at(await scene.garden.get(SHOOT), "metadata", "generation");

  const program = (version: string) => async () => {
    const cluster = new gardener.ShootVersions("web", { shoot: web, kubernetes: { version } });
    const { kubernetes } = await gardener.getUpgrades({ shoot: web });
    return {
      version: cluster.kubernetesVersion,
      kubeconfig: cluster.kubeconfig,
      available: kubernetes.minors.map((minor) => minor.version),
      issued: gardener.getShootKubeconfigOutput({ shoot: web }).kubeconfig,
    };
  };

  describe("with all of them", () => {
    it("adopts, previews with the garden's dry run, upgrades, reads the nodes and issues a kubeconfig", async () => {
      const kubeconfig = await scene.addUser("ci", documented);
      const stack = await scene.open({ program: program("1.33.7") }, kubeconfig);
      succeeded(await stack.up());
      const preview = succeeded(await stack.preview());
      expect(messagesOf(preview, "web")).to.contain("1.33.4 → 1.33.7");
      const upgraded = succeeded(await stack.up());
      expect(messagesOf(upgraded, "web")).to.contain("3 nodes verified");
      for (const { messages } of [preview, upgraded]) {
        const texts = messages.map(({ text }) => text).join("\n");
        expect(texts).not.to.contain("GU043").and.not.to.contain("is missing");
      }

      const outputs = await stack.outputs();
      expect(outputs["version"]?.value).to.equal("1.33.7");
      expect(outputs["available"]?.value).to.include("1.34.3");
      expect(String(outputs["issued"]?.value)).to.contain("client-certificate-data");
      const given = String(outputs["kubeconfig"]?.value);
      const credential = await runExec(
        given,
        { GARDEN_KUBECONFIG: path.join(stack.folder, "garden.yaml") },
        { bin: await installCommand(stack.folder), cwd: stack.folder },
      );
      expect(credential).to.include({ code: 0, stderr: "" });
      const cluster = connectWith(given, credential.stdout);
      try {
        expect((await cluster.list("/api/v1/nodes")).items).to.have.length(3);
      } finally {
        cluster.close();
      }
    });
  });

  describe("without patch", () => {
    it("previews without the garden's dry run, and fails before it writes", async () => {
      const kubeconfig = await scene.addUser(
        "reader",
        without(documented, { verb: "patch", resource: "shoots" }),
      );
      const upgrading = () => {
        new gardener.ShootVersions("web", {
          shoot: web,
          machineImage: { version: "1592.14.0" },
          adopt: "upgrade",
        });
        return Promise.resolve({});
      };
      const stack = await scene.open({ program: upgrading }, kubeconfig);
      const before = await generation();
      const preview = succeeded(await stack.preview());
      expect(messagesOf(preview, "web"))
        .to.contain("1592.10.0 → 1592.14.0")
        .and.to.match(/\[GU043\].*patch.*shoots/);
      const run = await stack.up();
      expect(run.ok).to.equal(false);
      const text = run.messages.map((message) => message.text).join("\n");
      expect(text)
        .to.match(/\[GU008\].*patch.*shoots.*garden-demo/)
        .and.to.contain("Nothing was written");
      expect(await generation()).to.equal(before);
    });
  });

  describe("without get on configmaps", () => {
    it("returns a kubeconfig with an address that names the missing right, and does everything else", async () => {
      const lacking = without(documented, { verb: "get", resource: "configmaps" });
      const kubeconfig = await scene.addUser("addressless", lacking);
      const declared = () => {
        const cluster = new gardener.ShootVersions("web", { shoot: web, kubernetes: { version: "1.33" } });
        return Promise.resolve({ kubeconfig: cluster.kubeconfig });
      };
      const stack = await scene.open({ program: declared }, kubeconfig);
      const run = succeeded(await stack.preview());
      expect(run.stdout).to.contain("https://the-right-to-get-configmaps-is-missing.invalid");
      expect(run.messages.filter(({ severity }) => severity !== "info")).to.deep.equal([]);
    });
  });

  describe("without a single one of them", () => {
    let users = 0;

    async function gardenWithout(...missing: readonly Right[]): Promise<Garden> {
      users += 1;
      const name = `lacks-${String(users)}`;
      const file = path.join(folder, `${name}.yaml`);
      const rules = missing.reduce(without, documented);
      await writeFile(file, await scene.addUser(name, rules), { mode: 0o600 });
      return openGarden({ kubeconfig: file }, { config: () => undefined, env: {} });
    }

    it("needs get on shoots for everything", async () => {
      const garden = await gardenWithout({ verb: "get", resource: "shoots" });
      expect(await previewed(garden, { kubernetes: { version: "1.33" } })).to.match(
        /\[GU008\].*right to get shoots in the namespace garden-demo/,
      );
    });

    it("needs get on namespacedcloudprofiles for a cluster on one", async () => {
      const onOwn = async (garden: Garden) => {
        const shoot = await garden.getShoot(await garden.locate({ kind: "project", ...web }));
        const cloudProfile = { kind: "NamespacedCloudProfile", name: "own" } as const;
        return failureOf(garden.getCloudProfile({ ...shoot, cloudProfile }));
      };
      expect(await onOwn(await gardenWithout({ verb: "get", resource: "namespacedcloudprofiles" }))).to.match(
        /\[GU008\].*right to get namespacedcloudprofiles in the namespace garden-demo/,
      );
      expect(await onOwn(await gardenWithout())).to.contain("[GU011]");
    });

    it("needs get on configmaps for the address in the kubeconfig output", async () => {
      const garden = await gardenWithout({ verb: "get", resource: "configmaps" });
      const shoot = await garden.getShoot({ namespace: NAMESPACE, name: "web" });
      expect(await failureOf(garden.clusterAccess(shoot))).to.match(
        /\[GU008\].*right to get configmaps in the namespace garden-demo/,
      );
    });

    for (const access of ["admin", "viewer"] as const) {
      it(`needs create on shoots/${access}kubeconfig for a kubeconfig of that kind`, async () => {
        const garden = await gardenWithout({ verb: "create", resource: `shoots/${access}kubeconfig` });
        expect(
          await failureOf(garden.requestKubeconfig({ namespace: NAMESPACE, name: "web" }, access, 600)),
        ).to.match(
          new RegExp(`\\[GU008\\].*right to create shoots/${access}kubeconfig in the namespace garden-demo`),
        );
      });
    }

    it("reports that nodes are not visible without create on shoots/viewerkubeconfig", async () => {
      const garden = await gardenWithout({ verb: "create", resource: "shoots/viewerkubeconfig" });
      const { message, ok } = await upgraded(garden, { machineImage: { version: "1592.14.0" } });
      expect(message)
        .to.contain("nodes not visible from here")
        .and.to.contain("right to create shoots/viewerkubeconfig");
      expect(ok).to.equal(true);
    });

    it("needs list on shoots to await a rollout", async () => {
      const garden = await gardenWithout({ verb: "list", resource: "shoots" });
      const before = await generation();
      const { message, ok } = await upgraded(garden, { kubernetes: { version: "1.34.3" } });
      expect(message).to.match(
        /\[GU008\].*right to list shoots in the namespace garden-demo.*Nothing was written/,
      );
      expect(ok).to.equal(false);
      expect(await generation()).to.equal(before);
    });

    it("needs watch on shoots to follow a rollout", async () => {
      const garden = await gardenWithout({ verb: "watch", resource: "shoots" });
      const before = await generation();
      const { message, ok } = await upgraded(garden, { machineImage: { version: "1877.3.0" } });
      expect(message).to.match(
        /\[GU008\].*right to watch shoots in the namespace garden-demo.*Nothing was written/,
      );
      expect(ok).to.equal(false);
      expect(await generation()).to.equal(before);
    });
  });
}
