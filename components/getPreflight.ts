import * as pulumi from "@pulumi/pulumi";
import type {
  GardenArgs,
  KubernetesArgs,
  MachineImageArgs,
  PreflightArgs,
  ShootArgs,
  WorkerArgs,
} from "../provider/args";
import type { Fields, Keys } from "../provider/declaration/fields";
import { parseDeclaration } from "../provider/declaration/parse";
import { parsePreflight } from "../provider/declaration/preflight";
import type { Garden } from "../provider/garden/garden";
import { findShoot, planOn } from "../provider/lifecycle";
import { mockedCall, underMocks } from "../provider/mocks";
import { systemClock } from "../provider/model/clock";
import { isRecord } from "../provider/model/json";
import type { Declaration } from "../provider/model/declaration";
import type { GetPreflightResult } from "../provider/model/preflight";
import { UserError } from "../provider/model/problem";
import { shootId, type Shoot } from "../provider/model/shoot";
import { blocking, review, rollOfAllNodes, runPreflight, workOf } from "../provider/preflight";
import { parseArguments, parseLocated, resolved } from "./arguments";
import { openSharedGarden } from "./connection";
import { asRunError } from "./failure";

/** The arguments of {@link getPreflight}. */
export interface GetPreflightArgs {
  /** The Shoot: `{ project, name }`, `{ namespace, name }` or `{ id: "namespace/name" }`. */
  shoot: pulumi.Unwrap<ShootArgs>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Unwrap<GardenArgs>;
  /** The Kubernetes version that the Shoot is to run. Default: not changed. */
  kubernetes?: pulumi.Unwrap<KubernetesArgs>;
  /** The machine image of the worker pools that `workers` does not name. Default: not changed. */
  machineImage?: pulumi.Unwrap<MachineImageArgs>;
  /** Versions of single worker pools, by name. */
  workers?: Record<string, pulumi.Unwrap<WorkerArgs>>;
  /** Access, waivers and severities. */
  preflight?: pulumi.Unwrap<PreflightArgs>;
}

/** The arguments of {@link getPreflightOutput}. */
export interface GetPreflightOutputArgs {
  /** The Shoot: `{ project, name }`, `{ namespace, name }` or `{ id: "namespace/name" }`. */
  shoot: pulumi.Input<ShootArgs>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
  /** The Kubernetes version that the Shoot is to run. Default: not changed. */
  kubernetes?: pulumi.Input<KubernetesArgs>;
  /** The machine image of the worker pools that `workers` does not name. Default: not changed. */
  machineImage?: pulumi.Input<MachineImageArgs>;
  /** Versions of single worker pools, by name. */
  workers?: pulumi.Input<Record<string, pulumi.Input<WorkerArgs>>>;
  /** Access, waivers and severities. */
  preflight?: pulumi.Input<PreflightArgs>;
}

const token = "gardener:index:getPreflight";
const keys: Keys<GetPreflightArgs> = {
  shoot: true,
  garden: true,
  kubernetes: true,
  machineImage: true,
  workers: true,
  preflight: true,
};

/**
 * Examines a Shoot as a preview with something pending does: what would block the rollout, slow it down, or lose something by it.
 * With no version the findings are those of a roll of all nodes. Reads only, and no Secret; needs `create` on
 * `shoots/viewerkubeconfig` beside `get` on the Shoot and its CloudProfile.
 *
 * @param args The Shoot, and the versions that it is to run.
 * @param opts Pulumi's options for functions. They have no effect: the function runs in the program's process.
 * @returns Plain data: findings, most severe first, each with a fingerprint that is the same in every run.
 * @throws RunError with a code if an argument is invalid, a version is not offered, or the garden cannot be reached.
 * @example
 * const { findings } = await gardener.getPreflight({
 *   shoot: { project: "demo", name: "web" },
 *   kubernetes: { version: "1.34" },
 * });
 * for (const { severity, object, found } of findings) console.log(severity, object.name, found);
 */
export function getPreflight(
  args: GetPreflightArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetPreflightResult> {
  return asRunError(async () => {
    const {
      shoot: reference,
      garden: location,
      preflight,
      declaration,
    } = parseArguments("getPreflight", (fields) => parseRequest(args, fields));
    if (underMocks()) return mockedCall(token, args, opts, isPreflight);
    const garden = await openSharedGarden(location);
    const shoot = await findShoot(garden, reference);
    const now = systemClock.now();
    const work = await workFor(garden, declaration, shoot, now);
    const result = await runPreflight(garden, shoot, work, { access: preflight.access, now });
    const { checks, findings, expired, unused } = review(result, preflight, now);
    return {
      shoot: shootId(shoot.ref),
      blocks: blocking(findings).length > 0,
      findings: [...findings],
      checks: [...checks],
      expiredWaivers: [...expired],
      unusedWaivers: [...unused],
    };
  });
}

/**
 * {@link getPreflight} for outputs of other resources.
 *
 * @param args The Shoot, and the versions that it is to run.
 * @param opts Pulumi's options for functions: `dependsOn` delays the request until these resources exist.
 * The others have no effect: the function runs in the program's process.
 * @example
 * const { blocks } = gardener.getPreflightOutput({ shoot: { project: "demo", name: web.name } });
 */
export function getPreflightOutput(
  args: GetPreflightOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetPreflightResult> {
  return pulumi.all([args, resolved(opts)]).apply(([given]) => getPreflight(given, opts));
}

function parseRequest(args: GetPreflightArgs, fields: Fields) {
  const given = fields.object(args, "", keys) ?? {};
  const { kubernetes, machineImage, workers } = given;
  if ([kubernetes, machineImage, workers].every((declared) => declared === undefined || declared === null)) {
    const preflight = parsePreflight(given.preflight, fields);
    const located = parseLocated(given, fields);
    return located && { ...located, preflight, declaration: undefined };
  }
  const parsed = parseDeclaration({ ...given }, fields.subject);
  if (parsed.kind === "declaration") {
    const { shoot, garden, preflight } = parsed.declaration;
    return { shoot, garden, preflight, declaration: parsed.declaration };
  }
  fields.problems.push(...parsed.problems);
  return undefined;
}

async function workFor(garden: Garden, declaration: Declaration | undefined, shoot: Shoot, now: Date) {
  if (declaration === undefined) return rollOfAllNodes(shoot);
  const planned = await planOn(garden, declaration, shoot, now);
  if (planned.kind === "plan") return workOf(planned.plan.steps, shoot);
  const [first] = planned.problems;
  throw new UserError(first?.code ?? "GU031", planned.problems.map(({ message }) => message).join("\n"), {
    property: first?.property,
  });
}

/** As much as is checked of a mock's result. */
function isPreflight(value: unknown): value is GetPreflightResult {
  return isRecord(value);
}
