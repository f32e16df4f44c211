// The properties in the tests that run for each mutant use the same examples every time, so that whether it survives does
// not depend on chance: 20 of them, unless a property sets its own number. A failing example is not shrunk.
require("fast-check").configureGlobal({ seed: 1, numRuns: 20, endOnFailure: true });
