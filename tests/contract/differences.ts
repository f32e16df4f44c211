/**
 * What the sandbox and the real Gardener do not agree on; everything else is tested by one suite on both. Where a test
 * has to allow for a difference it uses a function of this file, so that the list is complete. Without code, since no
 * client that changes versions sees them:
 * - The real controllers put a finalizer and the label shoot.gardener.cloud/status on a new Shoot a moment later, which
 *   changes its resourceVersion. The sandbox has no ControllerRegistrations and no care controller.
 * - Defaults that do not concern versions, such as the tuning of the vertical Pod autoscaler, are not set by the sandbox.
 * - The real admission knows a new CloudProfile or Project a moment later, because it reads through informers, and refuses
 *   a Shoot that names it until then.
 * - /version of a Shoot's own API in the tests on the real Gardener comes from a proxy before kube-apiserver: one binary
 *   serves every version there.
 */

/** The real Gardener reports the pools of a maintenance in the random order of a Go map, the sandbox in that of the Shoot. */
export function inAnyOrder(report: string): readonly string[] {
  return report.split(/, (?=Worker pool ")|(?<=successful\. )/).sort();
}
