/** The Shoots of the named projects and namespaces, or all that the user may see. */
import type { Garden, ShootScope } from "../../provider/garden/garden";
import { describeProblem, UserError } from "../../provider/model/problem";
import { shootId, type Shoot } from "../../provider/model/shoot";
import type { NotVisible } from "./model";

export interface ListedShoots {
  /** By namespace and name, each once. */
  readonly shoots: readonly Shoot[];
  readonly notVisible: readonly NotVisible[];
}

/** @param scopes empty: all that the user may see. */
export async function listShoots(garden: Garden, scopes: readonly ShootScope[]): Promise<ListedShoots> {
  if (scopes.length > 0) return listScopes(garden, scopes);
  try {
    return await listScopes(garden, [{ kind: "garden" }]);
  } catch (error) {
    if (!(error instanceof UserError) || !error.missingRight) throw error;
    const projects = await garden.visibleProjects?.();
    if (projects === undefined || projects.length === 0) throw nameProject(error);
    return listScopes(
      garden,
      projects.map((project) => ({ kind: "project", project })),
    );
  }
}

/** @throws the first failure where nothing can be listed at all. */
async function listScopes(garden: Garden, scopes: readonly ShootScope[]): Promise<ListedShoots> {
  const results = await Promise.allSettled(scopes.map((scope) => garden.findShoots({ scope })));
  const shoots = new Map<string, Shoot>();
  const notVisible: NotVisible[] = [];
  const failures: unknown[] = [];
  for (const [index, result] of results.entries()) {
    const scope = scopes[index];
    if (result.status === "rejected") {
      const failure: unknown = result.reason;
      if (!(failure instanceof UserError)) throw failure;
      failures.push(failure);
      notVisible.push({ what: describeScope(scope), reason: describeProblem(failure) });
      continue;
    }
    for (const found of result.value) {
      if (found.kind === "shoot") shoots.set(shootId(found.shoot.ref), found.shoot);
      else notVisible.push({ what: `Shoot ${found.name}`, reason: describeProblem(found.problem) });
    }
  }
  if (failures.length === scopes.length) throw failures[0];
  return { shoots: [...shoots.values()].sort(byId), notVisible };
}

export function describeScope(scope: ShootScope | undefined): string {
  switch (scope?.kind) {
    case "namespace":
      return `namespace ${scope.namespace}`;
    case "project":
      return `project ${scope.project}`;
    default:
      return "all visible Shoots";
  }
}

function nameProject(error: UserError): UserError {
  return new UserError(
    error.code,
    `The Shoots of all projects cannot be listed, nor can the projects; name yours with --project. ${error.message}`,
    { property: "--project", cause: error },
  );
}

function byId(one: Shoot, other: Shoot): number {
  return shootId(one.ref) < shootId(other.ref) ? -1 : 1;
}
