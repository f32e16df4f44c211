import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import { json, type ApiServer } from "../support/api-server";
import { failureOf } from "../support/failures";
import { accepted, bodies, operationObject, shootObject, shootPath, workerObject } from "./scene";
import { poolPath, writeScene, type WriteScene } from "./writes";

describe("a write through Cleura's API", () => {
  let scene: WriteScene;
  let server: ApiServer;
  let garden: Garden;

  beforeEach(async () => {
    scene = await writeScene();
    ({ server, garden } = scene);
  });
  afterEach(() => scene.close());

  it("of a Kubernetes version contains that alone", async () => {
    expect((await garden.apply(await scene.kubernetes())).kind).to.equal("accepted");
    expect(bodies(server, "PATCH")).to.deep.equal([{ kubernetes: "1.33.7" }]);
    expect(scene.writes()).to.deep.equal([`PATCH ${shootPath}`]);
  });

  it("of a pool's image contains all fields of the pool, so that none is lost", async () => {
    expect((await garden.apply(await scene.image())).kind).to.equal("accepted");
    expect(bodies(server, "PUT")).to.deep.equal([
      {
        machine: { type: "b.2c4gb", image_version: "1877.9.0" },
        minimum: 3,
        maximum: 5,
        max_surge: 1,
        volume_size: "50Gi",
        zones: ["nova"],
        labels: [],
        annotations: [],
        taints: [],
      },
    ]);
    expect(scene.writes()).to.deep.equal([`PUT ${poolPath}`]);
  });

  it("is refused before the request if the pool has another image name, which the API cannot change", async () => {
    const result = await garden.apply(await scene.image("pool-a", { name: "flatcar", version: "1.0.0" }));
    expect(result).to.deep.equal({
      kind: "refused",
      message:
        "Shoot web has the machine image gardenlinux in worker pool pool-a, and Cleura's API cannot change it to flatcar",
    });
    expect(scene.writes()).to.deep.equal([]);
  });

  it("of a pool's image sends labels in the form in which they were read", async () => {
    const labels = { tier: "a" };
    server.on(
      `GET ${shootPath}`,
      json(shootObject({ shoot_provider: { workers: [workerObject({ labels })] } })),
    );
    await garden.apply(await scene.image());
    expect(bodies(server, "PUT")[0]).to.deep.include({ labels, annotations: [] });
  });

  for (const field of ["labels", "annotations"]) {
    it(`is refused before the request where ${field} are a map of objects, as in older versions of the API`, async () => {
      const pool = workerObject({ [field]: { tier: { key: "tier", value: "a" } } });
      server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: [pool] } })));
      const given = await scene.image();
      const { message } = await failureOf(garden.apply(given), "GU018");
      expect(message)
        .to.contain(`Shoot web: shoot_provider.workers[0].${field} is a map of objects`)
        .and.to.contain("Nothing was written.");
      expect(scene.writes()).to.deep.equal([]);
    });
  }

  it("of a Kubernetes version is sent where labels are a map of objects: it does not send them", async () => {
    const pool = workerObject({ labels: { tier: { key: "tier", value: "a" } } });
    server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: [pool] } })));
    expect((await garden.apply(await scene.kubernetes())).kind).to.equal("accepted");
  });

  it("is not sent if labels cannot be decoded, which are named", async () => {
    const pool = workerObject({ labels: { tier: { a: 1 } } });
    server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: [pool] } })));
    const given = await scene.image();
    const { message } = await failureOf(garden.apply(given), "GU013");
    expect(message).to.contain("labels.tier");
    expect(scene.writes()).to.deep.equal([]);
  });

  it("is sent although pools and zones are in another order than in the plan", async () => {
    const pools = [workerObject({ zones: ["a", "b"] }), workerObject({ name: "pool-b" })];
    const turned = [workerObject({ name: "pool-b" }), workerObject({ zones: ["b", "a"] })];
    server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: pools } })));
    const given = await scene.image();
    server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: turned } })));
    expect((await garden.apply(given)).kind).to.equal("accepted");
  });

  describe("that races with a change by another user", () => {
    const running = (version: string, other = "1877.7.0") =>
      shootObject({
        shoot_provider: {
          workers: [
            workerObject({ machine: machineOf(version) }),
            workerObject({ name: "pool-b", machine: machineOf(other) }),
          ],
        },
      });
    const machineOf = (version: string) => ({ type: "b.2c4gb", image: { name: "gardenlinux", version } });

    async function write(answer: unknown, next: unknown): Promise<unknown> {
      server.on(`GET ${shootPath}`, json(running("1877.7.0")));
      const given = await scene.image();
      server.on(`PUT ${poolPath}`, accepted(answer));
      server.on(`GET ${shootPath}`, json(running("1877.7.0")), json(next));
      return garden.apply(given);
    }

    it("fails if the answer shows a newer image, and the next read the written one", async () => {
      const { message } = await failureOf(write(running("1877.10.0"), running("1877.9.0")), "GU051");
      expect(message).to.contain("pool-a was lowered from 1877.10.0 to 1877.9.0");
    });

    it("fails if the next read shows an older image than before", async () => {
      await failureOf(write(running("1877.9.0"), running("1877.6.0")), "GU051");
      await failureOf(write(running("1877.9.0"), running("1877.9.0", "1877.6.0")), "GU051");
    });

    for (const [what, answer, next] of [
      ["answer and read show it", running("1877.9.0"), running("1877.9.0")],
      ["both are of before", running("1877.7.0"), running("1877.7.0")],
      ["another user writes a newer one", running("1877.9.0"), running("1877.10.0")],
      ["neither can be decoded", {}, {}],
    ] as const) {
      it(`is accepted where ${what}`, async () => {
        expect(await write(answer, next)).to.have.property("kind", "accepted");
      });
    }
  });

  for (const [what, live] of [
    ["its versions", shootObject({ kubernetes: { version: "1.33.6" } })],
    ["its pools", shootObject({ shoot_provider: { workers: [workerObject({ maximum: 9 })] } })],
    [
      "an operation that has started",
      shootObject({ last_operation: operationObject({ state: "Processing" }) }),
    ],
    ["its uid", shootObject({ uid: "another" })],
  ] as const) {
    it(`is a conflict if the Shoot has changed: ${what}`, async () => {
      const given = await scene.kubernetes();
      server.on(`GET ${shootPath}`, json(live));
      expect((await garden.apply(given)).kind).to.equal("conflict");
      expect(scene.writes()).to.deep.equal([]);
    });
  }

  it("never adds a pool that the Shoot does not have", async () => {
    expect(await garden.apply(await scene.image("pool-z"))).to.deep.equal({
      kind: "refused",
      message: "Shoot web has no worker pool pool-z",
    });
    expect(scene.writes()).to.deep.equal([]);
  });

  for (const [what, parts] of [
    ["nothing", {}],
    [
      "Kubernetes with an image",
      {
        kubernetesVersion: "1.33.7",
        workers: [{ name: "pool-a", machineImage: { name: "gardenlinux", version: "1877.9.0" } }],
      },
    ],
    ["a pool's Kubernetes version", { workers: [{ name: "pool-a", kubernetesVersion: "1.33.7" }] }],
  ] as const) {
    it(`does not accept ${what}`, async () => {
      const given = await scene.change(parts);
      let thrown: unknown;
      await garden.apply(given).catch((error: unknown) => (thrown = error));
      expect(thrown).to.be.an("error").with.property("name", "Error");
      expect(scene.writes()).to.deep.equal([]);
    });
  }

  it("has no dry run", async () => {
    const given = await scene.kubernetes();
    expect(() => garden.dryRun(given)).to.throw("no dry run");
  });
});
