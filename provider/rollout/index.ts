export { createRolloutLimiter, type RolloutLimiter, type Turn } from "./limiter";
export { areUpdated, nodeTargetsOf, compareNodes } from "./nodes";
export { rollOut } from "./rollout";
export type { NodesResult, Position, RolloutContext, RolloutOutcome, RolloutRequest } from "./types";
