/** Reads a Shoot's namespace, the Shoot, and its CloudProfile. */
import type { CloudProfile } from "../../model/cloudprofile";
import { SHOOT_FORMS, type ShootReference } from "../../model/declaration";
import { UserError } from "../../model/problem";
import type { Shoot, ShootRef } from "../../model/shoot";
import type { ProfiledShoot } from "../garden";
import { readPages, SMALL_PAGE, statusFailure, type ApiAnswer, type ApiClient } from "../http";
import type { NamespaceList } from "../namespaceReads";
import type { PromiseCache } from "../promiseCache";
import { suggest } from "../suggest";
import { describeReference, describeShoot, paths } from "./api";
import { decodeCloudProfile, decodeNamespacedCloudProfile, decodeShoot } from "./decode";
import { at, list, optionalText, root, text, type Field } from "../field";
import { namesAt } from "./names";

/** The answer for a project, which all Shoots of the project share. */
export type ProjectReads = PromiseCache<ApiAnswer>;

export async function locate(
  client: ApiClient,
  projects: ProjectReads,
  reference: ShootReference,
): Promise<ShootRef> {
  if (reference.kind === "namespace") return { namespace: reference.namespace, name: reference.name };
  if (reference.kind === "name") {
    const message = `"${reference.name}" could be in any project; name the Shoot as ${SHOOT_FORMS}.`;
    throw new UserError("GU021", message, { property: "shoot" });
  }
  const { project, name } = reference;
  return { namespace: await namespaceOf(client, projects, project, describeReference(reference)), name };
}

/** Without a request: of a project the namespace that Gardener creates for it where an operator chose no other. */
export function likelyNamespace(reference: ShootReference): string | undefined {
  if (reference.kind === "project") return usualNamespace(reference.project);
  return reference.kind === "namespace" ? reference.namespace : undefined;
}

function usualNamespace(project: string): string {
  return project === "garden" ? project : `garden-${project}`;
}

/** The namespace of a project. @param subject for messages. */
export async function namespaceOf(
  client: ApiClient,
  projects: ProjectReads,
  project: string,
  subject: string,
): Promise<string> {
  const answer = await projects.get(project, () =>
    client.send({ method: "GET", path: paths.project(project) }),
  );
  if (answer.kind === "ok") {
    const namespace = optionalText(at(root(`Project ${project}`, answer.body), "spec", "namespace"));
    if (namespace !== undefined) return namespace;
    throw new UserError("GU009", `${subject}: the project has no namespace yet.`);
  }
  const { status } = answer;
  // In some gardens members may not read their project; its namespace has this name unless an operator chose another.
  if (status.code === 403) return usualNamespace(project);
  if (status.code === 404) {
    const suggestion = suggest(project, await namesAt(client, paths.projects));
    throw new UserError(
      "GU009",
      `${subject}: ${client.connection.description} has no project ${project}.${suggestion}`,
    );
  }
  throw statusFailure(status, { verb: "get", resource: "projects", subject }, client.connection);
}

export async function getShoot(client: ApiClient, ref: ShootRef): Promise<Shoot> {
  const answer = await client.send({ method: "GET", path: paths.shoot(ref) });
  if (answer.kind === "ok") return decodeShoot(answer.body);
  if (answer.status.code === 404) throw await unknownShoot(client, ref);
  throw statusFailure(
    answer.status,
    { verb: "get", resource: "shoots", namespace: ref.namespace, subject: describeShoot(ref) },
    client.connection,
  );
}

export async function listShoots(client: ApiClient, namespace: string): Promise<NamespaceList<Shoot>> {
  const path = paths.shoots(namespace);
  const items = await listAll(client, { path, resource: "shoots", namespace, pageSize: SMALL_PAGE });
  return new Map(
    items.map((item) => [text(at(item, "metadata", "name")), () => decodeShoot(item.value)] as const),
  );
}

interface Listed {
  readonly path: string;
  readonly resource: string;
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly pageSize?: number;
}

/** The items of a list, over all of its pages. */
export async function listAll(
  client: ApiClient,
  { path, resource, namespace, labelSelector, pageSize }: Listed,
): Promise<readonly Field[]> {
  const query: Record<string, string> = labelSelector === undefined ? {} : { labelSelector };
  const pages = await readPages(client, { path, query }, { pageSize });
  switch (pages.kind) {
    case "ok":
      return itemsOf(pages.bodies, `The list of ${resource} in ${namespace}`);
    case "status": {
      const request = { verb: "list", resource, namespace, subject: `The ${resource} of ${namespace}` };
      throw statusFailure(pages.status, request, client.connection);
    }
    case "tooMany":
      throw new Error(`There are more than ${pages.objects} ${resource} in ${namespace}.`);
  }
}

export function itemsOf(bodies: readonly unknown[], description: string): readonly Field[] {
  return bodies.flatMap((body) => list(at(root(description, body), "items")));
}

export async function unknownShoot(client: ApiClient, ref: ShootRef): Promise<UserError> {
  const names = await namesAt(client, paths.shoots(ref.namespace));
  if (names === undefined || names.length === 0) {
    const namespace = await client.send({ method: "GET", path: paths.namespace(ref.namespace) });
    if (namespace.kind === "status" && namespace.status.code === 404) {
      return unknownNamespace(client, ref.namespace, describeShoot(ref));
    }
  }
  const suggestion = names?.length === 0 ? " There is no Shoot in this namespace." : suggest(ref.name, names);
  return new UserError(
    "GU010",
    `${describeShoot(ref)} does not exist in ${client.connection.description}.${suggestion}`,
  );
}

/** @param subject for messages. */
export async function unknownNamespace(
  client: ApiClient,
  namespace: string,
  subject: string,
): Promise<UserError> {
  const projects = await namesAt(client, paths.projects);
  const known = projects?.map(usualNamespace);
  return new UserError(
    "GU009",
    `${subject}: ${client.connection.description} has no namespace ${namespace}.` + suggest(namespace, known),
  );
}

export async function getCloudProfile(client: ApiClient, shoot: ProfiledShoot): Promise<CloudProfile> {
  const { kind, name } = shoot.cloudProfile;
  const { namespace } = shoot.ref;
  const namespaced = kind === "NamespacedCloudProfile";
  const path = namespaced ? paths.namespacedCloudProfile(namespace, name) : paths.cloudProfile(name);
  const answer = await client.send({ method: "GET", path });
  if (answer.kind === "ok") {
    return namespaced
      ? decodeNamespacedCloudProfile(name, answer.body)
      : decodeCloudProfile(name, answer.body);
  }
  if (answer.status.code === 404) {
    const names = await namesAt(
      client,
      namespaced ? paths.namespacedCloudProfiles(namespace) : paths.cloudProfiles,
    );
    throw new UserError(
      "GU011",
      `${describeShoot(shoot.ref)} refers to the ${kind} ${name}, which does not exist in ${client.connection.description}.` +
        suggest(name, names),
    );
  }
  throw statusFailure(
    answer.status,
    {
      verb: "get",
      resource: namespaced ? "namespacedcloudprofiles" : "cloudprofiles",
      namespace: namespaced ? namespace : undefined,
      subject: describeShoot(shoot.ref),
    },
    client.connection,
  );
}
