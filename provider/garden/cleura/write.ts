/** The one write: Kubernetes alone, or the image of one worker group. Nothing here can be tried out. */
import type { Change } from "../../model/plan";
import { UserError } from "../../model/problem";
import type { Shoot } from "../../model/shoot";
import type { Verdict } from "../garden";
import { statusFailure, writeInDoubt } from "../http";
import { describeShoot, type Line } from "./api";
import { wordsOf } from "./client";
import { decodePoolSettings, decodeShoot } from "./decode";
import { readShoot, unknownShoot } from "./read";

type Single =
  | { readonly kind: "kubernetes"; readonly version: string }
  | { readonly kind: "image"; readonly pool: string; readonly name: string; readonly version: string };

export async function apply(line: Line, change: Change): Promise<Verdict> {
  const single = singleOf(change);
  const { name } = change.shoot;
  const subject = describeShoot(change.shoot);
  const { shoot: before, told } = await readShoot(line, name);
  // There is no locking: what was read last is compared as late as can be.
  const moved = difference(change, before);
  if (moved !== undefined) return { kind: "conflict", message: `${subject} ${moved}` };
  const request = requestFor(single, before, told);
  if (request === undefined) {
    // A PUT may make the pool that it names.
    const pool = single.kind === "image" ? single.pool : "";
    return { kind: "refused", message: `${subject} has no worker pool ${pool}` };
  }

  const { client, paths, ledger } = line;
  const answer =
    request.kind === "kubernetes"
      ? await client.patch(paths.shoot(name), { subject }, request.body)
      : await client.put(paths.worker(name, request.pool), { subject }, request.body);
  if (answer.kind === "ok") {
    return {
      kind: "accepted",
      shoot: ledger.wrote(change, before, accepted(answer.body, before)),
      warnings: [],
      at: answer.date,
    };
  }
  const { status } = answer;
  if (status.code === 409) return { kind: "busy", message: wordsOf(status) };
  if (status.code === 400 || status.code === 422) return { kind: "refused", message: wordsOf(status) };
  if (status.code === 404) throw await unknownShoot(line, name);
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
  | { readonly kind: "image"; readonly pool: string; readonly body: unknown };

/** Undefined where the Shoot has no such pool. */
function requestFor(single: Single, { workers }: Shoot, told: unknown): Request | undefined {
  if (single.kind === "kubernetes") return { kind: "kubernetes", body: { kubernetes: single.version } };
  const { pool, name, version } = single;
  const settings = decodePoolSettings(told, pool);
  if (settings === undefined) return undefined;
  const sameImage = workers.some((one) => one.name === pool && one.machineImage.name === name);
  const machine = { ...settings.machine, image_version: version, ...(!sameImage && { image_name: name }) };
  return { kind: "image", pool, body: { ...settings, machine } };
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
