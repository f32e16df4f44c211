/**
 * Programs that compile, and programs that do not: the compiler fails where one of the latter is
 * accepted (`npm run typecheck`).
 */
import * as pulumi from "@pulumi/pulumi";
import * as gardener from "pulumi-gardener";

declare const channel: pulumi.Output<gardener.KubernetesChannel>;
declare const text: pulumi.Output<string>;

const shoot = { project: "demo", name: "web" };

export const accepted: readonly gardener.ShootVersionsArgs[] = [
  { shoot, kubernetes: { channel: "stable" } },
  { shoot, kubernetes: { channel: gardener.KubernetesChannel.Stable } },
  { shoot, kubernetes: { channel } },
  { shoot, kubernetes: { channel: pulumi.output("patch" as const) } },
  { shoot, kubernetes: { version: text }, machineImage: { channel: "minor" } },
  { shoot: { id: text }, workers: { gpu: { machineImage: { version: text } } } },
  { shoot, kubernetes: { version: "1.34" }, whenNewer: "fail", adopt: "upgrade" },
  {
    shoot,
    preflight: {
      waivers: [{ check: "drain", until: "2027-01-31", reason: text }],
      severity: { webhook: gardener.FindingSeverity.Warn },
    },
  },
  { shoot, rollout: { wait: false, progressDeadline: "1h", timeout: "6h", prepare: "never" } },
];

export const refused: readonly gardener.ShootVersionsArgs[] = [
  // @ts-expect-error a channel that does not exist
  { shoot, kubernetes: { channel: "stabel" } },
  // @ts-expect-error a text of any content
  { shoot, kubernetes: { channel: text } },
  // @ts-expect-error a channel of machine images
  { shoot, kubernetes: { channel: "major" } },
  // @ts-expect-error a channel of Kubernetes versions
  { shoot, machineImage: { channel: "rapid" } },
  // @ts-expect-error no Shoot is named
  { kubernetes: { version: "1.34" } },
  // @ts-expect-error a number for a version
  { shoot, kubernetes: { version: 1.34 } },
  // @ts-expect-error an unknown argument
  { shoot, kubernetesVersion: "1.34" },
  // @ts-expect-error an unknown value of whenNewer
  { shoot, whenNewer: "ignore" },
  // @ts-expect-error an unknown way to adopt
  { shoot, adopt: "yes" },
  // @ts-expect-error a check that does not exist
  { shoot, preflight: { severity: { everything: "info" } } },
  // @ts-expect-error a waiver without a date
  { shoot, preflight: { waivers: [{ check: "drain", reason: "by design" }] } },
  // @ts-expect-error a flag for an enum
  { shoot, rollout: { prepare: true } },
];

declare const web: gardener.ShootVersions;
declare const upgrade: gardener.RollingUpgrade;

export const outputs = {
  kubernetesVersion: web.kubernetesVersion satisfies pulumi.Output<string>,
  state: web.state satisfies pulumi.Output<gardener.RolloutState>,
  workers: web.workers satisfies pulumi.Output<Record<string, gardener.WorkerVersions>>,
  target: web.target satisfies pulumi.Output<gardener.Target>,
  image: web.target.apply(({ workers }) => workers["gpu"]?.machineImage) satisfies pulumi.Output<
    gardener.MachineImageVersion | undefined
  >,
  shootUid: web.shootUid satisfies pulumi.Output<string>,
  kubeconfig: web.kubeconfig satisfies pulumi.Output<string>,
  resource: upgrade.state satisfies pulumi.Output<gardener.RolloutState>,
  compared: web.state.apply((state) => state === "pending" || state === gardener.RolloutState.UpToDate),
};

export const refusedOutputs = {
  // @ts-expect-error a state that does not exist
  state: web.state.apply((state) => state === "held"),
  // @ts-expect-error a pool that the Shoot may not have
  image: web.workers.apply((workers) => workers["gpu"].machineImage),
  // @ts-expect-error an output that is read-only
  assigned: (web.state = upgrade.state),
};

const timeouts: pulumi.CustomTimeouts = { update: "2h" };

export const resources = () => [
  new gardener.ShootVersions("web", { shoot }, { customTimeouts: timeouts, protect: true, dependsOn: [web] }),
  new gardener.RollingUpgrade("web", { shoot }),
  new gardener.RollingUpgrade("web", { shoot }, { parent: web, customTimeouts: timeouts }),
  // @ts-expect-error arguments that no program gives
  new gardener.RollingUpgrade("web", { shoot }, { parent: web }, "urn"),
];

export const functions = {
  upgrades: gardener.getUpgrades({ shoot }, { async: true }) satisfies Promise<gardener.GetUpgradesResult>,
  upgradesOutput: gardener.getUpgradesOutput(
    { shoot: { id: text } },
    { dependsOn: web },
  ) satisfies pulumi.Output<gardener.GetUpgradesResult>,
  kubeconfig: gardener.getShootKubeconfig(
    { shoot, access: "admin", expirationSeconds: 600 },
    { parent: web },
  ) satisfies Promise<gardener.GetShootKubeconfigResult>,
  kubeconfigOutput: gardener.getShootKubeconfigOutput(
    { shoot: { id: text }, access: pulumi.output(gardener.Access.Viewer) },
    { dependsOn: [web, upgrade] },
  ).kubeconfig satisfies pulumi.Output<string>,
};

export const refusedFunctions = () => [
  // @ts-expect-error an output where the function takes plain values
  gardener.getUpgrades({ shoot: { id: text } }),
  // @ts-expect-error a dependency, which only outputs can wait for
  gardener.getUpgrades({ shoot }, { dependsOn: web }),
  // @ts-expect-error permissions that do not exist
  gardener.getShootKubeconfig({ shoot, access: "root" }),
  // @ts-expect-error a text of any content
  gardener.getShootKubeconfigOutput({ shoot, access: text }),
  // @ts-expect-error no Shoot is named
  gardener.getShootKubeconfigOutput({ access: "admin" }),
];
