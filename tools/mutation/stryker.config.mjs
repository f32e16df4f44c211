/** Mutation testing of the folders that decide what is written, by their own unit tests: `npm run mutation`. */
export default {
  mutate: ["provider/{plan,declaration,rollout,lifecycle}/**/*.ts"],
  testRunner: "mocha",
  mochaOptions: {
    config: ".mocharc.json",
    require: ["tests/register.js", "tools/mutation/fixed-seed.js"],
    spec: ["tests/unit/{plan,declaration,rollout,lifecycle}/**/*.test.ts"],
    // The first start a sandbox with sockets; the others run hundreds of examples, for nearly every mutant.
    ignore: ["tests/unit/lifecycle/bad-input-*.test.ts", "tests/unit/{plan,rollout}/*properties.test.ts"],
  },
  coverageAnalysis: "perTest",
  mutator: {
    // The compiler holds literals of closed unions (codes, kinds, severities), to which "" is not assignable. The
    // other strings are messages, of which the tests check parts.
    excludedMutations: ["StringLiteral"],
  },
  // Mutants in code that runs while a module is loaded (constants and tables, such as those of rollout/advice.ts) need
  // a new process each. They are not tested at all; the report lists them as ignored.
  // A test file must not run the package's code while it is loaded (outside of `it`) either: every mutant of that code
  // would then need a new process, and would survive there.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: "reports/mutation/incremental.json",
  reporters: ["progress-append-only", "clear-text", "html", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  ignorePatterns: ["/lib", "/examples", "/bench", "/docs", "/.sandbox", "*.tgz"],
  tempDirName: ".stryker-tmp",
  cleanTempDir: "always",
  concurrency: 2,
  thresholds: { high: 90, low: 80, break: 80 },
  allowConsoleColors: false,
};
