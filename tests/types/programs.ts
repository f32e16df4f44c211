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
  // @ts-expect-error a flag for an enum
  { shoot, rollout: { prepare: true } },
];
