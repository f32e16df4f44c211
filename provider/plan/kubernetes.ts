/** From the declared Kubernetes version to the concrete one that the control plane shall run. */
import type { GardenCapabilities } from "../model/capabilities";
import type { CloudProfile, OfferedVersion } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import type { KubernetesChannel } from "../model/enums";
import { UNMANAGED } from "../model/plan";
import type { Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { find, list, newest, preferred, those } from "./catalogue";
import { classify } from "./classification";
import { caveats, newerThanDeclared, standing, usable, withPrefix } from "./floor";
import { countNodes } from "./steps";
import { isNewer, minorOf, minorsBetween, parsePrefix, parseVersion } from "./versions";

export interface Resolution {
  /** The version to run: live or above; where a problem is an error, live. */
  readonly version: string;
  readonly problems: readonly Problem[];
}

/** The property that says which version, for messages. */
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
  const { kubernetes: wanted } = declaration;
  if (wanted === undefined) return { version: UNMANAGED, problems: [] };
  const context = { shoot, versions: profile.kubernetesVersions, profile: profile.name, now, capabilities };
  if (wanted.kind === "channel") return followChannel(wanted.channel, context);
  const { kubernetesVersion: live } = shoot;
  if (!isDeclarable(wanted.version)) return refused(context, "GU024", notAVersion(wanted.version));
  switch (standing(live, wanted.version)) {
    case "below":
      return moveUp(wanted.version, context);
    case "at":
      return stayIn(wanted.version, context);
    case "beyond": {
      const found = { cluster: shootId(shoot.ref), runs: `Kubernetes ${live}`, declared: wanted.version };
      const problem = newerThanDeclared(declaration.whenNewer, "kubernetes.version", found);
      return { version: live, problems: [problem] };
    }
  }
}

/** A minor or a patch of one; Gardener would take "1" for the newest of all, beyond the next minor. */
function isDeclarable(text: string): boolean {
  const prefix = parsePrefix(text);
  return prefix === undefined ? parseVersion(text) !== undefined : prefix.parts.length === 2;
}

function notAVersion(text: string): string {
  return `"${text}" is no Kubernetes version; write one such as "1.34" or "1.34.3"`;
}

interface Context {
  readonly shoot: Shoot;
  readonly versions: readonly OfferedVersion[];
  readonly profile: string;
  readonly now: Date;
  readonly capabilities: GardenCapabilities;
}

/** Live is the declared version, or of the declared minor: at most a newer patch of that. */
function stayIn(declared: string, context: Context): Resolution {
  const best = preferred(withPrefix(context.versions, declared), context.now);
  const live = context.shoot.kubernetesVersion;
  return best !== undefined && isNewer(best.version, live)
    ? chosen(best, "kubernetes.version", context)
    : { version: live, problems: [] };
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
  const previews = those(matching, now, "preview");
  const offered = `of Kubernetes ${declared} the CloudProfile ${context.profile} offers`;
  return previews.length > 0
    ? refused(
        context,
        "GU032",
        `${offered} previews only (${list(previews, now)}); name one exactly, or wait`,
      )
    : refused(
        context,
        "GU037",
        `${offered} expired versions only (${list(matching, now)}); ${reachable(context)}`,
      );
}

function followChannel(channel: KubernetesChannel, context: Context): Resolution {
  const { shoot, now } = context;
  const live = shoot.kubernetesVersion;
  const supported = those(context.versions, now, "supported");
  const inMinor = (minor: string) => newest(supported.filter(({ version }) => minorOf(version) === minor));
  const patch = inMinor(minorOf(live));
  const goal = channel === "patch" ? patch : channel === "rapid" ? newest(supported) : stable(supported);
  const atMost = (version: OfferedVersion | undefined): Resolution =>
    version !== undefined && isNewer(version.version, live)
      ? chosen(version, "kubernetes.channel", context)
      : { version: live, problems: [] };
  if (goal === undefined || minorsBetween(live, goal.version) <= 1) return atMost(goal);

  const next = nextMinor(live);
  const nearer = inMinor(next);
  const resolution = atMost(nearer ?? patch);
  const message =
    nearer === undefined
      ? `channel "${channel}" points to Kubernetes ${goal.version}, but no supported version of ${next}, which cannot be skipped, is offered`
      : `channel "${channel}" points to Kubernetes ${goal.version}; minors are crossed one at a time, ${nearer.version} is the next`;
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
  const problems = caveats(version, now).map(({ code, text }): Problem => ({
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
  const live = shoot.kubernetesVersion;
  const within = versions.filter(
    ({ version }) => isNewer(version, live) && minorsBetween(live, version) <= 1,
  );
  return `it can go to: ${list(usable(within, now), now)}`;
}

function skips(declared: string, context: Context): string {
  const { shoot, versions, now } = context;
  const next = nextMinor(shoot.kubernetesVersion);
  const choice = preferred(withPrefix(versions, next), now);
  const skipped = `"${declared}" would skip a minor, and Gardener crosses one at a time`;
  return choice === undefined
    ? `${skipped}; the next, ${next}, is not offered in a supported version: ask the garden's operator`
    : `${skipped}; declare "${next}" (now ${choice.version}) first${price(declared, context)}`;
}

/** Where pools cannot stay behind the control plane, no minor on the way spares the nodes. */
function price(declared: string, { shoot, capabilities }: Context): string {
  const minors = minorsBetween(shoot.kubernetesVersion, declared);
  if (capabilities.poolKubernetesVersions || minors < 2 || shoot.workers.length === 0) return "";
  const all = countNodes(shoot.workers, () => minors);
  return `. Each of the ${minors} minors replaces every node: ${all} in all`;
}

function nextMinor(version: string): string {
  const parsed = parseVersion(version);
  return parsed === undefined ? version : `${parsed.major}.${parsed.minor + 1}`;
}
