import { expect } from "chai";
import { at, child, list, map, mapsAt, text, textAt } from "../../json";
import { type Scene, startScene } from "./scene";

describe("The sandbox's Cleura API: reading", () => {
  let scene: Scene;
  const get = async (path: string) => (await scene.call("GET", path)).body;

  before(async () => {
    scene = await startScene();
  });

  after(() => scene.close());

  it("flattens a Shoot", async () => {
    const shoot = map(await get(scene.web));
    expect(shoot).to.deep.include({
      name: "web",
      namespace: "garden-demo",
      uid: "00000000-0000-4000-8000-000000000000",
      technical_id: "shoot--demo--web",
      region: "Sto2",
      purpose: "evaluation",
      cloud_profile_name: "sandbox",
      credentials_binding_name: "credentials",
      kubernetes: { version: "1.33.4" },
      networking: { type: "calico", nodes: "10.250.0.0/16" },
      maintenance: {
        auto_update: { kubernetes_version: true, machine_image_version: true },
        time_window: { begin: "160000+0000", end: "170000+0000" },
      },
      last_operation: {
        type: "Reconcile",
        state: "Succeeded",
        progress: 100,
        description: "Shoot cluster has been successfully reconciled.",
        last_update_time: "2026-11-23T04:00:00Z",
      },
    });
    expect(at(shoot, "status", "is_hibernated")).to.equal(false);
    expect(mapsAt(shoot, "status", "conditions").map((one) => text(one.type))).to.include("EveryNodeReady");
    expect(mapsAt(shoot, "status", "constraints")[0]).to.include({
      type: "HibernationPossible",
      status: "True",
    });
  });

  it("shows a worker group with its machine, its image and its bounds", async () => {
    expect(at(await get(scene.web), "shoot_provider", "workers", 0)).to.deep.equal({
      name: "pool-a",
      machine: {
        type: "m.large",
        architecture: "amd64",
        image: { name: "gardenlinux", version: "1592.10.0" },
      },
      minimum: 3,
      maximum: 3,
      max_surge: 1,
      max_unavailable: 0,
      volume: { size: "50Gi" },
      zones: ["a"],
    });
  });

  it("shows labels, annotations and taints as lists", async () => {
    scene.edit((shoot) => {
      Object.assign(map(mapsAt(shoot, "spec", "provider", "workers")[0]), {
        labels: { tier: "front" },
        annotations: { note: "kept" },
        taints: [{ key: "only", effect: "NoSchedule" }],
      });
    });
    expect(at(await get(scene.web), "shoot_provider", "workers", 0)).to.deep.include({
      labels: [{ key: "tier", value: "front" }],
      annotations: [{ key: "note", value: "kept" }],
      taints: [{ key: "only", value: "", effect: "NoSchedule" }],
    });
  });

  it("shows the last errors with their codes", async () => {
    scene.edit((shoot) => {
      child(shoot, "status").lastErrors = [
        {
          taskID: "t",
          description: "no quota",
          codes: ["ERR_INFRA_QUOTA_EXCEEDED"],
          lastUpdateTime: "2026-11-23T04:00:00Z",
        },
      ];
    });
    expect(at(await get(scene.web), "status", "last_errors")).to.deep.equal([
      {
        task_id: "t",
        description: "no quota",
        codes: ["ERR_INFRA_QUOTA_EXCEEDED"],
        last_update_time: "2026-11-23T04:00:00Z",
      },
    ]);
  });

  it("shows neither generations nor resourceVersions nor the Shoot's annotations", async () => {
    const shown = JSON.stringify(await get(scene.web));
    for (const word of ["eneration", "esourceVersion", "resource_version", "created-by", "managed"]) {
      expect(shown).not.to.contain(word);
    }
  });

  it("lists the project's Shoots as it shows them one by one", async () => {
    expect(await get(scene.shoots)).to.deep.equal([await get(scene.web)]);
  });

  it("shows the CloudProfiles, versions with their expiration", async () => {
    const profile = map(list(await get("/gardener/v2/public/cloud-profiles"))[0]);
    expect(textAt(profile, "name")).to.equal("sandbox");
    expect(at(profile, "kubernetes", "versions", 1)).to.deep.equal({
      version: "1.35.2",
      classification: "supported",
    });
    expect(at(profile, "kubernetes", "versions", 5)).to.deep.equal({
      version: "1.33.4",
      classification: "deprecated",
      expiration_date: "2026-12-23T04:00:00Z",
    });
    expect(at(profile, "machine_images", 0)).to.deep.include({
      name: "gardenlinux",
      update_strategy: "minor",
    });
    expect(at(profile, "machine_images", 0, "versions", 1)).to.deep.include({
      version: "1877.5.0",
      architectures: ["arm64"],
    });
  });

  it("answers 404 for an unknown cloud, region, project, Shoot or path; regions by their case", async () => {
    const { projectId } = scene.cleura;
    const message = async (path: string): Promise<string> => {
      const answer = await scene.call("GET", path);
      expect(answer.code, path).to.equal(404);
      expect(at(answer.body, "error", "code")).to.equal(404);
      return textAt(answer.body, "error", "message");
    };
    expect(await message("/gardener/v2/private/cloud-profiles")).to.contain("Cloud private");
    expect(await message(`/gardener/v2/public/shoots/sto2/${projectId}`)).to.contain("Region sto2");
    expect(await message("/gardener/v2/public/shoots/Sto2/other")).to.contain("Project other");
    expect(await message(`${scene.shoots}/none`)).to.contain("Shoot none");
    await message(`${scene.web}/nothing`);
    await message("/gardener/v3/public/cloud-profiles");
    await message("/");
  });
});
