import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { createGardens } from "../../../provider/garden/gardens";
import { openGarden } from "../../../provider/garden/open";
import { systemClock } from "../../../provider/model/clock";
import { fakeCleura } from "./cleura/command";
import { sendJson } from "./support/api-server";
import { apiServerPerTest, folderPerTest } from "./support/perTest";
import { failureOf } from "./support/failures";
import { shootObject, shootPath, web } from "./support/fixtures";
import { kubeconfigOf } from "./support/kubeconfigs";

describe("opening the garden that a program names", () => {
  const server = apiServerPerTest();
  const folder = folderPerTest();
  let ports: Set<number | undefined>;

  beforeEach(async () => {
    ports = new Set();
    server.on(`GET ${shootPath}`, (_seen, response) => {
      ports.add(response.socket?.remotePort);
      sendJson(response, shootObject());
    });
  });

  const withConfig = (config: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) => ({
    config: (key: string) => config[key],
    env,
  });
  const sources = withConfig({});
  const gardens = () => createGardens(systemClock, 0);
  const authorizations = () => server.requests.map(({ headers }) => headers.authorization);

  async function kubeconfigFile(name: string, token = "good-token") {
    return folder.write(name, await kubeconfigOf({ server: server.url, user: { token } }));
  }

  it("fails where no kubeconfig is configured", async () => {
    await failureOf(openGarden({}, sources), "GU001");
    await failureOf(gardens().open({}, sources), "GU001");
  });

  it("reads configuration and kubeconfig, and sends nothing to the garden", async () => {
    const garden = await openGarden({ kubeconfig: await kubeconfigFile("garden.yaml") }, sources);
    expect(garden.description).to.equal(`the garden ${server.url}`);
    expect(server.requests).to.be.empty;
  });

  it("is tried again after a failure, and finds the kubeconfig that was written meanwhile", async () => {
    const all = gardens();
    const kubeconfig = `${folder.path}/garden.yaml`;
    await failureOf(all.open({ kubeconfig }, sources), "GU002");
    await kubeconfigFile("garden.yaml");
    expect((await (await all.open({ kubeconfig }, sources)).getShoot(web)).ref).to.deep.equal(web);
  });

  it("gives one garden for the same location, so that its connections are kept", async () => {
    const all = gardens();
    const kubeconfig = await kubeconfigFile("garden.yaml");
    await (await all.open({ kubeconfig }, sources)).getShoot(web);
    await (await all.open({ kubeconfig }, sources)).getShoot(web);
    expect(ports.size).to.equal(1);
  });

  it("gives one garden for calls at the same time", async () => {
    const all = gardens();
    const kubeconfig = await kubeconfigFile("garden.yaml");
    const [one, other] = await Promise.all([
      all.open({ kubeconfig }, sources),
      all.open({ kubeconfig }, sources),
    ]);
    expect(one).to.equal(other);
  });

  it("gives another garden for another kubeconfig of the same server", async () => {
    const all = gardens();
    for (const token of ["jane", "robot"]) {
      const kubeconfig = await kubeconfigFile(`${token}.yaml`, token);
      await (await all.open({ kubeconfig }, sources)).getShoot(web);
    }
    expect(authorizations()).to.deep.equal(["Bearer jane", "Bearer robot"]);
  });

  it("gives another garden for a stack with another kubeconfig in its configuration", async () => {
    const all = gardens();
    for (const token of ["jane", "robot"]) {
      const content = `${await kubeconfigOf({ server: server.url, user: { token } })}\n`;
      await (await all.open({}, withConfig({ "gardener:kubeconfig": content }))).getShoot(web);
    }
    expect(authorizations()).to.deep.equal(["Bearer jane", "Bearer robot"]);
  });

  it("gives another garden for another proxy", async () => {
    const all = gardens();
    const kubeconfig = await kubeconfigFile("garden.yaml");
    const direct = await all.open({ kubeconfig }, sources);
    const proxied = await all.open({ kubeconfig }, withConfig({}, { HTTPS_PROXY: "http://proxy.test:1" }));
    expect(proxied).not.to.equal(direct);
  });

  describe("on Cleura", () => {
    const profile = { region: "Sto2", project_id: "p1" };
    const withCommand = async (prints: Readonly<Record<string, unknown>> | string, exitCode = 0) =>
      withConfig({}, { PATH: await fakeCleura(folder, prints, exitCode), HOME: folder.path });

    it("gives one garden for the same settings", async () => {
      const all = gardens();
      const sources = await withCommand(profile);
      const one = await all.open({ cleura: {} }, sources);
      expect(await all.open({ cleura: {} }, sources)).to.equal(one);
      // What the profile gave is not read again.
      await fakeCleura(folder, "", 1);
      expect(await all.open({ cleura: {} }, sources)).to.equal(one);
    });

    it("gives one garden for the same region and project, however they are given", async () => {
      const all = gardens();
      const sources = await withCommand(profile);
      const one = await all.open({ cleura: {} }, sources);
      expect(await all.open({ cleura: { region: "Sto2", projectId: "p1" } }, sources)).to.equal(one);
    });

    it("gives another garden for other credentials", async () => {
      const all = gardens();
      const { env } = await withCommand(profile);
      const one = await all.open({ cleura: {} }, withConfig({}, { ...env, CLEURA_API_TOKEN: "one" }));
      const other = await all.open({ cleura: {} }, withConfig({}, { ...env, CLEURA_API_TOKEN: "other" }));
      expect(other).not.to.equal(one);
    });

    it("is tried again after a failure, and finds the login that was made meanwhile", async () => {
      const all = gardens();
      const sources = await withCommand("", 1);
      await failureOf(all.open({ cleura: {} }, sources), "GU015");
      await fakeCleura(folder, profile);
      expect((await all.open({ cleura: {} }, sources)).description).to.contain("Cleura");
    });
  });

  it("loads neither a YAML parser nor client-node before a garden is opened", function () {
    this.timeout(60_000);
    const root = resolve(__dirname, "../../..");
    const script = `
      require("./provider/garden/gardens");
      const heavy = Object.keys(require.cache).filter((file) => /node_modules.(js-yaml|@kubernetes)/.test(file));
      process.stdout.write(JSON.stringify(heavy));`;
    const run = spawnSync(process.execPath, ["-r", "./tests/register.js", "-e", script], {
      cwd: root,
      encoding: "utf8",
    });
    expect(run.stdout, run.stderr).to.equal("[]");
  });
});
