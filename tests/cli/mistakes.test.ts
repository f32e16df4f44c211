import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { commandScene, type CommandScene } from "./command";

describe("the command pulumi-gardener, called in a wrong way", function () {
  this.timeout(60_000);
  let scene: CommandScene;

  before(async () => {
    scene = await commandScene();
  });
  after(() => scene.close());

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
