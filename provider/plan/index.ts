/** Pure planning: from a declaration, a Shoot, a CloudProfile and the clock to what is to be done. */
export { causeOf, describeForecast, describeLifetime } from "./availability";
export { afterSteps, changeFor } from "./change";
export { describeStep } from "./describe";
export { describeLandscape, type LandscapeShoot } from "./landscape";
export { upgradeNotes } from "./notes";
export { pending, reached, within } from "./pending";
export { plan } from "./plan";
export { withNotices } from "./notices";
export { planMessage, type PlanMessageOptions } from "./text";
export { hibernationProblem, readiness } from "./readiness";
export { howToRetry } from "./retry";
export { stepsOfRun, targetAfter, targetOfRun } from "./run";
export { startOf, startProblems, waitingReason } from "./start";
export { stepsTo } from "./sequence";
export { crossesSeveralMinors, mostMinorsAccepted, stepTooFar, tooFarBehind } from "./skew";
export {
  changedFields,
  fillUnmanaged,
  hasLowerImage,
  managedVersions,
  managesPools,
  notBelow,
  reaches,
  sameTarget,
  specVersions,
} from "./target";
export { atATime, surgeOf } from "./surge";
export { offeredVersions, statusOfSpec, upgrades } from "./upgrades";
export { isSince } from "./release";
export { isNewer, minorOf, minorsBetween, sameMajor, sameMinor } from "./versions";
