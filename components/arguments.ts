/** The arguments of ShootVersions, and those of functions, which are parsed like them. */
import * as pulumi from "@pulumi/pulumi";
import { Fields } from "../provider/declaration/fields";
import { parseDeclaration, type Parsed } from "../provider/declaration/parse";
import { parseGarden } from "../provider/declaration/location";
import { parseShoot } from "../provider/declaration/shoot";
import type { ShootReference } from "../provider/model/declaration";
import type { GardenLocation } from "../provider/model/location";
import { describeProblem, UserError } from "../provider/model/problem";

/** The arguments of ShootVersions as a preview knows them. */
export interface Declared {
  /** As the provider receives them: undefined is not sent through the engine. */
  readonly args: unknown;
  readonly parsed: Parsed;
}

export function parseDeclared(declared: unknown, name: string): Declared {
  const args = asSent(declared);
  return { args, parsed: parseDeclaration(args, name) };
}

function asSent(declared: unknown): unknown {
  if (declared === undefined || typeof declared === "function") return undefined;
  // The SDK sends an empty object for a bigint (runtime/rpc.ts); a resource can have a cycle.
  const replace = (_: string, value: unknown) =>
    typeof value === "bigint" || pulumi.Resource.isInstance(value) ? {} : value;
  return JSON.parse(JSON.stringify(declared, replace));
}

/** @throws UserError that lists all problems. */
export function parseArguments<Parsed>(
  caller: string,
  parse: (fields: Fields) => Parsed | undefined,
): Parsed {
  const fields = new Fields(caller);
  const parsed = parse(fields);
  const [first] = fields.problems;
  if (parsed === undefined || first !== undefined) {
    throw new UserError(first?.code ?? "GU021", fields.problems.map(describeProblem).join("\n"));
  }
  return parsed;
}

export interface Located {
  readonly shoot: ShootReference;
  readonly garden: GardenLocation;
}

export function parseLocated(
  args: { readonly shoot?: unknown; readonly garden?: unknown },
  fields: Fields,
): Located | undefined {
  const [shoot, garden] = [parseShoot(args.shoot, fields), parseGarden(args.garden, fields)];
  return shoot && { shoot, garden };
}

/**
 * Resolves as soon as the resources of `dependsOn` exist; not known in a preview while one of them is not.
 * Which children a component has is internal to Pulumi: its outputs stand for them.
 */
export function resolved({ dependsOn }: pulumi.InvokeOutputOptions): pulumi.Output<unknown> {
  return pulumi
    .output(dependsOn)
    .apply((resources) => pulumi.all((resources === undefined ? [] : [resources].flat()).flatMap(outputsOf)));
}

function outputsOf(resource: pulumi.Resource): readonly pulumi.Output<unknown>[] {
  if (pulumi.CustomResource.isInstance(resource)) return [resource.urn, resource.id];
  const properties: readonly unknown[] = Object.values(resource);
  return properties.filter((value) => pulumi.Output.isInstance(value));
}
