import type { GardenCapabilities } from "../../model/capabilities";

/** Cleura's API has no dry run, no watch, no resourceVersion, no field of a pool's Kubernetes version. */
export const cleuraCapabilities: GardenCapabilities = {
  dryRun: false,
  watch: false,
  optimisticLocking: false,
  combinedWrites: false,
  poolKubernetesVersions: false,
  annotations: false,
};
