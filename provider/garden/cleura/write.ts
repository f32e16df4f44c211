/** The one write: Kubernetes alone, or the image of one worker group. Nothing here can be tried out. */
import type { Change } from "../../model/plan";
import { UserError } from "../../model/problem";
import type { Shoot } from "../../model/shoot";
import type { WriteResult } from "../garden";
import { statusFailure, unreachableFailure, writeInDoubt } from "../http";
import { describeShoot, type CleuraContext } from "./api";
import { wordsOf } from "./client";
import { decodePoolSettings, decodeShoot } from "./decode";
import { assertNotLowered } from "./lowered";
import { readShoot, unknownShoot } from "./read";

type Single =
  | { readonly kind: "kubernetes"; readonly version: string }
  | { readonly kind: "image"; readonly pool: string; readonly name: string; readonly version: string };

export async function apply(line: CleuraContext, change: Change): Promise<WriteResult> {
  const single = singleOf(change);
  const { name } = change.shoot;
  const subject = describeShoot(change.shoot);
  const { shoot: before, told: response } = await readShoot(line, name);
  // There is no locking: what was read last is compared as late as can be.
  const moved = difference(change, before);
  if (moved !== undefined) return { kind: "conflict", message: `${subject} ${moved}` };
  const image = otherImage(single, before);
  if (image !== undefined && single.kind === "image") {
    const message = `the image of worker pool ${single.pool} is ${image}, and Cleura's API cannot make it ${single.name}`;
    return { kind: "refused", message: `${subject}: ${message}` };
  }
  const request = requestFor(single, response);
  if (request === undefined) {
    // A PUT may make the pool that it names.
    const pool = single.kind === "image" ? single.pool : "";
    return { kind: "refused", message: `${subject} has no worker pool ${pool}` };
  }

  const { client, paths, generations } = line;
  // What is sent holds all of a pool: it must not grow old while a server wants to be left alone.
  const once = true;
  const answer =
    request.kind === "kubernetes"
      ? await client.patch(paths.shoot(name), { subject, once }, request.body)
      : await client.put(paths.worker(name, request.pool), { subject, once }, request.body);
  if (answer.kind === "ok") {
    if (request.kind === "image") await assertNotLowered(line, before, request, answer.body);
    return {
      kind: "accepted",
      shoot: generations.record(change, before, accepted(answer.body, before)),
      warnings: [],
      at: answer.date,
    };
  }
  const { status } = answer;
  if (status.code === 409 || status.code === 429) return { kind: "busy", message: wordsOf(status) };
  if (status.code === 400 || status.code === 422) return { kind: "refused", message: wordsOf(status) };
  if (status.code === 404) throw await unknownShoot(line, name);
  if ([502, 503, 504].includes(status.code)) {
    throw writeInDoubt(unreachableFailure(client.connection, `it answers ${status.code}`));
  }
  const failure = statusFailure(status, { verb: "change", resource: "shoots", subject }, client.connection);
  throw failure.writeOutcome === "unknown" ? failure : writeInDoubt(failure);
}

function singleOf({ shoot, kubernetesVersion, workers }: Change): Single {
  const changes: readonly Single[] = [
    ...(kubernetesVersion === undefined ? [] : [{ kind: "kubernetes" as const, version: kubernetesVersion }]),
    ...workers.flatMap(({ name, machineImage }) =>
      machineImage === undefined ? [] : [{ ...machineImage, kind: "image" as const, pool: name }],
    ),
  ];
  const pinned = workers.some((pool) => pool.kubernetesVersion !== undefined);
  const [single] = changes;
  if (single === undefined || changes.length > 1 || pinned) {
    throw new Error(`${describeShoot(shoot)} was to be changed in a way that Cleura's API does not have`);
  }
  return single;
}

function difference(change: Change, live: Shoot): string | undefined {
  if (live.uid !== change.uid) return `is another cluster: its uid was ${change.uid} and is ${live.uid}`;
  return live.resourceVersion === change.resourceVersion ? undefined : "has moved since it was read";
}

type Request =
  | { readonly kind: "kubernetes"; readonly body: unknown }
  | { readonly kind: "image"; readonly pool: string; readonly version: string; readonly body: unknown };

/** Undefined where the Shoot has no such pool. */
function requestFor(single: Single, response: unknown): Request | undefined {
  if (single.kind === "kubernetes") return { kind: "kubernetes", body: { kubernetes: single.version } };
  const { pool, version } = single;
  const settings = decodePoolSettings(response, pool);
  if (settings === undefined) return undefined;
  const machine = { ...settings.machine, image_version: version };
  return { kind: "image", pool, version, body: { ...settings, machine } };
}

/** The image's name in the pool, where the change asks for another one: Cleura's API cannot change it. */
function otherImage(single: Single, { workers }: Shoot): string | undefined {
  if (single.kind === "kubernetes") return undefined;
  const name = workers.find((pool) => pool.name === single.pool)?.machineImage.name;
  return name === single.name ? undefined : name;
}

/** The change is accepted, whatever the answer's body is worth. */
function accepted(body: unknown, before: Shoot): Shoot {
  try {
    return decodeShoot(body);
  } catch (error) {
    if (error instanceof UserError) return before;
    throw error;
  }
}
