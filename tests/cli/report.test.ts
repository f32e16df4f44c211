import { readFile, readdir } from "node:fs/promises";
import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";
import schema from "../../schemas/report.schema.json";
import { commandScene, shootsIn, type CommandScene } from "./command";

describe("the command pulumi-gardener report", function () {
  this.timeout(60_000);
  let scene: CommandScene;

  before(async () => {
    scene = await commandScene();
  });
  after(() => scene.close());

  it("prints all Shoots that the user may see, and exits with 0", async () => {
    const { code, stdout, stderr } = await scene.run(["report"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.match(/^SHOOT +WHAT +RUNS +AVAILABLE +EXPIRES +GARDENER\n/);
    for (const shoot of ["garden-demo/api", "garden-demo/web", "garden-shop/prod"]) {
      expect(stdout).to.contain(`\n${shoot} `);
    }
    expect(stdout).to.match(/1\.32\.5 .* forces 1\.32\.9 from .*: 1\.32\.5 has expired on/);
    expect(stdout).to.match(/\n3 Shoots \(all visible Shoots\) of the garden https:\/\/127\.0\.0\.1:\d+\n$/);
  });

  it("writes nothing to the garden", async () => {
    const { requests } = scene.sandbox.garden;
    requests.splice(0);
    await scene.run(["report", "--preflight"]);
    const ours = requests.filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"));
    const others = ours.filter(
      ({ method, path: target }) => method !== "GET" && !target.endsWith("/viewerkubeconfig"),
    );
    expect(ours).not.to.have.length(0);
    expect(others).to.deep.equal([]);
  });

  it("reads each list and each CloudProfile once", async () => {
    const { requests } = scene.sandbox.garden;
    requests.splice(0);
    await scene.run(["report"]);
    const ours = requests.filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"));
    expect(ours.map(({ path: target }) => target)).to.deep.equal([
      "/apis/core.gardener.cloud/v1beta1/shoots",
      "/apis/core.gardener.cloud/v1beta1/cloudprofiles/sandbox",
    ]);
  });

  it("is limited to projects and namespaces", async () => {
    const json = async (...args: string[]) =>
      (await scene.run(["report", "--format", "json", ...args])).stdout;
    expect(shootsIn(await json("--project", "shop"))).to.deep.equal(["garden-shop/prod"]);
    expect(shootsIn(await json("--namespace", "garden-demo"))).to.deep.equal([
      "garden-demo/api",
      "garden-demo/web",
    ]);
    expect(shootsIn(await json("--project", "shop", "--project", "demo"))).to.have.length(3);
  });

  it("prints JSON that the published schema accepts", async () => {
    const { code, stdout } = await scene.run(["report", "--format", "json", "--preflight"]);
    const validate = new Ajv2020({ validateFormats: false }).compile(schema);
    validate(JSON.parse(stdout));
    expect([validate.errors, code]).to.deep.equal([null, 0]);
  });

  const others: readonly (readonly [string, RegExp])[] = [
    ["markdown", /^\| Shoot \| What \| Runs \|/m],
    ["sarif", /"version": "2\.1\.0"/],
    ["junit", /^<\?xml version="1\.0"/],
    ["openmetrics", /^# EOF\n$/m],
  ];
  for (const [format, pattern] of others) {
    it(`prints ${format}`, async () => {
      const { code, stdout, stderr } = await scene.run(["report", "--format", format]);
      expect([code, stderr]).to.deep.equal([0, ""]);
      expect(stdout).to.match(pattern);
    });
  }

  it("reports the Shoots of a project of Cleura Cloud", async () => {
    const { code, stdout, stderr } = await scene.runOnCleura(["report", "--cleura", "--format", "json"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(shootsIn(stdout)).to.include("garden-demo/web");
  });

  describe("in a terminal", () => {
    it("shows progress, a coloured table, and nothing of the progress at the end", async () => {
      const { code, stdout } = await scene.runInTerminal(["report"], 200, { COLORTERM: "truecolor" });
      expect(code).to.equal(0);
      expect(stdout).to.contain("\r\u001b[KReading the list of Shoots");
      expect(stdout).to.contain("\r\u001b[KRead 3 of 3 Shoots\r\u001b[K\u001b[1mSHOOT");
      expect(stdout).to.contain("\u001b[31mgarden-shop/prod");
    });

    it("has no colours with NO_COLOR", async () => {
      const { stdout } = await scene.runInTerminal(["report"], 200, { NO_COLOR: "1" });
      const [, shown = ""] = stdout.split("\r\u001b[KSHOOT");
      expect(shown).not.to.equal("");
      expect(stripVTControlCharacters(shown)).to.equal(shown);
    });

    it("fits into a narrow one", async () => {
      const { stdout } = await scene.runInTerminal(["report"], 50, { NO_COLOR: "1" });
      const lines = stdout.slice(stdout.lastIndexOf("\u001b[K") + 3).split("\r\n");
      expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(50);
      expect(lines).to.include("garden-demo/web").and.include("  Kubernetes 1.33.4");
    });
  });

  describe("--out and --compare", () => {
    it("writes the report to a file, and compares with it later", async () => {
      const file = path.join(scene.folder, "report.json");
      const written = await scene.run(["report", "--format", "json", "--out", file]);
      expect(written).to.deep.equal({ code: 0, stdout: "", stderr: "" });
      expect(shootsIn(await readFile(file, "utf8"))).to.have.length(3);
      const { stdout } = await scene.run(["report", "--compare", file]);
      expect(stdout).to.match(/\nsince .*: 0 new, 0 changed, 0 gone\n/);
    });

    it("writes the files for Renovate", async () => {
      const folder = path.join(scene.folder, "renovate");
      const { code } = await scene.run(["report", "--format", "renovate", "--out", folder]);
      expect(code).to.equal(0);
      const files = await readdir(folder, { recursive: true });
      expect(files).to.include.members([
        "sandbox/kubernetes.json",
        "sandbox/images/gardenlinux.json",
        "sandbox/images/suse-chost.json",
      ]);
    });

    it("exits with 1 where the file cannot be written", async () => {
      const { code, stderr } = await scene.run(["report", "--out", "/nowhere/report.txt"]);
      expect(code).to.equal(1);
      expect(stderr).to.match(
        /^pulumi-gardener: \[GU091\] --out: "\/nowhere\/report\.txt" cannot be written: [^\n]*\n$/,
      );
    });
  });

  it("prints its help on standard output", async () => {
    const { code, stdout, stderr } = await scene.run(["report", "--help"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.contain("--fail-on").and.to.contain("--cleura-region");
  });
});
