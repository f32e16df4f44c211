/** Random CloudProfiles and Shoots in which Gardener's maintenance has something to do. */
import fc from "fast-check";
import { minor } from "semver";
import type { JsonValue } from "../contract/api";
import type { ShootSpec } from "../contract/shoots";
import { imageVersion, kubernetesVersion, type Profile } from "./arbitraries";
import { lenientShoot, valid } from "./plan-arbitraries";

const MINORS = ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"];
const KUBERNETES = MINORS.flatMap((prefix) => ["1", "4"].map((patch) => `${prefix}.${patch}`));
const IMAGES = ["1", "2", "3"].flatMap((major) =>
  ["0", "1", "2"].flatMap((second) => ["0", "3"].map((patch) => `${major}.${second}.${patch}`)),
);

/** More versions than {@link valid} needs: minors and majors of an image of which only some qualify. */
export const maintainedProfile: fc.Arbitrary<Profile> = valid(
  fc.record({
    kubernetes: fc
      .subarray(KUBERNETES, { minLength: 6 })
      .chain((versions) => fc.tuple(...versions.map(kubernetesVersion)))
      .map((versions) => ({ versions })),
    machineImages: fc
      .tuple(fc.constantFrom("patch", "minor", "major"), fc.subarray(IMAGES, { minLength: 5 }))
      .chain(([updateStrategy, versions]) =>
        fc
          .tuple(...versions.map(imageVersion))
          .map((offered) => [{ name: "gardenlinux", updateStrategy, versions: offered }]),
      ),
  }),
);

type Fields = Readonly<Record<string, JsonValue>>;

/** A part of the spec that Kubernetes `until` does not have any more. */
interface Part {
  readonly since?: number;
  readonly until: number;
  readonly spec: Fields;
}

const kubernetes = (component: string, fields: Fields): Fields => ({ kubernetes: { [component]: fields } });
const featureGate = (component: string, name: string, value = true) =>
  kubernetes(component, { featureGates: { [name]: value } });

const PARTS: readonly Part[] = [
  { until: 33, spec: kubernetes("kubeControllerManager", { podEvictionTimeout: "5m0s" }) },
  { until: 33, spec: kubernetes("clusterAutoscaler", { maxEmptyBulkDelete: 10 }) },
  { until: 34, spec: { secretBindingName: "secret-binding", credentialsBindingName: undefined } },
  { until: 35, spec: { addons: { nginxIngress: { enabled: true } } } },
  { until: 35, spec: kubernetes("kubeAPIServer", { enableAnonymousAuthentication: false }) },
  { until: 35, spec: kubernetes("kubeAPIServer", { watchCacheSizes: { default: 100 } }) },
  { until: 35, spec: kubernetes("kubeScheduler", { kubeMaxPDVols: "30" }) },
  { until: 33, spec: featureGate("kubeAPIServer", "AppArmor") },
  { until: 34, spec: featureGate("kubelet", "DevicePluginCDIDevices") },
  { until: 35, spec: featureGate("kubeScheduler", "ComponentSLIs", false) },
  { until: 36, spec: featureGate("kubeControllerManager", "InTreePluginPortworxUnregister") },
  { since: 33, until: 34, spec: featureGate("kubeProxy", "LegacySidecarContainers") },
  // Locked to true from 1.33 on: the API server refuses the minor.
  { until: 33, spec: featureGate("kubeControllerManager", "CSIMigrationPortworx", false) },
];

/** Shoots of the profile's versions, with parts of the spec that a forced minor removes. */
export function maintainedShoot(profile: Profile): fc.Arbitrary<ShootSpec> {
  return lenientShoot(profile).chain((shoot) => {
    const running = minor(shoot.kubernetesVersion ?? "");
    const possible = PARTS.filter(({ since = 0, until }) => since <= running && running < until);
    return fc
      .subarray(possible, {
        minLength: Math.min(2, possible.length),
        maxLength: Math.min(4, possible.length),
      })
      .map((parts) => ({
        ...shoot,
        more: parts.reduce<Fields>((spec, part) => merge(spec, part.spec), shoot.more ?? {}),
      }));
  });
}

function merge(into: Fields, from: Fields): Fields {
  const merged: Record<string, JsonValue> = { ...into };
  for (const [key, value] of Object.entries(from)) {
    const present = merged[key];
    merged[key] = isFields(present) && isFields(value) ? merge(present, value) : value;
  }
  return merged;
}

function isFields(value: JsonValue): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
