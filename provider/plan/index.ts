/** Pure planning: from a declaration, a Shoot, a CloudProfile and the clock to what is to be done. */
export { changeFor } from "./change";
export { describeHop } from "./describe";
export { observed, pending, reached, within } from "./pending";
export { plan } from "./plan";
export { planMessage } from "./text";
export { upgrades } from "./upgrades";
