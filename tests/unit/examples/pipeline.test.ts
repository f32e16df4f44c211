import { execFileSync } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { expect } from "chai";
import { load } from "js-yaml";
import { isRecord } from "../../../provider/model/json";

const folder = path.join(__dirname, "..", "..", "..", "examples", "pipeline");
const workflows = path.join(folder, ".github", "workflows");
const gitlab = readFileSync(path.join(folder, ".gitlab-ci.yml"), "utf8");
const scripts = readdirSync(path.join(folder, "ci"));

describe("the files of examples/pipeline", function () {
  this.timeout(60_000);

  function errorsIn(...files: readonly string[]): unknown {
    const tool = path.join(__dirname, "workflowErrors.js");
    return JSON.parse(execFileSync(process.execPath, [tool, ...files], { encoding: "utf8" }));
  }

  it("are workflows in which GitHub's parser finds no error", () => {
    const files = readdirSync(workflows).map((name) => path.join(workflows, name));
    expect(files).to.have.length(3);
    expect(errorsIn(...files)).to.deep.equal([]);
  });

  describe("for GitLab", () => {
    let validate: ValidateFunction;

    before(async () => {
      const { schema } = await import("gitlab-ci-local/src/schema/schema.js");
      validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    });

    it("are a pipeline that GitLab's own JSON Schema accepts", () => {
      validate(load(gitlab));
      expect(validate.errors).to.equal(null);
    });

    it("would be refused with a keyword that GitLab does not know", () => {
      expect(validate(load(gitlab.replaceAll("resource_group", "resource_grup")))).to.equal(false);
    });
  });

  it("run scripts that exist and can be executed, on GitHub and on GitLab, and nothing else but the installation", () => {
    const texts = [
      ...readdirSync(workflows).map((name) => readFileSync(path.join(workflows, name), "utf8")),
      gitlab,
    ];
    const commands = texts.flatMap((text) => commandsIn(load(text)));
    for (const command of commands) {
      if (command === "npm install" || command.includes("apt-get install")) continue;
      const [, script = ""] = /ci\/([\w-]+\.sh)/.exec(command) ?? [];
      expect(scripts, command).to.include(script);
      accessSync(path.join(folder, "ci", script), constants.X_OK);
    }
    const used = scripts.filter((name) => commands.some((command) => command.includes(`ci/${name}`)));
    expect([...used, "gitlab.sh", "issue.sh", "pulumi.sh"].sort()).to.deep.equal([...scripts].sort());
  });

  it("let one run write at a time, and cancel none that does", () => {
    const jobs = ["up.yml", "scheduled.yml"].map((name) =>
      load(readFileSync(path.join(workflows, name), "utf8")),
    );
    const guards = jobs.flatMap((workflow) => valuesOf(workflow, "concurrency"));
    expect(guards).to.have.length(2);
    for (const guard of guards) {
      expect(guard).to.deep.equal({ group: "landscape", "cancel-in-progress": false });
    }
    expect(valuesOf(load(gitlab), "resource_group")).to.deep.equal(["landscape", "landscape"]);
    expect(valuesOf(load(gitlab), "interruptible")).to.deep.equal([false, false]);
  });
});

/** What `run`, `script`, `before_script` and `after_script` execute. */
function commandsIn(document: unknown): readonly string[] {
  return ["run", "script", "before_script", "after_script"]
    .flatMap((key) => valuesOf(document, key))
    .flat()
    .filter((command) => typeof command === "string");
}

function valuesOf(document: unknown, key: string): readonly unknown[] {
  if (Array.isArray(document)) return document.flatMap((one: unknown) => valuesOf(one, key));
  if (!isRecord(document)) return [];
  return Object.entries(document).flatMap(([name, value]) => (name === key ? [value] : valuesOf(value, key)));
}
