/** Kubernetes versions and machine images of Gardener clusters, declared in a Pulumi program. */
export { ShootVersions } from "./components/shootVersions";
export {
  getUpgrades,
  getUpgradesOutput,
  type GetUpgradesArgs,
  type GetUpgradesOutputArgs,
} from "./components/getUpgrades";
export {
  getPreflight,
  getPreflightOutput,
  type GetPreflightArgs,
  type GetPreflightOutputArgs,
} from "./components/getPreflight";
export {
  getShoots,
  getShootsOutput,
  type GetShootsArgs,
  type GetShootsOutputArgs,
  type GetShootsResult,
} from "./components/getShoots";
export {
  getShootKubeconfig,
  getShootKubeconfigOutput,
  type GetShootKubeconfigArgs,
  type GetShootKubeconfigOutputArgs,
  type GetShootKubeconfigResult,
} from "./components/getShootKubeconfig";
export { RollingUpgrade, type ApiServerAddress } from "./provider/resource";
export type {
  AllowDowngradeArgs,
  CleuraArgs,
  GardenArgs,
  KubernetesArgs,
  MachineImageArgs,
  PreflightArgs,
  PreflightSeverityArgs,
  RolloutArgs,
  ShootArgs,
  ShootVersionsArgs,
  WaiverArgs,
  WorkerArgs,
  WorkerMachineImageArgs,
} from "./provider/args";
export {
  Access,
  Adopt,
  AutomaticUpgradeKind,
  AutomaticUpgradeReason,
  FindingSeverity,
  KubernetesChannel,
  MachineImageChannel,
  PreflightCheck,
  PreflightOutcome,
  Prepare,
  RolloutState,
  ShootPurpose,
  ShootStatus,
  VersionClassification,
  WhenNewer,
  WorkerRollout,
} from "./provider/model/enums";
export type * from "./provider/model/upgrades";
export type { ShootSummary } from "./provider/model/shootSummary";
export type {
  AppliedWaiver,
  CheckResult,
  DeclaredWaiver,
  Finding,
  FoundObject,
  GetPreflightResult,
} from "./provider/model/preflight";
export type { MachineImageVersion, Target, WorkerVersions } from "./provider/model/plan";
