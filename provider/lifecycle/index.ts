/** The resource's lifecycle over plain JSON; it uses no Pulumi type, so that another provider server can call it too. */
export { decodeNames, withNames } from "./after";
export { readApiServer, unknownAddress, type ApiServer, type FoundApiServer } from "./api-server";
export { check } from "./check";
export { CheckedShoots, type LifecycleContext } from "./context";
export { create } from "./create";
export { diff } from "./diff";
export { reportDryRun } from "./dryRun";
export { tryRead } from "./errors";
export { reportKubelets } from "./kubelets";
export { isRollingOut, stateOfOutdatedNodes, verifyNodes, type NodeVersions } from "./nodes";
export { reportPreflight } from "./preflight";
export { read } from "./read";
export { remove } from "./remove";
export { findShoot, planOn, readAndPlan } from "./resolve";
export { createRunSummary } from "./runSummary";
export { allowedFailures, concurrentRollouts } from "./settings";
export { refOf } from "./state";
export { update } from "./update";
