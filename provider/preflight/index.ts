/** Checks of a Shoot before a rollout: what would block or harm it. */
export { fingerprint } from "./fingerprint";
export { runPreflight } from "./preflight";
export { blockingProblems, preflightMessage, waiverProblems } from "./report";
export { blocking, review } from "./review";
export { explainStandstill } from "./standstill";
export { rollOfAllNodes, workOf } from "./work";
