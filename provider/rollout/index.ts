export { describeKubelets } from "./kubelets";
export { createRolloutLimiter, isStoppedByOthers, type RolloutLimiter } from "./limiter";
export { areUpdated, nodeTargetsOf, compareNodes } from "./nodes";
export { rollOut } from "./rollout";
export { describeWaiting } from "./text";
export type { RolloutContext, RolloutOutcome, RolloutRequest } from "./types";
