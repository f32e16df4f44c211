/** Mutation testing of the rooms that decide what is written, by their own unit tests: `npm run mutation`. */
export default {
  mutate: ["provider/{plan,declaration,rollout,lifecycle}/**/*.ts"],
  testRunner: "mocha",
  mochaOptions: {
    config: ".mocharc.json",
    require: ["tests/register.js", "tools/mutation/fixed-seed.js"],
    spec: ["tests/unit/{plan,declaration,rollout,lifecycle}/**/*.test.ts"],
    // The first start a sandbox with sockets; the others state properties in hundreds of runs, for nearly every mutant.
    ignore: ["tests/unit/lifecycle/bad-input-*.test.ts", "tests/unit/{plan,rollout}/properties.test.ts"],
  },
  coverageAnalysis: "perTest",
  mutator: {
    // Literals of closed unions (codes, kinds, severities) are held by the compiler, which does not take "" for them;
    // the other strings are text for users, and tests do not repeat it.
    excludedMutations: ["StringLiteral"],
  },
  // Each of these needs a new process; they are few constants, and looked through by hand.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: "reports/mutation/incremental.json",
  reporters: ["clear-text", "html", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  ignorePatterns: ["/lib", "/examples", "/bench", "/docs", "/.sandbox", "*.tgz"],
  tempDirName: ".stryker-tmp",
  cleanTempDir: "always",
  concurrency: 2,
  thresholds: { high: 90, low: 80, break: 80 },
  allowConsoleColors: false,
};
