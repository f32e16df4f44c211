/**
 * What the sandbox and the real Gardener cannot agree on, each with its reason; everything else is held to one suite.
 * Where a test has to look past a difference it does so through a function of this file, so that the list stays whole.
 */

/**
 * Gardener keeps the pools of a maintenance in a Go map and tells them in its order, another one each time; the sandbox
 * tells them in the order of the Shoot.
 */
export function inAnyOrder(report: string): readonly string[] {
  return report.split(/, (?=Worker pool ")|(?<=successful\. )/).sort();
}

/** Nothing of these is seen by a client that changes versions; they are looked past without code. */
export const DIFFERENCES: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: "The real controllers put a finalizer and the label shoot.gardener.cloud/status on a new Shoot a moment later, and its resourceVersion moves on.",
    why: "The sandbox has no ControllerRegistrations and no care controller; tests wait for what they ask for.",
  },
  {
    what: "Defaults that have nothing to do with versions, such as the tuning of the vertical Pod autoscaler and the kubelet's reservations, are not filled in by the sandbox.",
    why: "They would be copied from release to release without anybody looking at them.",
  },
  {
    what: "A new CloudProfile or Project is known to the real admission a moment later, and until then a Shoot that names it is refused.",
    why: "Admission reads through informers there; the sandbox reads its store.",
  },
  {
    what: "/version of a Shoot's own API in the tests on the real Gardener comes from a front before kube-apiserver.",
    why: "One kube-apiserver binary plays every version; what it reports is stamped into it.",
  },
];
