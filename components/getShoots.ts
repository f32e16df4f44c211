import * as pulumi from "@pulumi/pulumi";
import type { GardenArgs } from "../provider/args";
import type { Fields, Keys } from "../provider/declaration/fields";
import { parseGarden } from "../provider/declaration/location";
import type { FoundShoot, ShootScope } from "../provider/garden/garden";
import { mockedCall, underMocks } from "../provider/mocks";
import { ShootPurpose } from "../provider/model/enums";
import { isRecord } from "../provider/model/json";
import { UserError } from "../provider/model/problem";
import { summaryOf, type ShootSummary } from "../provider/model/shootSummary";
import { parseArguments, resolved } from "./arguments";
import { openSharedGarden } from "./connection";
import { asRunError } from "./failure";

/** The arguments of {@link getShoots}. */
export interface GetShootsArgs {
  /**
   * The Gardener project whose Shoots are listed. Without `project` and `namespace`: those of the whole garden, for which its
   * operators have the right; on Cleura Cloud those of the project that `garden.cleura.projectId` names.
   */
  project?: string;
  /** The namespace whose Shoots are listed, instead of `project`. */
  namespace?: string;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Unwrap<GardenArgs>;
  /** A label selector, as `kubectl --selector` takes it: `"tier=production,team!=data"`. Not on Cleura Cloud. */
  selector?: string;
  /** Only Shoots of this purpose. */
  purpose?: ShootPurpose;
}

/** The arguments of {@link getShootsOutput}. */
export interface GetShootsOutputArgs {
  /**
   * The Gardener project whose Shoots are listed. Without `project` and `namespace`: those of the whole garden, for which its
   * operators have the right; on Cleura Cloud those of the project that `garden.cleura.projectId` names.
   */
  project?: pulumi.Input<string>;
  /** The namespace whose Shoots are listed, instead of `project`. */
  namespace?: pulumi.Input<string>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
  /** A label selector, as `kubectl --selector` takes it: `"tier=production,team!=data"`. Not on Cleura Cloud. */
  selector?: pulumi.Input<string>;
  /** Only Shoots of this purpose. */
  purpose?: pulumi.Input<ShootPurpose>;
}

/** The Shoots that {@link getShoots} has found. */
export interface GetShootsResult {
  /** Sorted by name. */
  readonly shoots: ShootSummary[];
}

const token = "gardener:index:getShoots";
const keys: Keys<GetShootsArgs> = {
  project: true,
  namespace: true,
  garden: true,
  selector: true,
  purpose: true,
};

/**
 * Lists Shoots with their versions, for a loop in the program. Needs `list` on Shoots in the namespace; one request.
 *
 * @param args Which Shoots.
 * @param opts Pulumi's options for functions. They have no effect: the function runs in the program's process.
 * @returns Plain data, by name.
 * @throws RunError with a code if an argument is invalid, or the garden cannot be reached or refuses.
 * @example
 * const { shoots } = await gardener.getShoots({ project: "demo", selector: "tier=staging" });
 * for (const { namespace, name } of shoots) {
 *   new gardener.ShootVersions(name, { shoot: { namespace, name }, kubernetes: { channel: "patch" } });
 * }
 */
export function getShoots(args: GetShootsArgs, opts?: pulumi.InvokeOptions): Promise<GetShootsResult> {
  return asRunError(async () => {
    const { garden: location, scope, selector, purpose } = parseArguments("getShoots", parseQuery(args));
    if (underMocks()) return mockedCall(token, args, opts, isShoots);
    const garden = await openSharedGarden(location);
    const found = await garden.findShoots({ scope, ...(selector !== undefined && { selector }) });
    const shoots = found
      .map(summaryOfFound)
      .filter((shoot) => purpose === undefined || shoot.purpose === purpose)
      .sort((a, b) => compare(a.name, b.name) || compare(a.namespace, b.namespace));
    return { shoots };
  });
}

/**
 * {@link getShoots} for outputs of other resources.
 *
 * @param args Which Shoots.
 * @param opts Pulumi's options for functions: `dependsOn` delays the request until these resources exist.
 * The others have no effect: the function runs in the program's process.
 * @example
 * const names = gardener.getShootsOutput({ project: team.name }).shoots.apply((shoots) => shoots.map(({ name }) => name));
 */
export function getShootsOutput(
  args: GetShootsOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetShootsResult> {
  return pulumi.all([args, resolved(opts)]).apply(([given]) => getShoots(given, opts));
}

function parseQuery(args: GetShootsArgs) {
  return (fields: Fields) => {
    const given = fields.object(args, "", keys) ?? {};
    return {
      garden: parseGarden(given.garden, fields),
      scope: parseScope(given, fields),
      selector: fields.text(given.selector, "selector"),
      purpose: fields.choice(given.purpose, "purpose", ShootPurpose),
    };
  };
}

function parseScope(
  given: Readonly<Partial<Record<keyof GetShootsArgs, unknown>>>,
  fields: Fields,
): ShootScope {
  const project = fields.text(given.project, "project");
  const namespace = fields.text(given.namespace, "namespace");
  if (project !== undefined && namespace !== undefined) {
    fields.problem("GU021", "project", "give project or namespace, not both");
  }
  if (project !== undefined) return { kind: "project", project };
  if (namespace !== undefined) return { kind: "namespace", namespace };
  return { kind: "garden" };
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** One that is left out would no longer be managed by the program's loop. */
function summaryOfFound(found: FoundShoot): ShootSummary {
  if (found.kind === "shoot") return summaryOf(found.shoot);
  const { code, message } = found.problem;
  throw new UserError(
    code,
    `${message} Without it the list would not be complete; run again when the Shoot has been created.`,
  );
}

/** As much as is checked of a mock's result. */
function isShoots(value: unknown): value is GetShootsResult {
  return isRecord(value) && Array.isArray(value["shoots"]);
}
