import { expect } from "chai";
import { type JsonMap, mapsAt } from "../../sandbox/json";
import {
  changePool,
  outcomeOf,
  rules,
  usePreflightScene,
  shootPath,
  type PreflightScene,
} from "./preflight-scene";
import { describeReal } from "./suite";
import { createProject, createShoot, shootObject } from "./world";

const SEEDS = "/apis/seedmanagement.gardener.cloud/v1alpha1/namespaces/garden/managedseeds";

describeReal("The findings of the preflight check of the Shoot itself on a real garden", () => {
  let scene: PreflightScene;

  usePreflightScene((set) => void (scene = set));

  const found = async () => rules(await scene.examine(), "shoot");

  it("are a pool without a surge, and one that is replaced all at once", async () => {
    await changePool(scene, { maxSurge: 0, maxUnavailable: 1 });
    expect(await found()).to.deep.equal(["warn noSurge garden-demo/web"]);
    await changePool(scene, { maxSurge: "100%", maxUnavailable: 0 });
    expect(await found()).to.deep.equal(["warn wholePoolAtOnce garden-demo/web"]);
    await changePool(scene, { maxSurge: 1 });
    expect(await found()).to.deep.equal([]);
  });

  it("are conditions that Gardener reports", async () => {
    const { client } = scene.scene.real.admin;
    const conditions = mapsAt(await client.get(shootPath), "status", "conditions");
    const report = (status: string) =>
      client.patch(`${shootPath}/status`, "merge", {
        status: { conditions: conditions.map((one, index) => (index === 0 ? { ...one, status } : one)) },
      });
    await report("False");
    expect(await found()).to.deep.equal(["warn readiness garden-demo/web"]);
    await report("True");
    expect(await found()).to.deep.equal([]);
  });

  async function createSmall(namespace: string, name: string, more: JsonMap): Promise<void> {
    const image = { name: "gardenlinux", version: "1592.10.0" };
    const workers = [{ name: "pool-a", minimum: 1, maximum: 3, machine: { image } }];
    const small = { cloudProfile: "local", kubernetesVersion: "1.33.4", workers, more };
    await createShoot(scene.scene.real.admin.client, namespace, shootObject(name, small));
    await scene.scene.reconciled();
  }

  it("are networks without room for the surge", async () => {
    await createSmall("garden-demo", "small", { networking: { type: "calico", nodes: "10.251.0.0/29" } });
    const result = await scene.examine({ of: { namespace: "garden-demo", name: "small" } });
    expect(rules(result, "shoot")).to.deep.equal(["warn networkTooSmall garden-demo/small"]);
  });

  it("are what Gardener does not support for a ManagedSeed", async () => {
    const { client } = scene.scene.real.admin;
    await createProject(client, "garden", "garden");
    await createSmall("garden", "seed", { dns: { domain: "seed.example" } });
    const of = { namespace: "garden", name: "seed" };
    const to = (kubernetesVersion: string, minor: string) => ({
      of,
      work: { minors: [minor], kubernetesVersion },
    });
    expect(outcomeOf(await scene.examine(to("1.36.0", "1.36")), "shoot")).to.equal("passed");
    await client.create(SEEDS, {
      metadata: { name: "seed" },
      spec: {
        shoot: { name: "seed" },
        gardenlet: {
          config: {
            apiVersion: "gardenlet.config.gardener.cloud/v1alpha1",
            kind: "GardenletConfiguration",
            seedConfig: {
              apiVersion: "core.gardener.cloud/v1beta1",
              kind: "Seed",
              spec: {
                dns: {
                  provider: { type: "local", credentialsRef: secret },
                  internal: { type: "local", domain: "internal.example", credentialsRef: secret },
                },
              },
            },
          },
        },
      },
    });
    expect(rules(await scene.examine(to("1.36.0", "1.36")), "shoot")).to.deep.equal([
      "warn managedSeed garden/seed",
    ]);
    expect(rules(await scene.examine(to("1.35.2", "1.35")), "shoot")).to.deep.equal([
      "warn managedSeedDeadlock garden/seed",
    ]);
    expect(outcomeOf(await scene.examine(to("1.35.4", "1.35")), "shoot")).to.equal("passed");
  });
});

const secret = { apiVersion: "v1", kind: "Secret", namespace: "garden", name: "credentials" };
