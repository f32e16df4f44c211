import * as path from "node:path";
import { expect } from "chai";
import { ESLint } from "eslint";
import { configs } from "typescript-eslint";

const root = path.join(__dirname, "..", "..", "..");
const rule = "rooms/arrows";

describe("the import arrows, as the linter holds them", function () {
  this.timeout(20_000);
  // The project's own configuration, but for the rules that would need these files to exist.
  const eslint = new ESLint({ cwd: root, overrideConfig: [{ ...configs.disableTypeChecked }] });

  async function refusals(file: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
    return (result?.messages ?? []).flatMap(({ ruleId, message, fatal }) =>
      ruleId === rule || fatal === true ? [message] : [],
    );
  }

  const from = (specifier: string) => `import { x } from "${specifier}";\nx();\n`;

  for (const [file, specifier] of [
    ["components/a.ts", "../provider/resource"],
    ["provider/resource.ts", "./shim"],
    ["provider/server.ts", "./lifecycle"],
    ["provider/lifecycle/a.ts", "../rollout"],
    ["provider/lifecycle/a.ts", "./b"],
    ["provider/rollout/a.ts", "../garden/garden"],
    ["provider/rollout/a.ts", "../plan"],
    ["provider/plan/a.ts", "../model/shoot"],
    ["provider/plan/a.ts", "semver"],
    ["provider/garden/gardener/a.ts", "../http/client"],
    ["sandbox/api/a.ts", "../../provider/model/shoot"],
    ["tests/engine/a.ts", "../../tools/engine/stack"],
    ["tests/unit/plan/a.ts", "../../../provider/plan"],
  ] as const) {
    it(`lets ${file} import ${specifier}`, async () => {
      expect(await refusals(file, from(specifier))).to.deep.equal([]);
    });
  }

  for (const [file, specifier, message] of [
    ["provider/lifecycle/a.ts", "../resource", "provider/lifecycle may import only provider/declaration, "],
    ["provider/lifecycle/a.ts", "../../components/shootVersions", "provider/lifecycle may import only "],
    ["provider/rollout/a.ts", "../garden/gardener/read", "provider/rollout may import only provider/plan, "],
    ["provider/rollout/a.ts", "../lifecycle", "provider/rollout may import only "],
    ["provider/plan/a.ts", "../garden/garden", "provider/plan may import only provider/model."],
    ["provider/plan/a.ts", "node:fs", "provider/plan does no I/O"],
    ["provider/plan/a.ts", "@pulumi/pulumi", "provider/plan does no I/O"],
    ["provider/model/a.ts", "../plan", "provider/model may import no other room."],
    ["provider/garden/a.ts", "../rollout", "provider/garden may import only provider/model."],
    ["provider/shim.ts", "./server", "provider/shim.ts may import no other room."],
    ["sandbox/a.ts", "../provider/plan", "sandbox may import only provider/model."],
    ["sandbox/a.ts", "../tests/unit/builders", "Nothing imports tests."],
    ["tools/a.ts", "../tests/unit/builders", "Nothing imports tests."],
  ] as const) {
    it(`does not let ${file} import ${specifier}`, async () => {
      const [refusal, ...others] = await refusals(file, from(specifier));
      expect(refusal).to.match(new RegExp(`^${message}`));
      expect(others).to.deep.equal([]);
    });
  }

  for (const [form, code] of [
    ["a type", 'import type { X } from "../rollout";\nexport const x: X = 1;\n'],
    ["a type in place", 'export const x: import("../rollout").X = 1;\n'],
    ["import()", 'export const x = import("../rollout");\n'],
    ["require()", 'export const x: unknown = require("../rollout");\n'],
    ["a re-export", 'export { x } from "../rollout";\n'],
    ["a re-export of everything", 'export * from "../rollout";\n'],
  ] as const) {
    it(`sees ${form}`, async () => {
      expect(await refusals("provider/plan/a.ts", code)).to.have.length(1);
    });
  }
});
