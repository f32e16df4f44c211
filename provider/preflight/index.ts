/** Checks of a Shoot before a rollout: what would block or harm it. */
export { runPreflight } from "./preflight";
export { blockingProblems, preflightMessage, waiverProblems } from "./report";
export { blocking, review } from "./review";
export { rollOfAllNodes, workOf } from "./work";
