/**
 * The resources that Gardener counts as critical for nodes to join and for the control plane to work, and its rule for
 * webhooks that intercept them: gardener pkg/gardenlet/operation/botanist/matchers and pkg/gardenlet/controller/shoot/care
 * (IsProblematicWebhook), v1.150.
 */
import type { Labels } from "../objects/metadata";
import type { Webhook, WebhookConfiguration } from "../objects/webhook";
import { intercepts, type Target } from "./webhookScope";

const kubeSystem: Labels = {
  "shoot.gardener.cloud/no-cleanup": "true",
  "gardener.cloud/purpose": "kube-system",
  "kubernetes.io/metadata.name": "kube-system",
};
const defaultNamespace: Labels = { "kubernetes.io/metadata.name": "default" };
const systemPod: Labels = { "shoot.gardener.cloud/no-cleanup": "true", origin: "gardener" };

type Where = Pick<Target, "namespaced" | "namespaceLabels" | "objectLabels">;

const inKubeSystem: Where = { namespaced: true, namespaceLabels: kubeSystem };
const inDefault: Where = { namespaced: true, namespaceLabels: defaultNamespace };
const inAnyNamespace: Where = { namespaced: true };
const clusterWide: Where = { namespaced: false };

/** @param resources with their subresources, as `services/status`. */
function of(
  group: string,
  versions: readonly string[],
  where: Where,
  resources: readonly string[],
): readonly Target[] {
  return versions.flatMap((version) =>
    resources.map((path): Target => {
      const [resource = "", subresource = ""] = path.split("/");
      return { group, version, resource, subresource, ...where };
    }),
  );
}

const workloads = [
  "controllerrevisions",
  ...["daemonsets", "daemonsets/status", "deployments", "deployments/scale"],
  ...["replicasets", "replicasets/status", "replicasets/scale"],
];
const rbac = ["v1", "v1alpha1", "v1beta1"];

/** About sixty requests. */
export const criticalTargets: readonly Target[] = [
  ...of("", ["v1"], { ...inKubeSystem, objectLabels: systemPod }, ["pods", "pods/status"]),
  ...of("", ["v1"], inKubeSystem, [
    "configmaps",
    "endpoints",
    "secrets",
    "serviceaccounts",
    "services",
    "services/status",
  ]),
  ...of("", ["v1"], inDefault, ["endpoints", "services", "services/status"]),
  ...of("", ["v1"], clusterWide, ["nodes", "nodes/status"]),
  ...of("", ["v1"], { namespaced: false, namespaceLabels: kubeSystem, objectLabels: kubeSystem }, [
    "namespaces",
    "namespaces/status",
  ]),
  ...of("apps", ["v1", "v1beta1", "v1beta2"], inKubeSystem, workloads),
  ...of("extensions", ["v1beta1"], inKubeSystem, [...workloads, "networkpolicies"]),
  ...of("networking.k8s.io", ["v1", "v1beta1"], inKubeSystem, ["networkpolicies"]),
  ...of("coordination.k8s.io", ["v1", "v1beta1"], inAnyNamespace, ["leases"]),
  ...of("rbac.authorization.k8s.io", rbac, clusterWide, ["clusterroles", "clusterrolebindings"]),
  ...of("rbac.authorization.k8s.io", rbac, inKubeSystem, ["roles", "rolebindings"]),
  ...of("apiextensions.k8s.io", ["v1", "v1beta1"], clusterWide, [
    "customresourcedefinitions",
    "customresourcedefinitions/status",
  ]),
  ...of("apiregistration.k8s.io", ["v1", "v1beta1"], clusterWide, ["apiservices", "apiservices/status"]),
  ...of("certificates.k8s.io", ["v1"], clusterWide, [
    "certificatesigningrequests",
    "certificatesigningrequests/status",
    "certificatesigningrequests/approval",
  ]),
  ...of("scheduling.k8s.io", ["v1", "v1beta1"], clusterWide, ["priorityclasses"]),
];

const leasesOfLeaderElection: readonly Target[] = of(
  "coordination.k8s.io",
  ["v1", "v1beta1"],
  { ...inKubeSystem, objectLabels: {} },
  ["leases"],
);

const LONGEST_TIMEOUT_SECONDS = 15;
const LONGEST_LEASE_TIMEOUT_SECONDS = 3;

/** The critical requests for which the webhook is a problem; empty: it is none. */
export function problematicTargets(webhook: Webhook): readonly Target[] {
  const { failurePolicy, timeoutSeconds } = webhook;
  const leases =
    timeoutSeconds === undefined || timeoutSeconds > LONGEST_LEASE_TIMEOUT_SECONDS
      ? leasesOfLeaderElection.filter((target) => intercepts(webhook, target))
      : [];
  const isHarmless =
    failurePolicy !== "Fail" && timeoutSeconds !== undefined && timeoutSeconds <= LONGEST_TIMEOUT_SECONDS;
  return [...leases, ...(isHarmless ? [] : criticalTargets.filter((target) => intercepts(webhook, target)))];
}

/** Gardener's own, and its resource manager's, are not examined. */
export function isExamined({ labels }: WebhookConfiguration): boolean {
  return (
    labels["app"] !== "gardener-resource-manager" &&
    labels["resources.gardener.cloud/managed-by"] !== "gardener"
  );
}
