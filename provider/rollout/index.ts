export { createGate, type Gate } from "./gate";
export { HOLD_ANNOTATION } from "./identity";
export { rollOut } from "./rollout";
export type { NodesVerdict, Position, RolloutContext, RolloutOutcome, RolloutRequest } from "./types";
