/** Lists the Shoots of the project that the garden's location names. */
import { UserError } from "../../model/problem";
import type { FoundShoot, ShootQuery, ShootScope } from "../garden";
import { optionalText, at, root } from "../field";
import type { CleuraContext } from "./api";
import { decodeShoot } from "./decode";
import { contradiction } from "./namespace";
import { readObjects } from "./read";

export async function findShoots(
  context: CleuraContext,
  { scope, selector }: ShootQuery,
): Promise<readonly FoundShoot[]> {
  if (selector !== undefined) {
    throw new UserError(
      "GU021",
      "Cleura's API does not report labels, so Shoots cannot be selected by them; leave selector out.",
      { property: "selector" },
    );
  }
  const found = (await readObjects(context)).map((object) => decodeFound(context, object));
  for (const one of found) if (one.kind === "shoot") assertAgreement(context, scope, one.shoot.ref.namespace);
  return found;
}

function decodeFound({ generations }: CleuraContext, object: unknown): FoundShoot {
  try {
    return { kind: "shoot", shoot: generations.apply(decodeShoot(object)) };
  } catch (problem) {
    if (!(problem instanceof UserError)) throw problem;
    return { kind: "unusable", name: optionalText(at(root("A Shoot", object), "name")) ?? "", problem };
  }
}

/** The garden's location names the project: the scope must not contradict it. */
function assertAgreement({ endpoint }: CleuraContext, scope: ShootScope, namespace: string): void {
  const named = contradiction(endpoint, scope, namespace);
  if (named === undefined) return;
  throw new UserError(
    "GU009",
    `The Shoots of project ${endpoint.projectId} are in the namespace ${namespace}, not in ${named}. In Cleura ` +
      `Cloud garden.cleura.projectId names the project: leave ${scope.kind} out.`,
    { property: scope.kind },
  );
}
