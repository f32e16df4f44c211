import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { openGarden } from "../../../provider/garden/open";
import { json, startApiServer, type ApiServer } from "./support/api-server";
import { failureOf } from "./support/failures";
import { shootObject, shootPath, web } from "./support/fixtures";
import { createFolder, kubeconfigOf, type Folder } from "./support/kubeconfigs";

describe("a garden that a program names", () => {
  let server: ApiServer;
  let folder: Folder;
  beforeEach(async () => {
    server = await startApiServer();
    server.on(`GET ${shootPath}`, json(shootObject()));
    folder = await createFolder();
  });
  afterEach(async () => {
    await server.close();
    await folder.remove();
  });

  const sources = { config: () => undefined, env: {} };

  it("fails when it is used, not when it is named", async () => {
    const garden = openGarden({}, sources);
    expect(garden.description).to.equal("the garden");
    await failureOf(garden.getShoot(web), "GU001");
    await failureOf(
      (async () => {
        for await (const event of garden.watchShoot(web, new AbortController().signal))
          expect.fail(event.kind);
      })(),
      "GU001",
    );
  });

  it("finds what was mended after a failure", async () => {
    const kubeconfig = `${folder.path}/garden.yaml`;
    const garden = openGarden({ kubeconfig }, sources);
    await failureOf(garden.getShoot(web), "GU002");
    await folder.write("garden.yaml", await kubeconfigOf({ server: server.url }));
    expect((await garden.getShoot(web)).ref).to.deep.equal(web);
    expect(garden.description).to.equal(`the garden ${server.url}`);
  });

  it("is one line for the same place, so that its connections are kept", async () => {
    const kubeconfig = await folder.write("garden.yaml", await kubeconfigOf({ server: server.url }));
    const ports = new Set<number | undefined>();
    server.on(`GET ${shootPath}`, (_seen, response) => {
      ports.add(response.socket?.remotePort);
      response.end(JSON.stringify(shootObject()));
    });
    await openGarden({ kubeconfig }, sources).getShoot(web);
    await openGarden({ kubeconfig }, sources).getShoot(web);
    expect(ports.size).to.equal(1);
  });

  it("loads neither a YAML parser nor client-node before it is used", function () {
    this.timeout(20_000);
    const root = resolve(__dirname, "../../..");
    const script = `
      require("./provider/garden/open"); require("./provider/garden/shared-reads");
      const heavy = Object.keys(require.cache).filter((file) => /node_modules.(js-yaml|@kubernetes)/.test(file));
      process.stdout.write(JSON.stringify(heavy));`;
    const run = spawnSync(process.execPath, ["-r", "./tests/register.js", "-e", script], {
      cwd: root,
      encoding: "utf8",
    });
    expect(run.stdout, run.stderr).to.equal("[]");
  });
});
