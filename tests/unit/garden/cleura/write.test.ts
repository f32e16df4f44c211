import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import type { Change } from "../../../../provider/model/plan";
import { dropConnection, json, sendJson, type ApiServer, type Route } from "../support/api-server";
import { failureOf } from "../support/failures";
import { page } from "./fakeApi";
import {
  accepted,
  bodies,
  cleuraScene,
  notFound,
  operationObject,
  refusal,
  shootObject,
  shootPath,
  shootsPath,
  web,
  workerObject,
  type CleuraScene,
} from "./scene";

const poolPath = `${shootPath}/workers/pool-a`;

describe("a write through Cleura's API", () => {
  let scene: CleuraScene;
  let server: ApiServer;
  let garden: Garden;

  beforeEach(async () => {
    scene = await cleuraScene();
    ({ server, garden } = scene);
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`PATCH ${shootPath}`, accepted(shootObject({ kubernetes: { version: "1.33.7" } })));
    server.on(`PUT ${poolPath}`, accepted(shootObject()));
  });
  afterEach(() => scene.close());

  async function change(parts: Partial<Change>): Promise<Change> {
    const { uid, resourceVersion } = await garden.getShoot(web);
    return { shoot: web, uid, resourceVersion, workers: [], ...parts };
  }

  const kubernetes = () => change({ kubernetesVersion: "1.33.7" });
  const image = (name = "pool-a", machineImage = { name: "gardenlinux", version: "1877.9.0" }) =>
    change({ workers: [{ name, machineImage }] });
  const thrownBy = (write: Promise<unknown>) =>
    write.then(
      () => undefined,
      (error: unknown) => error,
    );
  const writes = () => server.calls().filter((call) => !call.startsWith("GET"));

  it("of a Kubernetes version contains that alone", async () => {
    expect((await garden.apply(await kubernetes())).kind).to.equal("accepted");
    expect(bodies(server, "PATCH")).to.deep.equal([{ kubernetes: "1.33.7" }]);
    expect(writes()).to.deep.equal([`PATCH ${shootPath}`]);
  });

  it("of a pool's image contains all fields of the pool, so that none is lost", async () => {
    expect((await garden.apply(await image())).kind).to.equal("accepted");
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
    expect(writes()).to.deep.equal([`PUT ${poolPath}`]);
  });

  it("is refused before it is made if the pool has another image name, which the API cannot change", async () => {
    const result = await garden.apply(await image("pool-a", { name: "flatcar", version: "1.0.0" }));
    expect(result).to.deep.equal({
      kind: "refused",
      message:
        "Shoot web has the machine image gardenlinux in worker pool pool-a, and Cleura's API cannot change it to flatcar",
    });
    expect(writes()).to.deep.equal([]);
  });

  it("of a pool's image sends labels back in the form in which they came", async () => {
    const labels = { tier: "a" };
    server.on(
      `GET ${shootPath}`,
      json(shootObject({ shoot_provider: { workers: [workerObject({ labels })] } })),
    );
    await garden.apply(await image());
    expect(bodies(server, "PUT")[0]).to.deep.include({ labels, annotations: [] });
  });

  for (const field of ["labels", "annotations"]) {
    it(`is refused before it is made where ${field} are a map of objects, as in older versions of the API`, async () => {
      const pool = workerObject({ [field]: { tier: { key: "tier", value: "a" } } });
      server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: [pool] } })));
      const given = await image();
      const { message } = await failureOf(garden.apply(given), "GU018");
      expect(message)
        .to.contain(`Shoot web: shoot_provider.workers[0].${field} is a map of objects`)
        .and.to.contain("Nothing was written.");
      expect(writes()).to.deep.equal([]);
    });
  }

  it("of a Kubernetes version is made where labels are a map of objects: it does not send them", async () => {
    const pool = workerObject({ labels: { tier: { key: "tier", value: "a" } } });
    server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: [pool] } })));
    expect((await garden.apply(await kubernetes())).kind).to.equal("accepted");
  });

  it("is not made if labels cannot be decoded, which are named", async () => {
    const pool = workerObject({ labels: { tier: { a: 1 } } });
    server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: [pool] } })));
    const given = await image();
    const { message } = await failureOf(garden.apply(given), "GU013");
    expect(message).to.contain("labels.tier");
    expect(writes()).to.deep.equal([]);
  });

  it("is made although pools and zones are in another order than in the plan", async () => {
    const pools = [workerObject({ zones: ["a", "b"] }), workerObject({ name: "pool-b" })];
    const turned = [workerObject({ name: "pool-b" }), workerObject({ zones: ["b", "a"] })];
    server.on(`GET ${shootPath}`, json(shootObject({ shoot_provider: { workers: pools } })));
    const given = await image();
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
      const given = await image();
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
      ["neither makes sense", {}, {}],
    ] as const) {
      it(`is accepted where ${what}`, async () => {
        expect(await write(answer, next)).to.have.property("kind", "accepted");
      });
    }
  });

  it("is busy if the server requests a pause: it is read and planned again", async () => {
    server.on(`PUT ${poolPath}`, (_seen, response) => sendJson(response, {}, 429, { "retry-after": "30" }));
    expect((await garden.apply(await image())).kind).to.equal("busy");
    expect(writes()).to.have.length(1);
  });

  it("is accepted with the new spec, and counted, although the answer shows the former one", async () => {
    server.on(`PATCH ${shootPath}`, accepted(shootObject()));
    const result = await garden.apply(await kubernetes());
    if (result.kind !== "accepted") throw new Error(result.kind);
    expect(result.shoot).to.include({ kubernetesVersion: "1.33.7", generation: 1, observedGeneration: 0 });
  });

  it("returns when it was accepted, by the server's clock", async () => {
    const date = "Mon, 23 Nov 2026 03:00:00 GMT";
    server.on(`PATCH ${shootPath}`, (_seen, response) => sendJson(response, shootObject(), 202, { date }));
    expect(await garden.apply(await kubernetes())).to.deep.include({ at: new Date("2026-11-23T03:00:00Z") });
  });

  it("is accepted whatever is in the answer's body", async () => {
    server.on(`PATCH ${shootPath}`, accepted({}));
    const result = await garden.apply(await kubernetes());
    if (result.kind !== "accepted") throw new Error(result.kind);
    expect(result.shoot).to.include({ kubernetesVersion: "1.33.7", generation: 1 });
  });

  for (const [what, live] of [
    ["its versions", shootObject({ kubernetes: { version: "1.33.6" } })],
    ["its pools", shootObject({ shoot_provider: { workers: [workerObject({ maximum: 9 })] } })],
    [
      "an operation that has begun",
      shootObject({ last_operation: operationObject({ state: "Processing" }) }),
    ],
    ["its uid", shootObject({ uid: "another" })],
  ] as const) {
    it(`is a conflict if the Shoot has changed: ${what}`, async () => {
      const given = await kubernetes();
      server.on(`GET ${shootPath}`, json(live));
      expect((await garden.apply(given)).kind).to.equal("conflict");
      expect(writes()).to.deep.equal([]);
    });
  }

  it("never makes a pool that the Shoot does not have", async () => {
    expect(await garden.apply(await image("pool-z"))).to.deep.equal({
      kind: "refused",
      message: "Shoot web has no worker pool pool-z",
    });
    expect(writes()).to.deep.equal([]);
  });

  it("is busy, with Cleura's message, while another change is in progress", async () => {
    server.on(`PUT ${poolPath}`, refusal(409, "The Shoot is being reconciled"));
    expect(await garden.apply(await image())).to.deep.equal({
      kind: "busy",
      message: "The Shoot is being reconciled",
    });
  });

  for (const code of [400, 422]) {
    it(`is refused with Cleura's message and its fields: ${code}`, async () => {
      server.on(
        `PATCH ${shootPath}`,
        refusal(code, "Not valid", [{ key: "kubernetes", value: "skips a minor" }]),
      );
      expect(await garden.apply(await kubernetes())).to.deep.equal({
        kind: "refused",
        message: "Not valid; kubernetes: skips a minor",
      });
    });
  }

  it("fails if the account may not write", async () => {
    server.on(`PATCH ${shootPath}`, refusal(403, "You do not have the privilege"));
    await failureOf(garden.apply(await kubernetes()), "GU008");
  });

  it("fails if the Shoot is gone", async () => {
    server.on(`PATCH ${shootPath}`, notFound);
    server.on(`GET ${shootsPath}`, json([]));
    await failureOf(garden.apply(await kubernetes()), "GU010");
  });

  it("reports an unknown outcome if the server fails, and is not repeated", async () => {
    server.on(`PATCH ${shootPath}`, refusal(500, "oops"));
    const { message } = await failureOf(garden.apply(await kubernetes()), "GU013");
    expect(message).to.contain("It is not known whether the change was written");
    expect(writes()).to.have.length(1);
  });

  for (const [what, route] of [
    ["a 500 after the write", refusal(500, "oops")],
    ["a 503 of a gateway after the write", page(503)],
    ["a connection that is reset", dropConnection],
    [
      "an answer that is cut off",
      (_seen, response) => {
        response.writeHead(202, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"name"', () => response.destroy());
      },
    ],
    ["a page in place of the answer", page(202)],
  ] satisfies readonly (readonly [string, Route])[]) {
    it(`has an unknown outcome after ${what}, and a read that shows it counts it`, async () => {
      const given = await kubernetes();
      server.on(`PATCH ${shootPath}`, route);
      expect(await thrownBy(garden.apply(given))).to.have.property("writeOutcome", "unknown");
      expect(writes()).to.have.length(1);
      expect(await garden.getShoot(web)).to.include({ generation: 0, observedGeneration: 0 });
      server.on(`GET ${shootPath}`, json(shootObject({ kubernetes: { version: "1.33.7" } })));
      expect(await garden.getShoot(web)).to.include({ generation: 1, observedGeneration: 0 });
    });
  }

  it("has a known outcome after a refusal, and does not count", async () => {
    const given = await kubernetes();
    server.on(`PATCH ${shootPath}`, refusal(403, "You do not have the privilege"));
    expect(await thrownBy(garden.apply(given))).to.have.property("writeOutcome", undefined);
    server.on(`GET ${shootPath}`, json(shootObject({ kubernetes: { version: "1.33.7" } })));
    expect(await garden.getShoot(web)).to.include({ generation: 0 });
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
      const given = await change(parts);
      let thrown: unknown;
      await garden.apply(given).catch((error: unknown) => (thrown = error));
      expect(thrown).to.be.an("error").with.property("name", "Error");
      expect(writes()).to.deep.equal([]);
    });
  }

  it("has no dry run", async () => {
    const given = await kubernetes();
    expect(() => garden.dryRun(given)).to.throw("no dry run");
  });
});
