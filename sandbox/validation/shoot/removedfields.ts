/** Fields that a Kubernetes minor takes away; a user who upgrades has to drop them in the same change. */
import { at, type JsonMap, mapsAt, textAt } from "../../json";
import { controlPlaneVersion } from "../context";
import { type FieldError, forbiddenField } from "../field";
import { atLeast } from "../versions";

interface RemovedField {
  readonly from: string;
  readonly path: readonly string[];
  readonly detail: string;
}

/** In the order in which Gardener looks at them. */
const REMOVED: readonly RemovedField[] = [
  {
    from: "1.35",
    path: ["spec", "addons"],
    detail: "for Kubernetes versions >= 1.35, addons field is no longer supported",
  },
  {
    from: "1.35",
    path: ["spec", "kubernetes", "kubeAPIServer", "enableAnonymousAuthentication"],
    detail: "for Kubernetes versions >= 1.35, enableAnonymousAuthentication field is no longer supported",
  },
  {
    from: "1.35",
    path: ["spec", "kubernetes", "kubeAPIServer", "watchCacheSizes", "default"],
    detail:
      "for Kubernetes versions >= 1.35, configuring the default watch cache size is no longer supported",
  },
  {
    from: "1.33",
    path: ["spec", "kubernetes", "kubeControllerManager", "podEvictionTimeout"],
    detail: "for Kubernetes versions >= 1.33, podEvictionTimeout field is no longer supported",
  },
  {
    from: "1.35",
    path: ["spec", "kubernetes", "kubeScheduler", "kubeMaxPDVols"],
    detail: "for Kubernetes version >= 1.35, kubeMaxPDVols field is no longer supported",
  },
  {
    from: "1.33",
    path: ["spec", "kubernetes", "clusterAutoscaler", "maxEmptyBulkDelete"],
    detail:
      "for Kubernetes versions >= 1.33, maxEmptyBulkDelete field is no longer supported, use maxScaleDownParallelism instead",
  },
];

export function removedFields(shoot: JsonMap): FieldError[] {
  const version = controlPlaneVersion(shoot);
  const errors = REMOVED.filter(
    ({ from, path }) => atLeast(version, from) && at(shoot, ...path) !== undefined,
  ).map(({ path, detail }) => forbiddenField(path.join("."), detail));
  return atLeast(version, "1.35")
    ? [...errors, ...dnsSecretNames(shoot)]
    : [...addonsOutsideEvaluation(shoot), ...errors];
}

/** Nothing that is meant to last should stand on them. */
function addonsOutsideEvaluation(shoot: JsonMap): FieldError[] {
  const enabled = ["nginxIngress", "kubernetesDashboard"].some(
    (addon) => at(shoot, "spec", "addons", addon, "enabled") === true,
  );
  return enabled && textAt(shoot, "spec", "purpose") !== "evaluation"
    ? [forbiddenField("spec.addons", "addons can only be enabled on shoots with .spec.purpose=evaluation")]
    : [];
}

function dnsSecretNames(shoot: JsonMap): FieldError[] {
  return mapsAt(shoot, "spec", "dns", "providers").flatMap((provider, index) =>
    textAt(provider, "secretName") === ""
      ? []
      : [
          forbiddenField(
            `spec.dns.providers[${String(index)}].secretName`,
            "for Kubernetes versions >= 1.35, secretName field is no longer supported",
          ),
        ],
  );
}
