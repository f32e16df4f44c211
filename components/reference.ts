/** `shoot` and `garden` as the functions take them: as the arguments of ShootVersions. */
import { Fields } from "../provider/declaration/fields";
import { parseGarden } from "../provider/declaration/location";
import { parseShoot } from "../provider/declaration/shoot";
import type { GardenLocation, ShootReference } from "../provider/model/declaration";
import { describeProblem, UserError } from "../provider/model/problem";

export interface Referenced {
  readonly shoot: ShootReference;
  readonly garden: GardenLocation;
}

/** @throws UserError that lists all that is wrong. */
export function parseReference(args: { shoot: unknown; garden?: unknown }, caller: string): Referenced {
  const fields = new Fields(caller);
  const shoot = parseShoot(args.shoot, fields);
  const garden = parseGarden(args.garden, fields);
  const [first] = fields.problems;
  if (shoot === undefined || first !== undefined) {
    throw new UserError(first?.code ?? "GU021", fields.problems.map(describeProblem).join("\n"));
  }
  return { shoot, garden };
}
