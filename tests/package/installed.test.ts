import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";
import { findEngine } from "../../tools/engine/engine";
import { environment } from "../../tools/engine/environment";
import { repository } from "../../tools/engine/project";
import { copyConsumer, installIn, otherNode, succeed } from "./packed";

describe("the package, installed in an empty project", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
    await installIn(folder);
    await copyConsumer(folder);
  });
  after(() => rm(folder, { recursive: true }));

  const exported = "JSON.stringify(Object.keys(gardener).filter((name) => /^[A-Z]/.test(name)).sort())";
  const names = [
    "Access",
    "Adopt",
    "AutomaticUpgradeKind",
    "AutomaticUpgradeReason",
    "FindingSeverity",
    "KubernetesChannel",
    "MachineImageChannel",
    "PreflightCheck",
    "PreflightOutcome",
    "Prepare",
    "RollingUpgrade",
    "RolloutState",
    "ShootPurpose",
    "ShootStatus",
    "ShootVersions",
    "VersionClassification",
    "WhenNewer",
    "WorkerRollout",
  ];

  it("is required by CommonJS", async () => {
    const script = `const gardener = require("pulumi-gardener"); console.log(${exported})`;
    const text = await succeed(process.execPath, ["--input-type=commonjs", "-e", script], { cwd: folder });
    expect(JSON.parse(text)).to.deep.equal(names);
  });

  it("is imported by ES modules, by name", async () => {
    const script = `import * as gardener from "pulumi-gardener"; console.log(${exported})`;
    const text = await succeed(process.execPath, ["--input-type=module", "-e", script], { cwd: folder });
    expect(JSON.parse(text)).to.include.members(names);
  });

  it("has types that compile in CommonJS and ES modules without other type packages", async () => {
    const compilerOptions = { module: "node20", strict: true, noEmit: true, types: [] };
    const files = ["types.cts", "types.mts"];
    await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const tsc = path.join(repository, "node_modules", "typescript", "bin", "tsc");
    expect(await succeed(process.execPath, [tsc, "-p", folder])).to.equal("");
  });

  describe("a program in it, on the real engine", () => {
    let sandbox: Sandbox;

    before(async () => {
      sandbox = await startSandbox({ speed: 20 });
    });
    after(() => sandbox.stop());

    it("has the command, which prints a report that the published schema accepts", async () => {
      const kubeconfig = path.join(folder, "report-garden.yaml");
      await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
      const args = ["--no", "pulumi-gardener", "report", "--format", "json", "--kubeconfig", kubeconfig];
      const report: unknown = JSON.parse(await succeed("npx", args, { cwd: folder }));
      const script = 'console.log(JSON.stringify(require("pulumi-gardener/report.schema.json")))';
      const schema = await succeed(process.execPath, ["-e", script], { cwd: folder });
      const validate = new Ajv2020({ validateFormats: false }).compile(JSON.parse(schema));
      validate(report);
      expect(validate.errors).to.equal(null);
      expect(report).to.have.nested.property("shoots[0].shoot", "garden-demo/web");
    });

    /** Runs one of the programs to its end in a stack of its own. */
    async function runProgram(script: string, node: string): Promise<unknown> {
      const engine = await findEngine();
      const home = await mkdtemp(path.join(folder, "run-"));
      const kubeconfig = path.join(home, "garden.yaml");
      await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
      const stack = path.join(home, "stack");
      await mkdir(stack);
      const PATH = [path.dirname(node), process.env.PATH].join(path.delimiter);
      const env = {
        ...process.env,
        ...(await environment(home, engine, { PATH, GARDEN_KUBECONFIG: kubeconfig })),
        PULUMI_ROOT: engine.root ?? "",
        STACK_FOLDER: stack,
      };
      return JSON.parse(await succeed(node, [script], { cwd: folder, env }));
    }

    it("adopts and upgrades as CommonJS", async () => {
      const result = await runProgram("program.cjs", process.execPath);
      expect(result).to.include({ node: process.versions.node, kubernetesVersion: "1.33.7" });
    });

    it("runs as an ES module, on another release of Node.js", async () => {
      const node = await otherNode();
      const result = await runProgram("program.mjs", node);
      expect(result)
        .to.have.property("kubernetesVersion")
        .that.matches(/^1\.34\./);
      expect(result)
        .to.have.property("node")
        .that.matches(/^2[02]\./)
        .and.not.equals(process.versions.node);
    });
  });
});
