import { readFile, readdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";
import schema from "../../schemas/report.schema.json";
import { at, list, root, text } from "../../provider/garden/field";
import { commandScene, type CommandScene } from "./command";

describe("the command pulumi-gardener report", function () {
  this.timeout(60_000);
  let scene: CommandScene;

  before(async () => {
    scene = await commandScene();
  });
  after(() => scene.close());

  const shootsIn = (json: string) =>
    list(at(root("The report", JSON.parse(json)), "shoots")).map((shoot) => text(at(shoot, "shoot")));

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

  describe("--fail-on", () => {
    const codeOf = async (...args: string[]) => (await scene.run(["report", ...args])).code;

    it("exits with 3 where a condition is met, and names it", async () => {
      const { code, stdout } = await scene.run([
        "report",
        "--fail-on",
        "forced=14d",
        "--fail-on",
        "deprecated",
      ]);
      expect(code).to.equal(3);
      expect(stdout).to.contain("\nforced=14d: 1 Shoot\n").and.to.contain("\ndeprecated: 3 Shoots\n");
    });

    it("exits with 0 where none is", async () => {
      expect(await codeOf("--project", "demo", "--fail-on", "forced=1d")).to.equal(0);
    });

    it("exits with 3 for a finding of the preflight checks, and 0 where none is as serious", async () => {
      const args = ["--project", "demo", "--preflight"];
      const json = (await scene.run(["report", ...args, "--format", "json"])).stdout;
      const severities = list(at(root("The report", JSON.parse(json)), "shoots")).flatMap((shoot) =>
        list(at(shoot, "preflight", "findings")).map((finding) => text(at(finding, "severity"))),
      );
      const expected = (serious: readonly string[]) =>
        severities.some((severity) => serious.includes(severity)) ? 3 : 0;
      expect(await codeOf(...args, "--fail-on", "finding=info")).to.equal(
        expected(["block", "warn", "info"]),
      );
      expect(await codeOf(...args, "--fail-on", "finding=block")).to.equal(expected(["block"]));
    });
  });

  describe("for a user with few rights", () => {
    const shoots = ["shoots"];
    const list1: readonly string[] = ["get", "list"];

    it("lists project by project where the list of all Shoots is refused", async () => {
      const kubeconfig = await scene.addUser("member", [
        { verbs: list1, resources: ["projects"] },
        { verbs: list1, resources: shoots, namespaces: ["garden-demo", "garden-shop"] },
      ]);
      const { code, stdout } = await scene.run(["report", "--format", "json", "--kubeconfig", kubeconfig]);
      expect(code).to.equal(0);
      expect(shootsIn(stdout)).to.have.length(3);
    });

    it("exits with 4 where not everything is visible, and reports the rest and what is missing", async () => {
      const kubeconfig = await scene.addUser("visitor", [
        { verbs: list1, resources: ["projects"] },
        { verbs: list1, resources: shoots, namespaces: ["garden-demo"] },
      ]);
      const { code, stdout, stderr } = await scene.run(["report", "--kubeconfig", kubeconfig]);
      expect([code, stderr]).to.deep.equal([4, ""]);
      expect(stdout).to.contain("\ngarden-demo/api ").and.not.contain("garden-shop/prod");
      expect(stdout).to.match(
        /\nnot visible: project shop: \[GU008\] .*list shoots in the namespace garden-shop/,
      );
    });

    it("exits with 3 rather than 4 where a condition is met", async () => {
      const kubeconfig = path.join(scene.folder, "visitor.yaml");
      const { code } = await scene.run(["report", "--kubeconfig", kubeconfig, "--fail-on", "deprecated"]);
      expect(code).to.equal(3);
    });

    it("exits with 4 where the preflight checks cannot read a cluster", async () => {
      const kubeconfig = await scene.addUser("reader", [{ verbs: list1, resources: shoots }]);
      const { code, stdout } = await scene.run([
        "report",
        "--kubeconfig",
        kubeconfig,
        ...["--project", "demo", "--preflight"],
      ]);
      expect(code).to.equal(4);
      expect(stdout).to.match(/not visible: Shoot garden-demo\/api: preflight .*viewerkubeconfig/);
    });

    it("exits with 1 and advises to name a project where neither can be listed", async () => {
      const kubeconfig = await scene.addUser("nobody", []);
      const { code, stdout, stderr } = await scene.run(["report", "--kubeconfig", kubeconfig]);
      expect([code, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.match(
        /^pulumi-gardener: \[GU008\] --project: [^\n]*name yours with --project[^\n]*\n$/,
      );
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

  describe("called in a wrong way", () => {
    const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
      ["no subcommand", [], /\[GU020\] expected report, program or credential/],
      ["an unknown subcommand", ["repot"], /\[GU020\] unknown command 'repot'; Did you mean report\?/],
      [
        "an unknown option",
        ["report", "--projct", "demo"],
        /\[GU020\] unknown option '--projct'; Did you mean --project\?/,
      ],
      ["an argument too many", ["report", "demo"], /\[GU020\] too many arguments/],
      [
        "an option without its value",
        ["report", "--project"],
        /\[GU021\] option '--project <name>' argument missing/,
      ],
      [
        "an unknown format",
        ["report", "--format", "xml"],
        /\[GU021\] --format: expected table, json, .*renovate, found "xml"/,
      ],
      [
        "an unknown condition",
        ["report", "--fail-on", "expired"],
        /\[GU021\] --fail-on: unknown condition "expired"; allowed are pending/,
      ],
      [
        "a number instead of a duration",
        ["report", "--fail-on", "expiring=30"],
        /\[GU025\] --fail-on: "30" is not a duration/,
      ],
      [
        "finding without preflight",
        ["report", "--fail-on", "finding"],
        /\[GU021\] --fail-on: finding needs --preflight/,
      ],
      [
        "renovate without a folder",
        ["report", "--format", "renovate"],
        /\[GU021\] --out: the format renovate needs --out/,
      ],
      [
        "two kinds of garden",
        ["report", "--cleura", "--kubeconfig", "x"],
        /\[GU021\] --cleura: give a kubeconfig or Cleura Cloud, not both/,
      ],
      [
        "an unknown access",
        ["report", "--preflight-access", "root"],
        /\[GU021\] .*Allowed choices are viewer, admin/,
      ],
      [
        "a missing report",
        ["report", "--compare", "none.json"],
        /\[GU090\] --compare: "none\.json" cannot be read/,
      ],
      [
        "a name of a project that Pulumi refuses",
        ["program", "--name", "a b"],
        /\[GU021\] --name: expected up to 100 letters/,
      ],
    ];
    for (const [mistake, args, message] of mistakes) {
      it(`exits with 2 and one line for ${mistake}`, async () => {
        const { code, stdout, stderr } = await scene.run(args);
        expect([code, stdout]).to.deep.equal([2, ""]);
        expect(stderr)
          .to.match(message)
          .and.match(/^pulumi-gardener: [^\n]+\n$/);
      });
    }

    it("exits with 1 for a project that does not exist, and suggests one", async () => {
      const { code, stderr } = await scene.run(["report", "--project", "shup"]);
      expect(code).to.equal(1);
      expect(stderr).to.match(/^pulumi-gardener: \[GU009\] [^\n]*no project shup[^\n]*shop[^\n]*\n$/);
    });

    it("exits with 1 without a kubeconfig, and never uses the ambient KUBECONFIG", async () => {
      const KUBECONFIG = path.join(scene.folder, "garden.yaml");
      const { code, stderr } = await scene.run(["report"], { GARDEN_KUBECONFIG: "", KUBECONFIG });
      expect(code).to.equal(1);
      expect(stderr).to.match(/^pulumi-gardener: \[GU001\] [^\n]*--kubeconfig[^\n]*\n$/);
    });

    it("repeats no control characters of what was typed", async () => {
      const { stderr } = await scene.run(["report", "--format", "\u001b[2J"]);
      expect(stripVTControlCharacters(stderr)).to.equal(stderr);
    });

    it("refuses a report of other Shoots", async () => {
      const file = path.join(scene.folder, "shop.json");
      await scene.run(["report", "--project", "shop", "--format", "json", "--out", file]);
      const { code, stderr } = await scene.run(["report", "--compare", file]);
      expect(code).to.equal(2);
      expect(stderr).to.contain('its scope is "project shop"');
    });

    it("refuses a report whose text would act on a terminal", async () => {
      const file = path.join(scene.folder, "evil.json");
      await writeFile(file, JSON.stringify({ version: 1, generated: "\u001b[2J" }));
      const { code, stderr } = await scene.run(["report", "--compare", file]);
      expect(code).to.equal(2);
      expect(stripVTControlCharacters(stderr)).to.equal(stderr);
    });
  });

  it("prints its help on standard output", async () => {
    const { code, stdout, stderr } = await scene.run(["report", "--help"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.contain("--fail-on").and.to.contain("--cleura-region");
  });
});
