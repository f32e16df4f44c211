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

  async function verdictOn(...answer: Parameters<typeof status>) {
    server.on(`PATCH ${shootPath}`, status(...answer));
    return garden.dryRun(change);
  }

  it("is one strategic merge patch that holds Kubernetes, pools and the guards, and nothing else", async () => {
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

  it("that is judged is the same patch with dryRun=All", async () => {
    server.on(`PATCH ${shootPath}`, json(shootObject()));
    await garden.apply(change);
    await garden.dryRun(change);
    const [applied, judged] = server.requests;
    expect(judged?.body).to.equal(applied?.body);
    expect(judged?.query).to.deep.equal({ fieldManager: "pulumi-gardener", dryRun: "All" });
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

  it("that is accepted brings the Shoot and the server's warnings", async () => {
    server.on(`PATCH ${shootPath}`, (_seen, response) => {
      response.setHeader("Warning", ['299 - "spec.addons is deprecated, use \\"x\\""', '299 - "another"']);
      sendJson(response, shootObject({ version: "1.34.3", resourceVersion: "101" }));
    });
    const verdict = await garden.apply(change);
    if (verdict.kind !== "accepted") throw new Error(verdict.kind);
    expect(verdict.shoot).to.include({ kubernetesVersion: "1.34.3", resourceVersion: "101" });
    expect(verdict.warnings).to.deep.equal(['spec.addons is deprecated, use "x"', "another"]);
  });

  it("is a conflict where the Shoot has moved, with the server's words", async () => {
    const words =
      'Operation cannot be fulfilled on shoots.core.gardener.cloud "web": the object has been modified';
    expect(await verdictOn(409, "Conflict", words)).to.deep.equal({ kind: "conflict", message: words });
  });

  it("is forbidden where RBAC refuses", async () => {
    server.on(`PATCH ${shootPath}`, forbidden("patch", "shoots"));
    const verdict = await garden.dryRun(change);
    if (verdict.kind !== "forbidden") throw new Error(verdict.kind);
    expect(verdict.message).to.contain('User "jane" cannot patch resource "shoots"');
  });

  it("is refused where an admission plugin refuses, though that is 403 as well", async () => {
    const words =
      'shoots.core.gardener.cloud "web" is forbidden: [spec.kubernetes.version: Unsupported value: "1.34.99", spec.x: Forbidden]';
    expect(await verdictOn(403, "Forbidden", words)).to.deep.equal({
      kind: "refused",
      message: 'spec.kubernetes.version: Unsupported value: "1.34.99", spec.x: Forbidden',
    });
  });

  it("is refused where validation refuses, with every cause", async () => {
    const verdict = await verdictOn(422, "Invalid", 'Shoot.core.gardener.cloud "web" is invalid: […]', {
      causes: [
        {
          field: "spec.kubernetes.version",
          reason: "FieldValueForbidden",
          message: "Forbidden: no downgrade",
        },
        { field: "spec.provider.workers[0]", reason: "FieldValueInvalid", message: "Invalid value: 1" },
      ],
    });
    expect(verdict).to.deep.equal({
      kind: "refused",
      message: "spec.kubernetes.version: Forbidden: no downgrade; spec.provider.workers[0]: Invalid value: 1",
    });
  });

  it("is refused where a webhook refuses, whose name is kept", async () => {
    const words = 'admission webhook "policy.example.org" denied the request: not on Fridays';
    expect(await verdictOn(400, "BadRequest", words)).to.deep.equal({ kind: "refused", message: words });
  });

  it("of a Shoot that is gone says so", async () => {
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
