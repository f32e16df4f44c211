/**
 * What GitHub's own parser of workflows finds in the files of the command line, as JSON. Its package imports JSON in a way that
 * Node.js 20 does not know, so it is put into one file first.
 */
const { readFileSync, writeFileSync, mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { buildSync } = require("esbuild");

const folder = mkdtempSync(path.join(tmpdir(), "pulumi-gardener-"));
try {
  const outfile = path.join(folder, "parser.cjs");
  buildSync({
    stdin: { contents: 'export * from "@actions/workflow-parser"', resolveDir: __dirname },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
  });
  const { parseWorkflow, NoOperationTraceWriter } = require(outfile);
  const errors = process.argv.slice(2).flatMap((file) => {
    const content = readFileSync(file, "utf8");
    const { context } = parseWorkflow({ name: path.basename(file), content }, new NoOperationTraceWriter());
    return context.errors.getErrors().map(({ message }) => message);
  });
  writeFileSync(1, JSON.stringify(errors));
} finally {
  rmSync(folder, { recursive: true });
}
