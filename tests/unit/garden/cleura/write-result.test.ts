import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import { dropConnection, json, sendJson, type ApiServer, type Route } from "../support/api-server";
import { failureOf } from "../support/failures";
import { page } from "./fakeApi";
import { accepted, notFound, refusal, shootObject, shootPath, shootsPath, web } from "./scene";
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

  const thrownBy = (write: Promise<unknown>) =>
    write.then(
      () => undefined,
      (error: unknown) => error,
    );

  it("is busy if the server requests a pause: it is read and planned again", async () => {
    server.on(`PUT ${poolPath}`, (_seen, response) => sendJson(response, {}, 429, { "retry-after": "30" }));
    expect((await garden.apply(await scene.image())).kind).to.equal("busy");
    expect(scene.writes()).to.have.length(1);
  });

  it("is accepted with the new spec, and counted, although the answer shows the former one", async () => {
    server.on(`PATCH ${shootPath}`, accepted(shootObject()));
    const result = await garden.apply(await scene.kubernetes());
    if (result.kind !== "accepted") throw new Error(result.kind);
    expect(result.shoot).to.include({ kubernetesVersion: "1.33.7", generation: 1, observedGeneration: 0 });
  });

  it("returns when it was accepted, by the server's clock", async () => {
    const date = "Mon, 23 Nov 2026 03:00:00 GMT";
    server.on(`PATCH ${shootPath}`, (_seen, response) => sendJson(response, shootObject(), 202, { date }));
    expect(await garden.apply(await scene.kubernetes())).to.deep.include({
      at: new Date("2026-11-23T03:00:00Z"),
    });
  });

  it("is accepted whatever is in the answer's body", async () => {
    server.on(`PATCH ${shootPath}`, accepted({}));
    const result = await garden.apply(await scene.kubernetes());
    if (result.kind !== "accepted") throw new Error(result.kind);
    expect(result.shoot).to.include({ kubernetesVersion: "1.33.7", generation: 1 });
  });

  it("is busy, with Cleura's message, while another change is in progress", async () => {
    server.on(`PUT ${poolPath}`, refusal(409, "The Shoot is being reconciled"));
    expect(await garden.apply(await scene.image())).to.deep.equal({
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
      expect(await garden.apply(await scene.kubernetes())).to.deep.equal({
        kind: "refused",
        message: "Not valid; kubernetes: skips a minor",
      });
    });
  }

  it("fails if the account may not write", async () => {
    server.on(`PATCH ${shootPath}`, refusal(403, "You do not have the privilege"));
    await failureOf(garden.apply(await scene.kubernetes()), "GU008");
  });

  it("fails if the Shoot is gone", async () => {
    server.on(`PATCH ${shootPath}`, notFound);
    server.on(`GET ${shootsPath}`, json([]));
    await failureOf(garden.apply(await scene.kubernetes()), "GU010");
  });

  it("reports an unknown outcome if the server fails, and is not repeated", async () => {
    server.on(`PATCH ${shootPath}`, refusal(500, "oops"));
    const { message } = await failureOf(garden.apply(await scene.kubernetes()), "GU013");
    expect(message).to.contain("It is not known whether the change was written");
    expect(scene.writes()).to.have.length(1);
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
      const given = await scene.kubernetes();
      server.on(`PATCH ${shootPath}`, route);
      expect(await thrownBy(garden.apply(given))).to.have.property("writeOutcome", "unknown");
      expect(scene.writes()).to.have.length(1);
      expect(await garden.getShoot(web)).to.include({ generation: 0, observedGeneration: 0 });
      server.on(`GET ${shootPath}`, json(shootObject({ kubernetes: { version: "1.33.7" } })));
      expect(await garden.getShoot(web)).to.include({ generation: 1, observedGeneration: 0 });
    });
  }

  it("has a known outcome after a refusal, and does not count", async () => {
    const given = await scene.kubernetes();
    server.on(`PATCH ${shootPath}`, refusal(403, "You do not have the privilege"));
    expect(await thrownBy(garden.apply(given))).to.have.property("writeOutcome", undefined);
    server.on(`GET ${shootPath}`, json(shootObject({ kubernetes: { version: "1.33.7" } })));
    expect(await garden.getShoot(web)).to.include({ generation: 0 });
  });
});
