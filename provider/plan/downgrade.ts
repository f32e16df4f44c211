/** The one thing that may go down: the machine image of a worker pool, where the program allows it until a day. */
import { isOver } from "../model/day";
import type { AllowedDowngrade } from "../model/declaration";
import { shootId } from "../model/shoot";
import { visible } from "../model/text";
import type { Finding } from "./findings";
import { choose, refusal, type ImageContext, type PoolResolution } from "./imageChoice";

/** The pool runs a newer version than the declared one. */
export function goDown(
  declared: string,
  allowed: AllowedDowngrade,
  property: string,
  context: ImageContext,
): PoolResolution {
  const { shoot, pool, now } = context;
  const { name, version } = pool.machineImage;
  const why = whyNot(allowed, context, now);
  if (why !== undefined) {
    return refusal(
      "GU069",
      property.replace(/version$/, "allowDowngrade"),
      context,
      (pools) => `${name} ${version} of worker pool ${pools} may not go down to "${declared}": ${why}.`,
    );
  }
  const found = choose(declared, property, context, "older");
  if (found.version === version) return found;
  const notice: Finding = {
    code: "GU069",
    severity: "warning",
    property,
    message: (pools) =>
      `${shootId(shoot.ref)}: ${name} of worker pool ${pools} goes down to ${found.version} from ${version}, ` +
      `allowed until ${allowed.until}: ${visible(allowed.reason)}.`,
  };
  return { ...found, goesDown: true, findings: [notice, ...found.findings] };
}

function whyNot({ until }: AllowedDowngrade, { shoot, pool }: ImageContext, now: Date): string | undefined {
  if (isOver(until, now)) {
    return `that was allowed until ${until}; set a later date with a reason that holds today, or declare the version that runs`;
  }
  if (shoot.maintenance.autoUpdate.machineImageVersion) {
    return "Gardener would raise it again, as spec.maintenance.autoUpdate.machineImageVersion is true; set that to false in the Shoot first";
  }
  if (pool.updateStrategy !== "AutoRollingUpdate") {
    return `Gardener lowers no image of a pool that is updated in place (${pool.updateStrategy}); declare the version that runs`;
  }
  return undefined;
}

/** The exception was not removed when its time was over, and nothing is to go down. */
export function withoutEffect(
  { until }: AllowedDowngrade,
  property: string,
  context: ImageContext,
): readonly Finding[] {
  if (!isOver(until, context.now)) return [];
  return [
    {
      code: "GU069",
      severity: "warning",
      property: property.replace(/version$/, "allowDowngrade"),
      message: (pools) =>
        `${shootId(context.shoot.ref)}: allowDowngrade of worker pool ${pools} has expired on ${until} and has no effect; remove it.`,
    },
  ];
}
