import { expect } from "chai";
import { load } from "js-yaml";
import { shoots } from "../../api/resource";
import { announcement } from "../../cleura/announce";
import { type CleuraServer, startCleura } from "../../cleura/cleura";
import { at, isJson, type Json, text, textAt } from "../../json";
import { type CleuraSandbox, startSandbox } from "../../sandbox";
import { type Caller, callerOf } from "./caller";

describe("The sandbox with Cleura's API", () => {
  let sandbox: CleuraSandbox;
  let call: Caller;
  let close: () => void;
  let web: string;

  before(async () => {
    sandbox = await startSandbox({
      speed: 10_000,
      cleura: { staleness: { milliseconds: 0 }, preparationMilliseconds: 0 },
    });
    ({ call, close } = callerOf(sandbox.cleura));
    web = `/gardener/v2/public/shoots/${sandbox.cleura.region}/${sandbox.cleura.projectId}/web`;
  });

  after(async () => {
    close();
    await sandbox.stop();
  });

  it("rolls the garden's Shoot: an image, then a prepared minor", async () => {
    const pool = await call("PUT", `${web}/workers/pool-a`, {
      body: { machine: { image_version: "1877.3.0" } },
    });
    expect(pool.code).to.equal(202);
    await sandbox.reconciled();
    await call("PUT", `${web}/upgrade/prepare?target_version=1.34.3`);
    const upgrade = await call("PATCH", web, { body: { kubernetes: "1.34.3" } });
    expect(upgrade.code).to.equal(202);
    await sandbox.reconciled();
    const { body } = await call("GET", web);
    expect(textAt(body, "kubernetes", "version")).to.equal("1.34.3");
    expect(textAt(body, "last_operation", "state")).to.equal("Succeeded");
    const cluster = await sandbox.shootApis.clusterFor({ namespace: "garden-demo", name: "web" });
    const nodes = await cluster.listNodes();
    expect(nodes.every((node) => node.kubeletVersion === "v1.34.3" && node.osImage.includes("1877.3.0"))).to
      .be.true;
  });

  it("shows the uid of the garden's Shoot", async () => {
    const stored = sandbox.garden.store.get(shoots, "garden-demo", "web");
    const { body } = await call("GET", web);
    expect(textAt(body, "uid")).to.equal(textAt(stored, "metadata", "uid"));
  });

  describe("issues kubeconfigs", () => {
    const request = async (server: CleuraServer, version: "v2" | "v3", seconds: number) => {
      const caller = callerOf(server);
      const path = `/gardener/${version}/public/shoots/Sto2/${server.projectId}/web/admin-kubeconfig`;
      const answer = await caller.call("POST", path, { body: { expiration_seconds: seconds } });
      caller.close();
      return answer;
    };
    const contextOf = (yaml: Json | undefined): string => {
      const config: unknown = load(text(yaml));
      return isJson(config) ? textAt(config, "current-context") : "";
    };

    it("as YAML in JSON with the end of their life, by version 3", async () => {
      const { code, body } = await request(sandbox.cleura, "v3", 600);
      expect(code).to.equal(201);
      expect(contextOf(at(body, "kubeconfig"))).to.equal("garden-demo--web-external");
      expect(Date.parse(textAt(body, "expires_at"))).to.be.greaterThan(Date.now());
    });

    it("as YAML by version 2", async () => {
      const { code, body } = await request(sandbox.cleura, "v2", 600);
      expect(code).to.equal(201);
      expect(contextOf(body)).to.equal("garden-demo--web-external");
    });

    it("only by version 2 with rawKubeconfig", async () => {
      const older = await startCleura(sandbox.garden, { rawKubeconfig: true });
      expect((await request(older, "v3", 600)).code).to.equal(404);
      expect((await request(older, "v2", 600)).code).to.equal(201);
      await older.close();
    });

    it("for a lifetime that the garden gives", async () => {
      const { code, body } = await request(sandbox.cleura, "v3", 60);
      expect(code).to.equal(400);
      expect(textAt(body, "error", "errors", 0, "key")).to.equal("spec.expirationSeconds");
    });
  });

  it("prints what to export, that it is a simulation, and not the token", () => {
    const printed = announcement(sandbox.cleura, { ca: "ca.pem", token: "token-file" });
    expect(printed).to.contain("simulated").and.to.contain("not tried on Cleura");
    expect(printed).to.contain(`export CLEURA_API_URL=${sandbox.cleura.url}`);
    expect(printed).to.contain("export NODE_EXTRA_CA_CERTS=ca.pem").and.to.contain("$(cat token-file)");
    expect(printed).not.to.contain(sandbox.cleura.token);
  });

  it("is served only where it is requested", async () => {
    const plain = await startSandbox({ speed: 10_000 });
    expect(plain.cleura).to.equal(undefined);
    await plain.stop();
  });
});
