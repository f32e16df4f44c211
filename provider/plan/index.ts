/** Pure planning: from a declaration, a Shoot, a CloudProfile and the clock to what is to be done. */
export { causeOf, describeForecast, describeLifetime } from "./availability";
export { afterSteps, changeFor } from "./change";
export { describeStep } from "./describe";
export { upgradeNotes } from "./notes";
export { pending, reached, within } from "./pending";
export { plan } from "./plan";
export { planMessage } from "./text";
export { hibernationProblem, readiness } from "./readiness";
export { howToRetry } from "./retry";
export { stepsOfRun, targetOfRun } from "./run";
export { startOf, startProblems, type Start } from "./start";
export { stepsTo } from "./sequence";
export { tooFarBehind } from "./skew";
export {
  changedFields,
  fillUnmanaged,
  managedVersions,
  notBelow,
  reaches,
  sameTarget,
  specVersions,
} from "./target";
export { surgeOf } from "./surge";
export { offeredVersions, statusOfSpec, upgrades } from "./upgrades";
export { minorOf, minorsBetween, sameMajor, sameMinor } from "./versions";
