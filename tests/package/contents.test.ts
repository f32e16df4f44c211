import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import manifest from "../../package.json";
import { repository } from "../../tools/engine/project";
import { pack } from "./packed";

describe("the published package", function () {
  let folder: string;
  let files: readonly string[];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
    files = (await pack(folder)).files;
  });
  after(() => rm(folder, { recursive: true }));

  it("contains compiled code, its types, the schema of reports, package.json, README, CHANGELOG and LICENSE, and nothing else", () => {
    const others = files.filter((file) => !/^lib\/.*\.(js|d\.ts)$/.test(file));
    expect([...others].sort()).to.deep.equal([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
      "schemas/report.schema.json",
    ]);
  });

  it("contains the types of the current sources, and one file of code for each way into the package", () => {
    const sources = ["index.ts", ...["components", "provider", "cli"].flatMap(typeScriptIn)];
    const types = sources.map((source) => path.posix.join("lib", source.replace(/\.ts$/, ".d.ts")));
    const code = [
      manifest.main,
      ...Object.values(manifest.exports).flatMap(targetsOf),
      ...Object.values(manifest.bin),
      // Loaded by the command for all subcommands but `credential`.
      "lib/cli/main.js",
      // Loaded by the file that the provider's process imports.
      "lib/provider/server.js",
    ]
      .map((target) => path.posix.normalize(target))
      .filter((target) => target.endsWith(".js"));
    expect(files.filter((file) => file.startsWith("lib/"))).to.have.members([...types, ...new Set(code)]);
  });

  it("contains every file that its package.json names", () => {
    const targets = [manifest.main, manifest.types, ...Object.values(manifest.exports).flatMap(targetsOf)];
    expect(files).to.include.members(targets.map((target) => path.posix.normalize(target)));
  });
});

function typeScriptIn(folder: string): string[] {
  return readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.posix.join(folder, file));
}

function targetsOf(target: string | Readonly<Record<string, string>>): readonly string[] {
  return typeof target === "string" ? [target] : Object.values(target);
}
