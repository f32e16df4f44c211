/** Which of the offered machine image versions a declared one means for a worker pool. */
import type { CloudProfile, MachineImageVersion } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import type { Problem } from "../model/problem";
import { effectiveKubernetesVersion, shootId, type Shoot, type WorkerPool } from "../model/shoot";
import { describeImages, imagesBefore, type ImageMove, type Reaches } from "./between";
import { find, list, newestFirst, preferred, withClassification } from "./catalogue";
import { classify } from "./classification";
import type { Finding } from "./findings";
import { usable, warningsAbout, withPrefix } from "./floor";
import { suitableVersions, unsuitable } from "./suitability";
import { isNewer, parsePrefix } from "./versions";

export interface ImageContext {
  readonly declaration: Declaration;
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly now: Date;
  readonly pool: WorkerPool;
  /** What the pool's kubelets run with the image. */
  readonly kubelet: string;
  readonly reaches: Reaches;
}

export interface PoolResolution {
  readonly version: string;
  /** The version is lower than the pool's. */
  readonly goesDown?: boolean;
  readonly findings: readonly Finding[];
}

type Direction = "newer" | "older";

/** The declared version, or the best that begins so: newer than the pool's version, or older. */
export function choose(
  declared: string,
  property: string,
  context: ImageContext,
  direction: Direction,
): PoolResolution {
  const { pool, now, profile, kubelet } = context;
  const exact = parsePrefix(declared) === undefined;
  const named = exact ? find(offered(context), declared) : undefined;
  const matching = (
    exact ? (named === undefined ? [] : [named]) : withPrefix(offered(context), declared)
  ).filter((version) => classify(version, now) !== "unavailable");
  const { name } = pool.machineImage;
  const refuse = (code: Problem["code"], text: (pools: string) => string): PoolResolution =>
    refusal(code, property, context, (pools) => `${text(pools)}; ${choices(context, direction)}.`);
  if (matching.length === 0) {
    return refuse(
      "GU034",
      (pools) =>
        `${name} "${declared}" for worker pool ${pools} is not offered by the CloudProfile ${profile.name}`,
    );
  }
  const fitting = matching.filter((version) => unsuitable(version, pool, kubelet, profile) === undefined);
  if (fitting.length === 0) {
    const version = newestFirst(matching)[0];
    const reason = version && unsuitable(version, pool, kubelet, profile);
    return refuse(
      "GU035",
      (pools) =>
        `${name} ${version?.version} does not suit worker pool ${pools}: it ${reason}${version && firstOthers(version, context)}`,
    );
  }
  // plugin/pkg/shoot/validator/admission.go: an expired version is accepted unless it is lower.
  if (named !== undefined && direction === "older" && classify(named, now) === "expired") {
    return refuse(
      "GU037",
      (pools) =>
        `${name} ${named.version} for worker pool ${pools} has expired, and Gardener lowers no image to an expired version`,
    );
  }
  const choice = exact ? named : preferred(fitting, now);
  if (choice !== undefined) return chosen(choice, property, context);
  const previews = withClassification(fitting, now, "preview");
  return previews.length > 0
    ? refuse(
        "GU032",
        (pools) =>
          `of ${name} ${declared} there are only preview versions for worker pool ${pools}; declare one exactly, or wait`,
      )
    : refuse(
        "GU037",
        (pools) => `of ${name} ${declared} there are only expired versions for worker pool ${pools}`,
      );
}

/** Where it can be installed from another image that the pool could run today. */
function firstOthers(
  to: MachineImageVersion,
  { shoot, pool, kubelet, profile, now, reaches }: ImageContext,
): string {
  const kubelets = { now: effectiveKubernetesVersion(shoot, pool), then: kubelet };
  const move: ImageMove = { pool, to, kubelets, profile, now, reaches };
  const first = imagesBefore(move);
  if (first.length === 0) return "";
  const { kubernetesVersion } = shoot;
  const left = kubelet === kubelets.now ? "" : `, with Kubernetes left at ${kubernetesVersion}`;
  return `; declare ${describeImages(move, first)} for it first${left}`;
}

/** The pool stays as it is, and the plan is refused. */
export function refusal(
  code: Problem["code"],
  property: string,
  { shoot, pool }: ImageContext,
  text: (pools: string) => string,
): PoolResolution {
  const message = (pools: string) => `${shootId(shoot.ref)}: ${text(pools)}`;
  return {
    version: pool.machineImage.version,
    findings: [{ code, severity: "error", property, message }],
  };
}

export function chosen(
  version: MachineImageVersion,
  property: string,
  context: ImageContext,
): PoolResolution {
  const findings = warningsAbout(version, context.now).map(({ code, text }): Finding => ({
    code,
    severity: "warning",
    property,
    message: (pools) =>
      `${shootId(context.shoot.ref)}: ${context.pool.machineImage.name} ${version.version} for worker pool ${pools} ${text}.`,
  }));
  return { version: version.version, findings };
}

export function offered({ profile, pool }: ImageContext): readonly MachineImageVersion[] {
  return profile.machineImages.find(({ name }) => name === pool.machineImage.name)?.versions ?? [];
}

/** Versions that the pool can run; without "any" only those in one direction from its own. */
export function suitable(context: ImageContext, which: Direction | "any"): readonly MachineImageVersion[] {
  const { pool, kubelet, profile } = context;
  const { version: own } = pool.machineImage;
  return suitableVersions(pool, kubelet, profile).filter(
    ({ version }) => which === "any" || (which === "newer" ? isNewer(version, own) : isNewer(own, version)),
  );
}

export function choices(context: ImageContext, direction: Direction): string {
  return `suitable and ${direction}: ${list(usable(suitable(context, direction), context.now), context.now)}`;
}
