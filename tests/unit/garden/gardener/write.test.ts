import { expect } from "chai";
import type { Garden } from "../../../../provider/garden/garden";
import type { Change } from "../../../../provider/model/plan";
import { forbidden, json, sendJson, status } from "../support/api-server";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { listOf, shootObject, shootPath, shootsPath, web } from "../support/fixtures";

const change: Change = {
  shoot: web,
  uid: "u-1",
  resourceVersion: "100",
  kubernetesVersion: "1.34.3",
  workers: [
    { name: "pool-a", machineImage: { name: "gardenlinux", version: "1877.3.0" } },
    { name: "pool-b", kubernetesVersion: "1.33.4" },
    { name: "pool-c" },
  ],
};

describe("a change of a Shoot", () => {
  const server = apiServerPerTest();
  let garden: Garden;
  beforeEach(async () => {
    garden = await gardenAt({ server: server.url });
  });

  async function resultOf(...answer: Parameters<typeof status>) {
    server.on(`PATCH ${shootPath}`, status(...answer));
    return garden.dryRun(change);
  }

  it("is one strategic merge patch with Kubernetes version, pools, uid and resourceVersion only", async () => {
    server.on(`PATCH ${shootPath}`, json(shootObject({ version: "1.34.3" })));
    await garden.apply(change);
    expect(server.calls()).to.deep.equal([`PATCH ${shootPath}`]);
    const [request] = server.requests;
    expect(request?.query).to.deep.equal({ fieldManager: "pulumi-gardener" });
    expect(request?.headers["content-type"]).to.equal("application/strategic-merge-patch+json");
    expect(JSON.parse(request?.body ?? "")).to.deep.equal({
      metadata: { uid: "u-1", resourceVersion: "100" },
      spec: {
        kubernetes: { version: "1.34.3" },
        provider: {
          workers: [
            { name: "pool-a", machine: { image: { name: "gardenlinux", version: "1877.3.0" } } },
            { name: "pool-b", kubernetes: { version: "1.33.4" } },
          ],
        },
      },
    });
  });

  it("is dated by the server's clock", async () => {
    server.on(`PATCH ${shootPath}`, (_seen, response) => {
      response.setHeader("date", "Mon, 23 Nov 2026 12:34:56 GMT");
      sendJson(response, shootObject());
    });
    expect(await garden.apply(change)).to.deep.include({ at: new Date("2026-11-23T12:34:56Z") });
  });

  it("leaves out the pools where none changes", async () => {
    server.on(`PATCH ${shootPath}`, json(shootObject()));
    await garden.apply({ ...change, workers: [] });
    expect(JSON.parse(server.requests[0]?.body ?? "")).to.deep.equal({
      metadata: { uid: "u-1", resourceVersion: "100" },
      spec: { kubernetes: { version: "1.34.3" } },
    });
  });

  it("is the same patch with dryRun=All in a dry run", async () => {
    server.on(`PATCH ${shootPath}`, json(shootObject()));
    await garden.apply(change);
    await garden.dryRun(change);
    const [applied, validated] = server.requests;
    expect(validated?.body).to.equal(applied?.body);
    expect(validated?.query).to.deep.equal({ fieldManager: "pulumi-gardener", dryRun: "All" });
  });

  it("that is empty is never sent", async () => {
    const empty = { ...change, kubernetesVersion: undefined, workers: [{ name: "pool-a" }] };
    for (const sending of [garden.apply(empty), garden.dryRun(empty)]) {
      let thrown: unknown;
      await sending.catch((error: unknown) => (thrown = error));
      expect(thrown).to.be.instanceOf(Error);
    }
    expect(server.requests).to.be.empty;
  });

  it("returns the Shoot and the server's warnings where it is accepted", async () => {
    server.on(`PATCH ${shootPath}`, (_seen, response) => {
      response.setHeader("Warning", ['299 - "spec.addons is deprecated, use \\"x\\""', '299 - "another"']);
      sendJson(response, shootObject({ version: "1.34.3", resourceVersion: "101" }));
    });
    const result = await garden.apply(change);
    if (result.kind !== "accepted") throw new Error(result.kind);
    expect(result.shoot).to.include({ kubernetesVersion: "1.34.3", resourceVersion: "101" });
    expect(result.warnings).to.deep.equal(['spec.addons is deprecated, use "x"', "another"]);
  });

  it("is a conflict where the Shoot has changed, with the server's message", async () => {
    const text =
      'Operation cannot be fulfilled on shoots.core.gardener.cloud "web": the object has been modified';
    expect(await resultOf(409, "Conflict", text)).to.deep.equal({ kind: "conflict", message: text });
  });

  it("is forbidden where RBAC refuses", async () => {
    server.on(`PATCH ${shootPath}`, forbidden("patch", "shoots"));
    const result = await garden.dryRun(change);
    if (result.kind !== "forbidden") throw new Error(result.kind);
    expect(result.message).to.contain('User "jane" cannot patch resource "shoots"');
  });

  it("is refused where an admission plugin refuses, though that is 403 as well", async () => {
    const text =
      'shoots.core.gardener.cloud "web" is forbidden: [spec.kubernetes.version: Unsupported value: "1.34.99", spec.x: Forbidden]';
    expect(await resultOf(403, "Forbidden", text)).to.deep.equal({
      kind: "refused",
      message: 'spec.kubernetes.version: Unsupported value: "1.34.99", spec.x: Forbidden',
    });
  });

  it("is refused where validation refuses, with every cause", async () => {
    const result = await resultOf(422, "Invalid", 'Shoot.core.gardener.cloud "web" is invalid: […]', {
      causes: [
        {
          field: "spec.kubernetes.version",
          reason: "FieldValueForbidden",
          message: "Forbidden: no downgrade",
        },
        { field: "spec.provider.workers[0]", reason: "FieldValueInvalid", message: "Invalid value: 1" },
      ],
    });
    expect(result).to.deep.equal({
      kind: "refused",
      message: "spec.kubernetes.version: Forbidden: no downgrade; spec.provider.workers[0]: Invalid value: 1",
    });
  });

  it("is refused where a webhook refuses, whose name is kept", async () => {
    const text = 'admission webhook "policy.example.org" denied the request: not on Fridays';
    expect(await resultOf(400, "BadRequest", text)).to.deep.equal({ kind: "refused", message: text });
  });

  it("of a deleted Shoot fails with the similar names", async () => {
    server.on(`PATCH ${shootPath}`, status(404, "NotFound", "not found"));
    server.on(`GET ${shootsPath}`, json(listOf([{ metadata: { name: "mail" } }])));
    await failureOf(garden.apply(change), "GU010");
  });

  it("goes out on a connection of its own", async () => {
    server.on(`GET ${shootPath}`, json(shootObject()));
    server.on(`PATCH ${shootPath}`, json(shootObject()));
    await garden.getShoot(web);
    await garden.apply(change);
    expect(server.requests.map(({ headers }) => headers.connection)).to.deep.equal(["keep-alive", "close"]);
  });
});
