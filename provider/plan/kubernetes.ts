/** From the declared Kubernetes version to the concrete target of the control plane. */
import type { CloudProfile, OfferedVersion } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import type { KubernetesChannel } from "../model/enums";
import { UNMANAGED } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { find, list, newest, newestFirst, preferred, withClassification } from "./catalogue";
import { classify } from "./classification";
import { warningsAbout, newerThanDeclared, compareToDeclared, usable, withPrefix } from "./floor";
import { isNewer, minorOf, minorsBetween, parsePrefix, parseVersion } from "./versions";
import { pinsTooFarBehind } from "./skew";
import { wayTo } from "./way";

export interface Resolution {
  /** The target: the running version or a newer one; with an error, the running one. */
  readonly version: string;
  /** Versions of the minors between, in their order. */
  readonly way?: readonly string[];
  readonly problems: readonly Problem[];
}

/** The property that declares the version, for messages. */
export function kubernetesProperty(declaration: Declaration): string {
  return `kubernetes.${declaration.kubernetes?.kind ?? "version"}`;
}

export function resolveKubernetes(
  declaration: Declaration,
  shoot: Shoot,
  profile: CloudProfile,
  now: Date,
): Resolution {
  const { kubernetes: declared } = declaration;
  if (declared === undefined) return { version: UNMANAGED, problems: [] };
  const context = { shoot, versions: profile.kubernetesVersions, profile: profile.name, now };
  if (declared.kind === "channel") return followChannel(declared.channel, context);
  const { kubernetesVersion: specVersion } = shoot;
  if (!isDeclarable(declared.version)) return refused(context, "GU024", notAVersion(declared.version));
  switch (compareToDeclared(specVersion, declared.version)) {
    case "below":
      return moveUp(declared.version, context);
    case "at":
      return stayIn(declared.version, context);
    case "beyond": {
      const found = {
        cluster: shootId(shoot.ref),
        runs: `Kubernetes ${specVersion}`,
        declared: declared.version,
      };
      const problem = newerThanDeclared(declaration.whenNewer, "kubernetes.version", found);
      return { version: specVersion, problems: [problem] };
    }
  }
}

/** A minor or a patch of one; Gardener would take "1" for the newest of all, beyond the next minor. */
function isDeclarable(text: string): boolean {
  const prefix = parsePrefix(text);
  return prefix === undefined ? parseVersion(text) !== undefined : prefix.parts.length === 2;
}

function notAVersion(text: string): string {
  return `"${text}" is not a Kubernetes version; declare one such as "1.34" or "1.34.3"`;
}

interface Context {
  readonly shoot: Shoot;
  readonly versions: readonly OfferedVersion[];
  readonly profile: string;
  readonly now: Date;
}

/** The Shoot runs the declared version or minor: at most a newer patch of it. */
function stayIn(declared: string, context: Context): Resolution {
  const best = preferred(withPrefix(context.versions, declared), context.now);
  const specVersion = context.shoot.kubernetesVersion;
  return best !== undefined && isNewer(best.version, specVersion)
    ? chosen(best, "kubernetes.version", context)
    : { version: specVersion, problems: [] };
}

function moveUp(declared: string, context: Context): Resolution {
  const { shoot, versions, now } = context;
  const exact = parsePrefix(declared) === undefined;
  const named = exact ? find(versions, declared) : undefined;
  const matching = (exact ? (named === undefined ? [] : [named]) : withPrefix(versions, declared)).filter(
    (version) => classify(version, now) !== "unavailable",
  );
  if (matching.length === 0) return refused(context, "GU031", notOffered(declared, context));
  const way = wayTo(shoot.kubernetesVersion, matching[0]?.version ?? declared, versions, now);
  if (way.kind === "blocked") return refused(context, "GU033", blocked(declared, way.minor, context));
  const choice = exact ? named : preferred(matching, now);
  if (choice !== undefined) return chosen(choice, "kubernetes.version", context);
  const previews = withClassification(matching, now, "preview");
  const offered = `of Kubernetes ${declared} the CloudProfile ${context.profile} offers`;
  return previews.length > 0
    ? refused(
        context,
        "GU032",
        `${offered} preview versions only (${list(previews, now)}); declare one exactly, or wait`,
      )
    : refused(
        context,
        "GU037",
        `${offered} expired versions only (${list(matching, now)}); ${reachable(context)}`,
      );
}

function followChannel(channel: KubernetesChannel, context: Context): Resolution {
  const { shoot, versions, now } = context;
  const specVersion = shoot.kubernetesVersion;
  const supported = withClassification(versions, now, "supported");
  const patch = newest(supported.filter(({ version }) => minorOf(version) === minorOf(specVersion)));
  const target = channel === "patch" ? patch : channel === "rapid" ? newest(supported) : stable(supported);
  const stay: Resolution = { version: specVersion, problems: [] };
  if (target === undefined || !isNewer(target.version, specVersion)) return stay;

  const onTheWay = newestFirst(supported).filter(
    ({ version }) => isNewer(version, specVersion) && !isNewer(version, target.version),
  );
  const reached = onTheWay.find(
    ({ version }) =>
      wayTo(specVersion, version, versions, now).kind === "way" &&
      pinsTooFarBehind(shoot, version).pools.length === 0,
  );
  const resolution = reached === undefined ? stay : chosen(reached, "kubernetes.channel", context);
  const way = wayTo(specVersion, target.version, versions, now);
  const points = `${shootId(shoot.ref)}: channel "${channel}" points to Kubernetes ${target.version}, but`;
  const warn = (code: Problem["code"], reason: string): Problem => ({
    code,
    severity: "warning",
    property: "kubernetes.channel",
    message: `${points} ${reason}.`,
  });
  const notices = [
    ...(way.kind === "blocked" ? [warn("GU033", unusable(way.minor, context))] : []),
    ...boundByPins(shoot, target.version, resolution.version).map((reason) => warn("GU036", reason)),
  ];
  return notices.length === 0
    ? resolution
    : { ...resolution, problems: [...resolution.problems, ...notices] };
}

/** A pool that a user has pinned stays pinned, and keeps the control plane below the channel's version. */
function boundByPins(shoot: Shoot, target: string, reached: string): readonly string[] {
  const { pools, most } = pinsTooFarBehind(shoot, target);
  if (pools.length === 0) return [];
  const pins = pools.map(({ name, kubernetesVersion: pin }) => `${name} to ${pin}`).join(", ");
  return [
    `worker pools are pinned (${pins}) and may be ${most} minors behind it at most; with them Kubernetes goes no further than ${reached}. ` +
      "Raise spec.provider.workers[].kubernetes.version of these pools to continue",
  ];
}

/** The newest patch of the minor before the newest, of those that have a supported version. */
function stable(supported: readonly OfferedVersion[]): OfferedVersion | undefined {
  const top = newest(supported);
  return top && newest(supported.filter(({ version }) => minorsBetween(version, top.version) >= 1));
}

function chosen(version: OfferedVersion, property: string, { shoot, versions, now }: Context): Resolution {
  const way = wayTo(shoot.kubernetesVersion, version.version, versions, now);
  const between = way.kind === "way" ? way.versions : [];
  const warnings = (one: OfferedVersion, where: string) =>
    warningsAbout(one, now).map(({ code, text }): Problem => ({
      code,
      severity: "warning",
      property,
      message: `${shootId(shoot.ref)}: Kubernetes ${one.version}${where} ${text}.`,
    }));
  return {
    version: version.version,
    ...(between.length > 0 && { way: between.map((one) => one.version) }),
    problems: [...between.flatMap((one) => warnings(one, ", on the way,")), ...warnings(version, "")],
  };
}

function refused({ shoot }: Context, code: Problem["code"], text: string): Resolution {
  const message = `${shootId(shoot.ref)} runs Kubernetes ${shoot.kubernetesVersion}; ${text}.`;
  return {
    version: shoot.kubernetesVersion,
    problems: [{ code, severity: "error", property: "kubernetes.version", message }],
  };
}

function notOffered(declared: string, context: Context): string {
  return `"${declared}" is not offered by the CloudProfile ${context.profile}; ${reachable(context)}`;
}

function reachable({ shoot, versions, now }: Context): string {
  const specVersion = shoot.kubernetesVersion;
  const within = versions.filter(
    ({ version }) =>
      isNewer(version, specVersion) && wayTo(specVersion, version, versions, now).kind === "way",
  );
  return `possible versions: ${list(usable(within, now), now)}`;
}

function blocked(declared: string, minor: string, context: Context): string {
  const { shoot } = context;
  const lower = minorsBetween(shoot.kubernetesVersion, `${minor}.0`) > 1 ? ", or declare a lower minor" : "";
  return `"${declared}" cannot be reached, as ${unusable(minor, context)}: ask the garden's operator${lower}`;
}

function unusable(minor: string, { versions, now }: Context): string {
  const offered = list(withPrefix(versions, minor), now);
  return `Kubernetes ${minor} cannot be skipped, and no version of it can be used (offered: ${offered})`;
}
