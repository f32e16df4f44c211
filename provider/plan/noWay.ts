/** Worker pools whose images and kubelets cannot be brought together on the way, and what to declare first. */
import { shootId, type Shoot } from "../model/shoot";
import type { Problem } from "../model/problem";
import { describeImages, imagesBefore, type ImageMove, type Reaches } from "./between";
import { find } from "./catalogue";
import { merged, type Finding } from "./findings";
import { obstacle } from "./obstacle";
import { schedule, type Line, type PoolRoute } from "./schedule";
import type { Blocked } from "./sequence";

export interface NoWay {
  readonly shoot: Shoot;
  readonly now: Date;
  /** Declares the Kubernetes version. */
  readonly property: string;
  /** Nodes are replaced at each minor, as the program declares it. */
  readonly everyMinor: boolean;
  readonly reaches: Reaches;
}

export function noWay({ pools, line }: Blocked, context: NoWay): readonly Problem[] {
  return merged(
    pools.map((route) => ({ pool: route.pool.name, findings: [findingOf(route, line, context)] })),
  );
}

function findingOf(route: PoolRoute, line: Line, context: NoWay): Finding {
  const { shoot, property } = context;
  const { name, version } = route.pool.machineImage;
  const [from, to] = [shoot.kubernetesVersion, last(line)];
  const kubernetes = `${from === to ? "" : `from Kubernetes ${from} `}to ${from === to ? "Kubernetes " : ""}${to}`;
  const images =
    route.image === undefined
      ? `with ${name} ${version}`
      : `and from ${name} ${version} to ${route.image.to} directly`;
  const what = `cannot go ${kubernetes} ${images}: ${obstacle(route, line)}. ${whatToDo(route, line, context)}.`;
  return {
    code: "GU035",
    severity: "error",
    property,
    message: (pools) => `${shootId(shoot.ref)}: worker pool ${pools} ${what}`,
  };
}

function whatToDo(route: PoolRoute, line: Line, context: NoWay): string {
  const { shoot, now, everyMinor, reaches } = context;
  const { pool, image, kubelet } = route;
  const offered = line.profile.machineImages.find(({ name }) => name === pool.machineImage.name)?.versions;
  const to = find(offered ?? [], image?.to ?? pool.machineImage.version);
  if (image === undefined || to === undefined) return "Declare a machineImage version that serves them";
  const canHoldBack = everyMinor && pool.updateStrategy === "AutoRollingUpdate";
  if (canHoldBack && schedule({ ...route, kubernetes: "holdsBack" }, line) !== undefined) {
    return 'Leave out rollout.workers: "everyMinor", so that the pool is held back meanwhile';
  }
  const move: ImageMove = {
    pool,
    to,
    kubelets: { now: kubelet, then: route.kubernetes === "stays" ? kubelet : last(line) },
    profile: line.profile,
    now,
    reaches,
  };
  const first = imagesBefore(move);
  return first.length === 0
    ? "No image between them leads there with the kubelets of today; declare a lower Kubernetes minor first, with an image that serves it"
    : `Declare ${describeImages(move, first)} for it first, with Kubernetes left at ${shoot.kubernetesVersion}, and these versions after that`;
}

function last({ versions }: Line): string {
  return versions.at(-1) ?? "";
}
