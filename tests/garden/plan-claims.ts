/**
 * What a refusal of the planner claims about the garden, code by code: either the garden would refuse as well, which is
 * held against it, or the planner is stricter on purpose, for a reason that is given here. A code that is in neither list
 * fails the test.
 */
import type { CloudProfile } from "../../provider/model/cloudprofile";
import type { Code } from "../../provider/model/codes";
import type { Declaration } from "../../provider/model/declaration";
import type { Problem } from "../../provider/model/problem";
import type { Shoot } from "../../provider/model/shoot";
import { classify } from "../../provider/plan/classification";
import { resolveKubernetes } from "../../provider/plan/kubernetes";
import { minorsBetween } from "../../provider/plan/versions";
import type { JsonValue } from "../contract/api";

export interface Case {
  readonly declaration: Declaration;
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly now: Date;
}

/** The garden would refuse as well, and name one of these fields. */
export const REFUSED_BY_THE_GARDEN = ["GU030", "GU031", "GU033", "GU034", "GU035", "GU036"] as const;

interface Stricter {
  readonly code: Code;
  readonly why: string;
  /** Absent: always. */
  readonly when?: (problem: Problem, given: Case) => boolean;
}

export const STRICTER_ON_PURPOSE: readonly Stricter[] = [
  {
    code: "GU024",
    why: 'Gardener takes "1" for the newest version of all, beyond the next minor; what is not a version it refuses too.',
  },
  {
    code: "GU027",
    why: "Gardener would take a pool that the Shoot does not have for a new one.",
  },
  {
    code: "GU031",
    why: "Gardener lets an existing Shoot go to a version before its first stage has begun; its operators do not offer it yet.",
    when: (problem, given) => textsOf(problem, given).some((text) => isToCome(text, given)),
  },
  { code: "GU032", why: "A preview is used only if it is declared exactly." },
  {
    code: "GU035",
    why: "An image that does not serve the kubelets of a minor further away: Gardener reports the skipped minor first.",
    when: ({ message }, given) => isFurtherAway(given) && !message.includes("Gardener refuses every change"),
  },
  {
    code: "GU037",
    why: "A version in part never means an expired one; named exactly it is taken, as Gardener takes it on an existing Shoot.",
  },
  {
    code: "GU039",
    why: 'whenNewer: "fail" requires it, and a declared version never causes a downgrade, even a possible one.',
  },
  {
    code: "GU069",
    why: "An image goes down only until the declared day, and not while maintenance would raise it again.",
  },
  {
    code: "GU044",
    why: "A minor of a hibernated Shoot: no API server of that minor would run during hibernation.",
  },
];

export function stricter(problem: Problem, given: Case): boolean {
  return STRICTER_ON_PURPOSE.some(
    ({ code, when }) => code === problem.code && (when?.(problem, given) ?? true),
  );
}

export function heldAgainstTheGarden({ code }: Problem): boolean {
  return REFUSED_BY_THE_GARDEN.some((one) => one === code);
}

/** The patches that a refused declaration could mean: verbatim, and each offered version that a partial version matches. */
export function meanings(problem: Problem, given: Case): readonly JsonValue[] {
  const { shoot } = given;
  const control = controlPlane(given);
  if (problem.message.includes("Gardener refuses every change")) return [anyChange(shoot)];
  if (isAboutKubernetes(problem)) {
    const texts = problem.code === "GU035" || problem.code === "GU036" ? [control] : textsOf(problem, given);
    return texts.map((version) => patch(version, []));
  }
  const kubernetes = control === shoot.kubernetesVersion || isFurtherAway(given) ? undefined : control;
  // The image stays, and Kubernetes is what cannot be.
  if (problem.message.includes("declare a machineImage version that suits")) return [patch(control, [])];
  return poolsOf(problem, given).flatMap((pool) =>
    textsOf(problem, given).map((version) =>
      patch(kubernetes, [{ name: pool.name, machine: { image: { name: pool.machineImage.name, version } } }]),
    ),
  );
}

/** Where the garden has to see the trouble. */
export function fieldsOf(problem: Problem, given: Case): readonly string[] {
  if (["GU031", "GU033"].includes(problem.code)) {
    // A pool that would be too far behind is checked before the CloudProfile.
    const pools = given.shoot.workers.map((_, index) => `${pathOf(index)}.kubernetes.version`);
    return ["spec.kubernetes.version", ...pools];
  }
  return poolsOf(problem, given).flatMap((pool) => {
    const path = pathOf(given.shoot.workers.indexOf(pool));
    if (problem.code === "GU036") return [`${path}.kubernetes.version`];
    // A partial version that matches none is reported for the pool as a whole.
    return [`${path}.machine.image`, `${path}.cri`, `${path}: `];
  });
}

const pathOf = (pool: number) => `spec.provider.workers[${String(pool)}]`;

/** Nothing that a planner would plan. */
function anyChange({ maintenance }: Shoot): JsonValue {
  return { spec: { maintenance: { confineSpecUpdateRollout: !maintenance.confineSpecUpdateRollout } } };
}

function isAboutKubernetes({ property }: Problem): boolean {
  return property?.startsWith("kubernetes.") ?? false;
}

/** The version that the control plane is to run, as far as nothing is wrong with it. */
function controlPlane({ declaration, shoot, profile, now }: Case): string {
  const { version, problems } = resolveKubernetes(declaration, shoot, profile, now);
  const isResolved =
    declaration.kubernetes !== undefined && !problems.some(({ severity }) => severity === "error");
  return isResolved ? version : shoot.kubernetesVersion;
}

/** Further than one write can go. */
function isFurtherAway(given: Case): boolean {
  return minorsBetween(given.shoot.kubernetesVersion, controlPlane(given)) > 1;
}

/** A message names the pools that it is about. */
function poolsOf({ message }: Problem, { shoot }: Case): Shoot["workers"] {
  const names = /worker pool (\w+(?:, \w+)*)/.exec(message)?.[1]?.split(", ") ?? [];
  return shoot.workers.filter(({ name }) => names.includes(name));
}

function textsOf(problem: Problem, given: Case): readonly string[] {
  const { declaration, profile } = given;
  if (isAboutKubernetes(problem)) return [...meant(declaration.kubernetes, profile.kubernetesVersions)];
  const own = /^workers\["(\w+)"\]/.exec(problem.property ?? "")?.[1];
  const desired = own === undefined ? declaration.machineImage : declaration.workers[own]?.machineImage;
  const names = poolsOf(problem, given).map(({ machineImage }) => machineImage.name);
  const offered = profile.machineImages
    .filter(({ name }) => names.includes(name))
    .flatMap(({ versions }) => versions);
  return [...meant(desired, offered)];
}

function meant(
  desired: Declaration["kubernetes" | "machineImage"],
  offered: readonly { readonly version: string }[],
): ReadonlySet<string> {
  if (desired?.kind !== "version") return new Set();
  const { version: text } = desired;
  return new Set([
    text,
    ...offered.map(({ version }) => version).filter((version) => version.startsWith(`${text}.`)),
  ]);
}

function isToCome(text: string, { profile, now }: Case): boolean {
  const entry = profile.kubernetesVersions.find(({ version }) => version === text);
  return entry !== undefined && classify(entry, now) === "unavailable";
}

function patch(kubernetes: string | undefined, workers: readonly JsonValue[]): JsonValue {
  return {
    spec: {
      ...(kubernetes === undefined ? {} : { kubernetes: { version: kubernetes } }),
      ...(workers.length === 0 ? {} : { provider: { workers } }),
    },
  };
}
