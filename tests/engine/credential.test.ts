import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { kubeconfigFor } from "../../components/kubeconfig";
import { openGarden } from "../../provider/garden/open";
import { isRecord } from "../../provider/model/json";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";
import { connectWith, installCommand, runExec, userOf, type CommandLocation } from "./exec";

describe("the exec entry of the kubeconfig output", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let folder: string;
  let file: string;
  let kubeconfig: string;
  let command: CommandLocation;

  before(async () => {
    sandbox = await startSandbox();
    folder = await mkdtemp(join(tmpdir(), "pulumi-gardener-"));
    command = { bin: await installCommand(folder), cwd: folder };
    file = join(folder, "garden.yaml");
    await writeFile(file, sandbox.kubeconfig, { mode: 0o600 });
    kubeconfig = await kubeconfigAt({});
  });
  after(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true });
  });

  async function kubeconfigAt(location: { readonly kubeconfig?: string }): Promise<string> {
    const garden = await openGarden({ kubeconfig: file }, { config: () => undefined, env: {} });
    const shoot = await garden.getShoot({ namespace: "garden-demo", name: "web" });
    const access = await garden.clusterAccess(shoot);
    if (access === undefined) throw new Error("The sandbox's Shoot has no address.");
    return kubeconfigFor("garden-demo/web", access, location);
  }

  async function nodesBehind(credential: string): Promise<readonly unknown[]> {
    const cluster = connectWith(kubeconfig, credential);
    try {
      return (await cluster.list("/api/v1/nodes")).items;
    } finally {
      cluster.close();
    }
  }

  it("prints an ExecCredential that opens the cluster until it expires", async () => {
    const { code, stdout, stderr } = await runExec(kubeconfig, { GARDEN_KUBECONFIG: file }, command);
    expect([code, stderr]).to.deep.equal([0, ""]);
    const printed: unknown = JSON.parse(stdout);
    expect(printed).to.include({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
    });
    const status = isRecord(printed) && isRecord(printed["status"]) ? printed["status"] : {};
    const { validTo } = new X509Certificate(String(status["clientCertificateData"]));
    expect(new Date(String(status["expirationTimestamp"])).getTime()).to.equal(new Date(validTo).getTime());
    expect(await nodesBehind(stdout)).to.have.length(3);
  });

  it("finds the garden's credentials in the stack's configuration, as the engine passes it on", async () => {
    const config = JSON.stringify({ "gardener:kubeconfig": sandbox.kubeconfig });
    const { code, stdout, stderr } = await runExec(kubeconfig, { PULUMI_CONFIG: config }, command);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(await nodesBehind(stdout)).to.have.length(3);
  });

  it("finds them where the program declares, before all other sources", async () => {
    const named = await kubeconfigAt({ kubeconfig: file });
    const { code, stdout } = await runExec(named, { GARDEN_KUBECONFIG: "/nowhere/garden.yaml" }, command);
    expect(code).to.equal(0);
    expect(await nodesBehind(stdout)).to.have.length(3);
  });

  it("never uses the ambient KUBECONFIG", async () => {
    const { code, stdout, stderr } = await runExec(kubeconfig, { KUBECONFIG: file, HOME: folder }, command);
    expect([code, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(/^pulumi-gardener: \[GU001\] [^\n]+\n$/);
  });

  it("reports in one line which right is missing", async () => {
    const user = { name: "reader", token: "token-of-the-reader" };
    sandbox.garden.users.add({ ...user, rules: [{ verbs: ["get"], resources: ["shoots"] }] });
    const other = join(folder, "reader.yaml");
    await writeFile(other, sandbox.garden.kubeconfigFor(user), { mode: 0o600 });
    const { code, stdout, stderr } = await runExec(kubeconfig, { GARDEN_KUBECONFIG: other }, command);
    expect([code, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(
      /^pulumi-gardener: \[GU008\] [^\n]*right to create shoots\/adminkubeconfig in the namespace garden-demo[^\n]*\n$/,
    );
    expect(stderr).not.to.contain(user.token);
  });

  it("reports in one line that no Shoot was named", async () => {
    const unnamed = kubeconfig.replace('"credential","garden-demo/web"', '"credential","web"');
    const { code, stderr } = await runExec(unnamed, { GARDEN_KUBECONFIG: file }, command);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^pulumi-gardener: \[GU021\] [^\n]*namespace\/name[^\n]*\n$/);
  });

  it("executes nothing of the folder that it is used in", async () => {
    const foreign = join(folder, "foreign");
    const trap = 'require("node:fs").writeFileSync(require("node:path").join(__dirname, "sprung"), "");';
    for (const name of ["pulumi-gardener", "js-yaml", "@kubernetes/client-node"]) {
      const module = join(foreign, "node_modules", name);
      await mkdir(module, { recursive: true });
      await writeFile(join(module, "index.js"), trap);
      await writeFile(join(module, "credential.js"), trap);
      await writeFile(join(module, "package.json"), JSON.stringify({ name, main: "index.js" }));
    }
    await mkdir(join(foreign, "node_modules", ".bin"));
    const own = `#!/bin/sh\ntouch "${join(foreign, "sprung")}"\n`;
    await writeFile(join(foreign, "node_modules", ".bin", "pulumi-gardener"), own, { mode: 0o755 });
    await writeFile(join(foreign, "pulumi-gardener"), own, { mode: 0o755 });
    const { code, stdout } = await runExec(
      kubeconfig,
      { GARDEN_KUBECONFIG: file },
      { ...command, cwd: foreign },
    );
    expect(code).to.equal(0);
    expect(await nodesBehind(stdout)).to.have.length(3);
    const left = await readdir(foreign, { recursive: true });
    expect(left.filter((name) => name.endsWith("sprung"))).to.deep.equal([]);
  });

  it("opens no kubeconfig that a path of the program's names in another folder", async () => {
    const relative = await kubeconfigAt({ kubeconfig: "garden.yaml" });
    const { code, stderr } = await runExec(relative, {}, command);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^pulumi-gardener: \[GU002\] garden\.kubeconfig: [^\n]*"garden\.yaml"[^\n]*\n$/);
    // The engine starts its plugins in the program's folder, with the stack's configuration.
    expect((await runExec(relative, { PULUMI_CONFIG: "{}" }, command)).code).to.equal(0);
  });

  it("names no path of the machine that it is made on, and reports how to install the command", () => {
    expect(kubeconfig).not.to.contain(folder).and.not.to.contain(process.cwd());
    const exec = userOf(kubeconfig);
    expect(exec.command).to.equal("pulumi-gardener");
    expect(exec.installHint).to.contain("npm install --global pulumi-gardener");
  });
});
