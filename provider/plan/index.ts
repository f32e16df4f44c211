/** Pure planning: from a declaration, a Shoot, a CloudProfile and the clock to what is to be done. */
export { afterHops, changeFor } from "./change";
export { describeHop } from "./describe";
export { observed, pending, reached, within } from "./pending";
export { plan } from "./plan";
export { planMessage } from "./text";
export { asleep } from "./readiness";
export { howToRetry } from "./retry";
export { inSteps } from "./steps";
export { upgrades } from "./upgrades";
