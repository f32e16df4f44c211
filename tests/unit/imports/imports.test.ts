import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { spawnSync } from "node:child_process";
import { expect } from "chai";

const root = path.join(__dirname, "..", "..", "..");
const cruiser = path.join(root, "node_modules", ".bin", "depcruise");

/** Each file and what it imports. */
const allowed: readonly (readonly [string, string])[] = [
  ["components/a.ts", "../provider/resource"],
  ["provider/lifecycle/a.ts", "../rollout/a"],
  ["provider/rollout/b.ts", "../garden/garden"],
  ["provider/rollout/c.ts", "../plan/a"],
  ["provider/plan/b.ts", "../model/a"],
  ["provider/declaration/a.ts", "../args"],
  ["sandbox/a.ts", "../provider/model/a"],
  ["sandbox/tests/a.ts", "../../provider/plan/a"],
  ["tests/a.ts", "../provider/plan/a"],
];

const refused: readonly (readonly [string, string, string])[] = [
  ["provider/lifecycle/b.ts", "../resource", "provider/lifecycle-imports"],
  ["provider/rollout/d.ts", "../garden/gardener/a", "provider/rollout-imports"],
  ["provider/plan/c.ts", "../garden/garden", "provider/plan-imports"],
  ["provider/plan/d.ts", "node:fs", "no-io"],
  ["provider/model/b.ts", "../plan/a", "provider/model-imports"],
  ["provider/garden/b.ts", "../rollout/a", "provider/garden-imports"],
  ["sandbox/b.ts", "../provider/plan/a", "sandbox-imports"],
  ["sandbox/c.ts", "./tests/a", "no-tests"],
  ["tools/b.ts", "../tests/b", "no-tests"],
];

const plain = [
  "provider/resource.ts",
  "provider/args.ts",
  "provider/model/a.ts",
  "provider/plan/a.ts",
  "provider/rollout/a.ts",
  "provider/garden/garden.ts",
  "provider/garden/gardener/a.ts",
  "tests/b.ts",
];

describe("the import rules", function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "imports-"));
    write("tsconfig.json", "{}");
    for (const file of plain) write(file, "export const x = 1;\n");
    for (const [file, specifier] of [...allowed, ...refused]) {
      write(file, `import * as imported from "${specifier}";\nexport const x = imported;\n`);
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }

  it("refuse an import against the direction of the layers, and nothing else", () => {
    const config = path.join(root, ".dependency-cruiser.cjs");
    const folders = ["components", "provider", "sandbox", "tests", "tools"];
    const { stdout } = spawnSync(cruiser, ["--config", config, "--output-type", "err", ...folders], {
      cwd: folder,
      encoding: "utf8",
    });
    const found = [...stdout.matchAll(/error (\S+): (\S+) →/g)].map(([, rule, file]) => `${file}: ${rule}`);
    expect(found.sort()).to.deep.equal(refused.map(([file, , rule]) => `${file}: ${rule}`).sort());
  });
});
