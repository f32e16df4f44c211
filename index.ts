/** Kubernetes versions and machine images of Gardener clusters, declared in a Pulumi program. */
export { ShootVersions } from "./components/shootVersions";
export {
  getUpgrades,
  getUpgradesOutput,
  type GetUpgradesArgs,
  type GetUpgradesOutputArgs,
} from "./components/getUpgrades";
export {
  getShootKubeconfig,
  getShootKubeconfigOutput,
  type GetShootKubeconfigArgs,
  type GetShootKubeconfigOutputArgs,
  type GetShootKubeconfigResult,
} from "./components/getShootKubeconfig";
export { RollingUpgrade, type ApiServerAddress } from "./provider/resource";
export type {
  CleuraArgs,
  GardenArgs,
  KubernetesArgs,
  MachineImageArgs,
  RolloutArgs,
  ShootArgs,
  ShootVersionsArgs,
  WorkerArgs,
} from "./provider/args";
export {
  Access,
  Adopt,
  AutomaticUpgradeKind,
  AutomaticUpgradeReason,
  KubernetesChannel,
  MachineImageChannel,
  Prepare,
  RolloutState,
  VersionClassification,
  WhenNewer,
  WorkerRollout,
} from "./provider/model/enums";
export type * from "./provider/model/upgrades";
export type { MachineImageVersion, Target, WorkerVersions } from "./provider/model/plan";
