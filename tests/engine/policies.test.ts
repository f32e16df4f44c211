import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { connect, type Client } from "../../sandbox/client";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";
import { repository } from "../../tools/engine/project";
import { commandLine, executable, type CommandLine } from "./commandLine";
import type { Ended } from "./exec";
import { SHOOTS } from "./scene";

const modules = path.join(repository, "node_modules");

describe("the policy pack of examples/policies, on the real engine", function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let garden: Client;
  let home: string;
  let line: CommandLine;
  let program: string;

  before(async () => {
    sandbox = await startSandbox();
    const { url, ca, token } = sandbox.garden;
    garden = connect({ url, ca, token });
    home = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
    const kubeconfig = path.join(home, "garden.yaml");
    await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
    line = await commandLine(home, { GARDEN_KUBECONFIG: kubeconfig, PULUMI_STACK: "test" });
    // The launcher of packs, which the Pulumi CLI ships beside itself.
    const host = path.join(modules, "@pulumi", "pulumi", "cmd", "run-policy-pack");
    await executable(path.join(line.bin, "pulumi-analyzer-policy-nodejs"), `exec node "${host}" "$@"\n`);
    program = path.join(home, "program");
    await mkdir(program);
    await cp(path.join(repository, "examples", "policies"), path.join(home, "pack"), { recursive: true });
    for (const folder of [program, path.join(home, "pack")]) {
      await symlink(modules, path.join(folder, "node_modules"));
    }
    await writeFile(path.join(program, "Pulumi.yaml"), "name: test\nruntime: nodejs\n");
    await writeFile(path.join(program, "package.json"), '{ "name": "test", "main": "index.ts" }');
    const created = await line.execute("pulumi", ["stack", "init", "test", "--non-interactive"], {
      cwd: program,
    });
    expect(created.code, created.stderr).to.equal(0);
    // A preview of the adoption has the versions that run: nothing is written then.
    const adopted = await run("up", 'machineImage: { version: "1592.10.0" }', "--yes");
    expect(adopted.code, adopted.stdout).to.equal(0);
  });
  after(async () => {
    garden.close();
    await sandbox.stop();
    await rm(home, { recursive: true });
  });

  function preview(machineImage: string, more = ""): Promise<Ended> {
    return run(
      "preview",
      `machineImage: { version: "${machineImage}" }, ${more}`,
      "--policy-pack",
      path.join(home, "pack"),
    );
  }

  async function run(command: string, args: string, ...options: readonly string[]): Promise<Ended> {
    const declared = `{ shoot: { project: "demo", name: "web" }, ${args} }`;
    await writeFile(
      path.join(program, "index.ts"),
      `import * as gardener from "pulumi-gardener";\nnew gardener.ShootVersions("web", ${declared});\n`,
    );
    const flags = [command, ...options, "--non-interactive", "--color", "never"];
    return line.execute("pulumi", flags, { cwd: program });
  }

  const setPurpose = (purpose: string) => garden.patch(`${SHOOTS}/web`, "merge", { spec: { purpose } });

  it("lets a preview version pass outside production", async () => {
    const { code, stdout } = await preview("2150.0.0");
    expect(code, stdout).to.equal(0);
  });

  it("refuses a preview version in production, with the reason", async () => {
    await setPurpose("production");
    const { code, stdout } = await preview("2150.0.0");
    expect(code, stdout).not.to.equal(0);
    expect(stdout).to.contain("no-preview-version-in-production");
    expect(stdout).to.contain("gardenlinux of pool-a 2150.0.0 is a preview");
  });

  const crossing = 'kubernetes: { channel: "stable" }';

  it("refuses a channel that crosses minors in production", async () => {
    await setPurpose("production");
    const { code, stdout } = await preview("1592.10.0", crossing);
    expect(code, stdout).not.to.equal(0);
    expect(stdout).to.contain("no-minor-crossing-channel-in-production");
    expect(stdout).to.contain('kubernetes.channel is "stable", which crosses minors');
  });

  it("lets it pass outside production", async () => {
    await setPurpose("evaluation");
    const { code, stdout } = await preview("1592.10.0", crossing);
    expect(code, stdout).to.equal(0);
  });

  it("refuses a waiver whose date is far away", async () => {
    const waiver = '{ check: "drain", until: "2199-01-31", reason: "moves some day" }';
    const { code, stdout } = await preview("1592.10.0", `preflight: { waivers: [${waiver}] }`);
    expect(code, stdout).not.to.equal(0);
    expect(stdout)
      .to.contain("waivers-carry-a-date")
      .and.to.contain("The waiver for drain ends on 2199-01-31");
  });

  it("lets a supported version pass in production", async () => {
    await setPurpose("production");
    const { code, stdout } = await preview("1877.3.0");
    expect(code, stdout).to.equal(0);
  });
});
