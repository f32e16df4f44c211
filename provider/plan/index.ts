/** Pure planning: from a declaration, a Shoot, a CloudProfile and the clock to what is to be done. */
export { afterSteps, changeFor } from "./change";
export { describeStep } from "./describe";
export { pending, reached, within } from "./pending";
export { plan } from "./plan";
export { planMessage } from "./text";
export { hibernationProblem, readiness } from "./readiness";
export { howToRetry } from "./retry";
export { stepsOfRun, targetAfter, targetOfRun } from "./run";
export { stepsTo } from "./sequence";
export { stepTooFar, tooFarBehind } from "./skew";
export {
  changedFields,
  fillUnmanaged,
  hasLowerImage,
  managedVersions,
  notBelow,
  reaches,
  sameTarget,
  specVersions,
} from "./target";
export { surgeOf } from "./surge";
export { upgrades } from "./upgrades";
export { minorOf, minorsBetween, sameMinor } from "./versions";
