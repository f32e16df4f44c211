// Properties, as examples of their own: a mutant survives, or does not, for what the tests state and not by luck. They
// are asked for nearly every mutant, so they are few, and nothing is shrunk.
require("fast-check").configureGlobal({ seed: 1, numRuns: 20, endOnFailure: true });
