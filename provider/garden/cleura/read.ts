/** Reads: a Shoot's namespace, the Shoot, those of the project, and a CloudProfile. */
import type { CloudProfile } from "../../model/cloudprofile";
import type { ShootReference } from "../../model/declaration";
import { UserError } from "../../model/problem";
import type { Shoot, ShootRef } from "../../model/shoot";
import type { ProfiledShoot } from "../garden";
import { ifUsable } from "../field";
import { statusFailure } from "../http";
import type { NamespaceList } from "../namespaceReads";
import { suggest } from "../suggest";
import { describeShoot, type CleuraContext } from "./api";
import { decodeCloudProfile, decodeShoot, findNamed, namesIn, objectsIn } from "./decode";
import { contradiction, type ProjectNamespace } from "./namespace";

const SHOOTS = "The list of Shoots";
const CLOUD_PROFILES = "The list of CloudProfiles";
const NOT_FOUND = 404;

export async function locate(
  context: CleuraContext,
  project: ProjectNamespace,
  reference: ShootReference,
): Promise<ShootRef> {
  const { name } = reference;
  const ref = { namespace: await project.find(name), name };
  assertAgreement(context, reference, ref);
  return ref;
}

export async function getShoot(
  context: CleuraContext,
  project: ProjectNamespace,
  ref: ShootRef,
): Promise<Shoot> {
  const shoot = project.takeShoot(ref.name) ?? (await readShoot(context, ref.name)).shoot;
  assertAgreement(context, { kind: "namespace", ...ref }, shoot.ref);
  return context.generations.apply(shoot);
}

/** The Shoots of the project in that namespace, without those that a single read has to report an error of. */
export async function listShoots(context: CleuraContext, namespace: string): Promise<NamespaceList<Shoot>> {
  const { generations } = context;
  // A Shoot that is just being created lacks fields.
  const shoots = (await readObjects(context)).flatMap((object) => ifUsable(() => decodeShoot(object)) ?? []);
  return new Map(
    shoots
      .filter(({ ref }) => ref.namespace === namespace)
      .map(generations.apply)
      .map((shoot) => [shoot.ref.name, () => shoot] as const),
  );
}

/** The Shoots of the project as the API shows them. */
export async function readObjects({ client, paths }: CleuraContext): Promise<readonly unknown[]> {
  const answer = await client.get(paths.shoots, { subject: SHOOTS });
  if (answer.kind === "ok") return objectsIn(answer.body, SHOOTS);
  const request = { verb: "list", resource: "shoots", subject: SHOOTS };
  throw statusFailure(answer.status, request, client.connection);
}

/** As the API shows it, with the body of the answer. */
export async function readShoot(
  context: CleuraContext,
  name: string,
): Promise<{ shoot: Shoot; body: unknown }> {
  const { client, paths } = context;
  const subject = describeShoot({ name });
  const answer = await client.get(paths.shoot(name), { subject });
  if (answer.kind === "ok") return { shoot: decodeShoot(answer.body), body: answer.body };
  if (answer.status.code === NOT_FOUND) throw await unknownShoot(context, name);
  throw statusFailure(answer.status, { verb: "get", resource: "shoots", subject }, client.connection);
}

export async function unknownShoot(context: CleuraContext, name: string): Promise<UserError> {
  const { client, paths, endpoint } = context;
  const subject = describeShoot({ name });
  const { description } = client.connection;
  const answer = await client.get(paths.shoots, { subject });
  if (answer.kind === "ok") {
    const names = namesIn(answer.body, SHOOTS);
    if (names.includes(name)) {
      return new UserError(
        "GU013",
        `${subject}: ${description} answered 404 and lists it nevertheless. Try again.`,
      );
    }
    const suggestion = names.length === 0 ? " There is no Shoot in this project." : suggest(name, names);
    return new UserError(
      "GU010",
      `${subject} does not exist in ${whereIn(endpoint)} of ${description}.${suggestion}`,
    );
  }
  if (answer.status.code !== NOT_FOUND) {
    return statusFailure(answer.status, { verb: "list", resource: "shoots", subject }, client.connection);
  }
  // A server of another version, or without this cloud, answers 404 to every path.
  await client.assertVersion();
  return new UserError("GU009", `${subject}: ${description} has no ${whereIn(endpoint)}. ${CHECK_PROJECT}`, {
    property: "garden.cleura",
  });
}

const CHECK_PROJECT =
  "Check region, which is case-sensitive (Sto2, Fra1, Kna1), and projectId, the id of the OpenStack project: " +
  "garden: { cleura: { region, projectId } }, CLEURA_REGION and CLEURA_PROJECT_ID, or gardener:cleuraRegion and gardener:cleuraProjectId.";

function whereIn({ region, projectId }: CleuraContext["endpoint"]): string {
  return `project ${projectId} in region ${region}`;
}

/** The garden's location names the project: the Shoot's reference must not contradict it. */
function assertAgreement(
  { endpoint }: CleuraContext,
  reference: ShootReference,
  { namespace }: ShootRef,
): void {
  const named = contradiction(endpoint, reference, namespace);
  if (named === undefined) return;
  throw new UserError(
    "GU009",
    `Shoot ${reference.name} is in the namespace ${namespace}, not in ${named}. In Cleura Cloud ` +
      `garden.cleura.projectId names the project: shoot: { name: "${reference.name}" } is enough.`,
    { property: "shoot" },
  );
}

export async function getCloudProfile(
  { client, paths }: CleuraContext,
  shoot: ProfiledShoot,
): Promise<CloudProfile> {
  const { name } = shoot.cloudProfile;
  const subject = describeShoot(shoot.ref);
  const answer = await client.get(paths.cloudProfiles, { subject });
  if (answer.kind === "status") {
    const request = { verb: "list", resource: "cloud-profiles", subject };
    throw statusFailure(answer.status, request, client.connection);
  }
  const profile = findNamed(answer.body, CLOUD_PROFILES, name);
  if (profile !== undefined) return decodeCloudProfile(name, profile);
  throw new UserError(
    "GU011",
    `${subject} refers to the CloudProfile ${name}, which does not exist in ${client.connection.description}.` +
      suggest(name, namesIn(answer.body, CLOUD_PROFILES)),
  );
}
