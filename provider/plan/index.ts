/** Pure planning: from a declaration, a Shoot, a CloudProfile and the clock to what is to be done. */
export { changeFor } from "./change";
export { observed, pending, reached, within } from "./pending";
export { describeHop } from "./describe";
