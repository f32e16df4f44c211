/**
 * Which folder may import which: imports go one way, and nothing imports tests. Folders that are not
 * named here (tests, tools, examples, bench, and the sandbox's tests) may import all others.
 */
const allowed = {
  "index.ts": ["components", "provider/resource.ts", "provider/args.ts", "provider/model"],
  components: [
    "provider/resource.ts",
    "provider/args.ts",
    "provider/mocks.ts",
    "provider/values.ts",
    "provider/lifecycle",
    "provider/declaration",
    "provider/garden",
    "provider/plan",
    "provider/preflight",
    "provider/model",
  ],
  cli: ["provider/garden", "provider/declaration", "provider/plan", "provider/preflight", "provider/model"],
  "provider/resource.ts": [
    "provider/shim.ts",
    "provider/args.ts",
    "provider/mocks.ts",
    "provider/values.ts",
    "provider/model",
  ],
  "provider/mocks.ts": ["provider/args.ts", "provider/model"],
  "provider/values.ts": ["provider/model"],
  "provider/turn.ts": [],
  "provider/shim.ts": [],
  "provider/args.ts": ["provider/model"],
  "provider/entry.ts": ["provider/server.ts"],
  "provider/server.ts": [
    "provider/lifecycle",
    "provider/engine",
    "provider/garden",
    "provider/rollout",
    "provider/turn.ts",
    "provider/model",
  ],
  "provider/lifecycle": [
    "provider/declaration",
    "provider/engine",
    "provider/garden",
    "provider/plan",
    "provider/preflight",
    "provider/rollout",
    "provider/turn.ts",
    "provider/model",
  ],
  "provider/engine": ["provider/model"],
  "provider/declaration": ["provider/args.ts", "provider/model"],
  "provider/garden": ["provider/turn.ts", "provider/model"],
  "provider/rollout": ["provider/plan", "provider/garden/garden.ts", "provider/model"],
  "provider/preflight": [
    "provider/plan",
    "provider/garden/garden.ts",
    "provider/garden/field.ts",
    "provider/model",
  ],
  "provider/plan": ["provider/model"],
  "provider/model": [],
  sandbox: ["provider/model"],
};

const pattern = (folder) => `^${folder.replaceAll(".", "\\.")}${folder.endsWith(".ts") ? "$" : "/"}`;
const own = "^(index\\.ts$|(components|cli|provider|sandbox|tests|tools|examples|bench)/)";

const tests = "^(sandbox/)?tests/";

const folders = Object.entries(allowed).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `${folder} may import ${others.length === 0 ? "no other folder" : `only ${others.join(", ")}`}.`,
  severity: "error",
  from: { path: pattern(folder), pathNot: tests },
  to: { path: own, pathNot: [folder, ...others].map(pattern) },
}));

module.exports = {
  forbidden: [
    ...folders,
    {
      name: "no-io",
      comment: "Planning and the model do no I/O: of packages they may import only semver.",
      severity: "error",
      from: { path: "^provider/(plan|model)/" },
      to: { pathNot: `${own}|node_modules/(@types/)?semver/` },
    },
    {
      name: "no-tests",
      comment: "Nothing imports tests, but the benchmark: the real Gardener is started there.",
      severity: "error",
      from: { pathNot: `${tests}|^bench/realGarden\\.ts$` },
      to: { path: tests },
    },
    {
      name: "no-cycles",
      comment: "Modules do not import each other in a circle.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(lib|examples/[^/]+/node_modules)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "types"],
    },
  },
};
