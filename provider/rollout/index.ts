export { createGate, type Gate, type Turn } from "./gate";
export { areDone, goalsOfTarget, look } from "./nodes";
export { rollOut } from "./rollout";
export type { NodesVerdict, Position, RolloutContext, RolloutOutcome, RolloutRequest } from "./types";
