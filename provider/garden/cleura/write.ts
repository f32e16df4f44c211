/** The only write: the Kubernetes version, or the machine image of one worker group. */
import type { Change } from "../../model/plan";
import { UserError } from "../../model/problem";
import type { Shoot } from "../../model/shoot";
import type { WriteResult } from "../garden";
import {
  isRetryableStatus,
  statusFailure,
  unreachableFailure,
  writeInDoubt,
  type ApiAnswer,
  type ApiStatus,
} from "../http";
import { describeShoot, type CleuraContext } from "./api";
import { messageOf } from "./failure";
import { decodePoolSettings, decodeShoot } from "./decode";
import { assertNotLowered } from "./lowered";
import { readShoot, unknownShoot } from "./read";

/** One field of the Shoot: the API takes no more in one request. */
type FieldChange =
  | { readonly kind: "kubernetes"; readonly version: string }
  | { readonly kind: "image"; readonly pool: string; readonly name: string; readonly version: string };

export async function apply(context: CleuraContext, change: Change): Promise<WriteResult> {
  const fieldChange = fieldChangeOf(change);
  const subject = describeShoot(change.shoot);
  const { shoot: before, body } = await readShoot(context, change.shoot.name);
  // There is no optimistic locking: compare as late as possible.
  const moved = difference(change, before);
  if (moved !== undefined) return { kind: "conflict", message: `${subject} ${moved}` };
  const request = requestFor(fieldChange, before, body);
  if (request.kind === "refused") return { kind: "refused", message: `${subject} ${request.message}` };
  try {
    const answer = await send(context, change.shoot.name, request);
    return answer.kind === "ok"
      ? await acceptedResult(context, change, before, request, answer)
      : await refusedResult(context, change.shoot.name, answer.status);
  } catch (error) {
    if (error instanceof UserError && error.writeOutcome === "unknown") {
      context.generations.recordUnconfirmed(change, before);
    }
    throw error;
  }
}

function send({ client, paths }: CleuraContext, name: string, request: Request): Promise<ApiAnswer> {
  // A single attempt: a repetition would send a worker group as it was read before the pause.
  const about = { subject: describeShoot({ name }), once: true };
  return request.kind === "kubernetes"
    ? client.patch(paths.shoot(name), about, request.body)
    : client.put(paths.worker(name, request.pool), about, request.body);
}

async function acceptedResult(
  context: CleuraContext,
  change: Change,
  before: Shoot,
  request: Request,
  { body, date }: Extract<ApiAnswer, { kind: "ok" }>,
): Promise<WriteResult> {
  if (request.kind === "image") await assertNotLowered(context, before, request, body);
  const shoot = context.generations.record(change, before, decodeAnswer(body, before));
  return { kind: "accepted", shoot, warnings: [], at: date };
}

async function refusedResult(context: CleuraContext, name: string, status: ApiStatus): Promise<WriteResult> {
  const { connection } = context.client;
  if (status.code === 409 || status.code === 429) return { kind: "busy", message: messageOf(status) };
  if (status.code === 400 || status.code === 422) return { kind: "refused", message: messageOf(status) };
  if (status.code === 404) throw await unknownShoot(context, name);
  if (isRetryableStatus(status.code)) {
    throw writeInDoubt(unreachableFailure(connection, `it answers ${status.code}`));
  }
  const right = { verb: "change", resource: "shoots", subject: describeShoot({ name }) };
  const failure = statusFailure(status, right, connection);
  throw failure.writeOutcome === "unknown" ? failure : writeInDoubt(failure);
}

function fieldChangeOf({ shoot, kubernetesVersion, workers }: Change): FieldChange {
  const changes: readonly FieldChange[] = [
    ...(kubernetesVersion === undefined ? [] : [{ kind: "kubernetes" as const, version: kubernetesVersion }]),
    ...workers.flatMap(({ name, machineImage }) =>
      machineImage === undefined ? [] : [{ ...machineImage, kind: "image" as const, pool: name }],
    ),
  ];
  const pinned = workers.some((pool) => pool.kubernetesVersion !== undefined);
  const [fieldChange] = changes;
  if (fieldChange === undefined || changes.length > 1 || pinned) {
    throw new Error(`${describeShoot(shoot)} cannot be changed in this way through Cleura's API`);
  }
  return fieldChange;
}

function difference(change: Change, shoot: Shoot): string | undefined {
  if (shoot.uid !== change.uid) return `is another cluster: its uid was ${change.uid} and is ${shoot.uid}`;
  return shoot.resourceVersion === change.resourceVersion ? undefined : "has changed since it was read";
}

type Request =
  | { readonly kind: "kubernetes"; readonly body: unknown }
  | { readonly kind: "image"; readonly pool: string; readonly version: string; readonly body: unknown };

interface Refusal {
  readonly kind: "refused";
  readonly message: string;
}

function requestFor(change: FieldChange, { workers }: Shoot, body: unknown): Request | Refusal {
  if (change.kind === "kubernetes") return { kind: "kubernetes", body: { kubernetes: change.version } };
  const { pool, name, version } = change;
  const image = workers.find((worker) => worker.name === pool)?.machineImage.name;
  const settings = decodePoolSettings(body, pool);
  // A PUT could create the worker group that it names.
  if (image === undefined || settings === undefined) {
    return { kind: "refused", message: `has no worker pool ${pool}` };
  }
  if (image !== name) {
    const message = `has the machine image ${image} in worker pool ${pool}, and Cleura's API cannot change it to ${name}`;
    return { kind: "refused", message };
  }
  return {
    kind: "image",
    pool,
    version,
    body: { ...settings, machine: { ...settings.machine, image_version: version } },
  };
}

/** The change is accepted, even if the body of the answer cannot be decoded. */
function decodeAnswer(body: unknown, before: Shoot): Shoot {
  try {
    return decodeShoot(body);
  } catch (error) {
    if (error instanceof UserError) return before;
    throw error;
  }
}
