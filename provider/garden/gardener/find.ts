/** Lists the Shoots of a namespace, of a project, or of the whole garden. */
import { reworded, UserError } from "../../model/problem";
import { at, optionalText, type Field } from "../field";
import type { FoundShoot, ShootQuery, ShootScope } from "../garden";
import { readPages, statusFailure, type ApiClient } from "../http";
import { decodeShoot } from "./decode";
import { paths } from "./api";
import { itemsOf, namespaceOf, unknownNamespace, type ProjectReads } from "./read";

export async function findShoots(
  client: ApiClient,
  projects: ProjectReads,
  { scope, selector }: ShootQuery,
): Promise<readonly FoundShoot[]> {
  const namespace = await namespaceIn(client, projects, scope);
  const subject = namespace === undefined ? "The Shoots of the garden" : `The Shoots of ${namespace}`;
  const pages = await readPages(client, {
    path: namespace === undefined ? paths.allShoots : paths.shoots(namespace),
    query: selector === undefined ? {} : { labelSelector: selector },
  });
  if (pages.kind === "ok") {
    const found = itemsOf(pages.bodies, subject).map(decodeFound);
    // The API server lists what does not exist as empty.
    if (found.length === 0 && scope.kind === "namespace") await assertNamespace(client, scope.namespace);
    return found;
  }
  if (pages.kind === "tooMany") throw new Error(`${subject} are more than ${pages.objects}.`);
  const { status } = pages;
  if (status.code === 400 && selector !== undefined) {
    const message = `${JSON.stringify(selector)} is not a label selector that the garden accepts: ${status.message}`;
    throw new UserError("GU021", message, { property: "selector" });
  }
  const failure = statusFailure(
    status,
    { verb: "list", resource: "shoots", namespace, subject },
    client.connection,
  );
  // Members have rights in their project alone.
  throw namespace === undefined && failure.missingRight
    ? reworded(failure, `${failure.message} Or give project or namespace.`)
    : failure;
}

/** Undefined: projects may not be listed. One that has no namespace yet has no Shoots. */
export async function visibleProjects(client: ApiClient): Promise<readonly string[] | undefined> {
  const subject = "The projects of the garden";
  const pages = await readPages(client, { path: paths.projects });
  if (pages.kind === "ok") {
    return itemsOf(pages.bodies, subject).flatMap((project) =>
      optionalText(at(project, "spec", "namespace")) === undefined
        ? []
        : (optionalText(at(project, "metadata", "name")) ?? []),
    );
  }
  if (pages.kind === "tooMany") throw new Error(`${subject} are more than ${pages.objects}.`);
  if (pages.status.code === 403) return undefined;
  throw statusFailure(pages.status, { verb: "list", resource: "projects", subject }, client.connection);
}

async function namespaceIn(
  client: ApiClient,
  projects: ProjectReads,
  scope: ShootScope,
): Promise<string | undefined> {
  switch (scope.kind) {
    case "namespace":
      return scope.namespace;
    case "project":
      return namespaceOf(client, projects, scope.project, `The Shoots of the project ${scope.project}`);
    case "garden":
      return undefined;
  }
}

async function assertNamespace(client: ApiClient, namespace: string): Promise<void> {
  const answer = await client.send({ method: "GET", path: paths.namespace(namespace) });
  if (answer.kind === "status" && answer.status.code === 404) {
    throw await unknownNamespace(client, namespace, `The Shoots of ${namespace}`);
  }
}

function decodeFound(item: Field): FoundShoot {
  try {
    return { kind: "shoot", shoot: decodeShoot(item.value) };
  } catch (problem) {
    if (!(problem instanceof UserError)) throw problem;
    return { kind: "unusable", name: optionalText(at(item, "metadata", "name")) ?? "", problem };
  }
}
