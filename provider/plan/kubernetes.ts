/** From the declared Kubernetes version to the concrete target of the control plane. */
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile, OfferedVersion } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import type { KubernetesChannel } from "../model/enums";
import { UNMANAGED } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { find, list, newest, preferred, withClassification } from "./catalogue";
import { classify } from "./classification";
import { warningsAbout, newerThanDeclared, compareToDeclared, usable, withPrefix } from "./floor";
import { countNodes } from "./steps";
import { isNewer, minorOf, minorsBetween, parsePrefix, parseVersion } from "./versions";

export interface Resolution {
  /** The target: the running version or a newer one; with an error, the running one. */
  readonly version: string;
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
  capabilities: GardenCapabilities,
): Resolution {
  const { kubernetes: declared } = declaration;
  if (declared === undefined) return { version: UNMANAGED, problems: [] };
  const context = { shoot, versions: profile.kubernetesVersions, profile: profile.name, now, capabilities };
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
  readonly capabilities: GardenCapabilities;
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
  if (minorsBetween(shoot.kubernetesVersion, matching[0]?.version ?? declared) > 1) {
    return refused(context, "GU033", skips(declared, context));
  }
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
  const { shoot, now } = context;
  const specVersion = shoot.kubernetesVersion;
  const supported = withClassification(context.versions, now, "supported");
  const inMinor = (minor: string) => newest(supported.filter(({ version }) => minorOf(version) === minor));
  const patch = inMinor(minorOf(specVersion));
  const target = channel === "patch" ? patch : channel === "rapid" ? newest(supported) : stable(supported);
  const atMost = (version: OfferedVersion | undefined): Resolution =>
    version !== undefined && isNewer(version.version, specVersion)
      ? chosen(version, "kubernetes.channel", context)
      : { version: specVersion, problems: [] };
  if (target === undefined || minorsBetween(specVersion, target.version) <= 1) return atMost(target);

  const next = nextMinor(specVersion);
  const nearer = inMinor(next);
  const resolution = atMost(nearer ?? patch);
  const message =
    nearer === undefined
      ? `channel "${channel}" points to Kubernetes ${target.version}, but no supported version of ${next}, which cannot be skipped, is offered`
      : `channel "${channel}" points to Kubernetes ${target.version}; minors are upgraded one at a time, ${nearer.version} is the next`;
  const notice: Problem = {
    code: "GU033",
    severity: nearer === undefined ? "warning" : "info",
    property: "kubernetes.channel",
    message: `${shootId(shoot.ref)}: ${message}.`,
  };
  return { ...resolution, problems: [...resolution.problems, notice] };
}

/** The newest patch of the minor before the newest, of those that have a supported version. */
function stable(supported: readonly OfferedVersion[]): OfferedVersion | undefined {
  const top = newest(supported);
  return top && newest(supported.filter(({ version }) => minorsBetween(version, top.version) >= 1));
}

function chosen(version: OfferedVersion, property: string, { shoot, now }: Context): Resolution {
  const problems = warningsAbout(version, now).map(({ code, text }): Problem => ({
    code,
    severity: "warning",
    property,
    message: `${shootId(shoot.ref)}: Kubernetes ${version.version} ${text}.`,
  }));
  return { version: version.version, problems };
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
    ({ version }) => isNewer(version, specVersion) && minorsBetween(specVersion, version) <= 1,
  );
  return `possible versions: ${list(usable(within, now), now)}`;
}

function skips(declared: string, context: Context): string {
  const { shoot, versions, now } = context;
  const next = nextMinor(shoot.kubernetesVersion);
  const choice = preferred(withPrefix(versions, next), now);
  const skipped = `"${declared}" skips a minor, and Gardener upgrades one at a time`;
  return choice === undefined
    ? `${skipped}; the next, ${next}, has no supported version: ask the garden's operator`
    : `${skipped}; declare "${next}" (now ${choice.version}) first${nodeReplacements(declared, context)}`;
}

/** Where pools cannot stay behind the control plane, each minor replaces their nodes. */
function nodeReplacements(declared: string, { shoot, capabilities }: Context): string {
  const minors = minorsBetween(shoot.kubernetesVersion, declared);
  if (capabilities.poolKubernetesVersions || shoot.workers.length === 0) return "";
  const all = countNodes(shoot.workers, () => minors);
  return `. Each of the ${minors} minors replaces every node: ${all} in all`;
}

function nextMinor(version: string): string {
  const parsed = parseVersion(version);
  return parsed === undefined ? version : `${parsed.major}.${parsed.minor + 1}`;
}
