/** The poller's reads of Cleura's API, one attempt each. */
import { isRecord } from "../../../model/json";
import type { Shoot } from "../../../model/shoot";
import type { ApiAnswer, ApiStatus } from "../../http/index";
import { describeShoot, type CleuraContext } from "../api";
import { messageOf } from "../failure";
import { decodeShoot, findNamed } from "../decode/index";
import { createFetchFailures, type FetchFailures } from "./fetchFailures";
import type { FetchResult, ShootFetcher, Undecodable } from "./fetchResult";

const SHOOTS = "The list of Shoots";

export function createShootFetcher(context: CleuraContext): ShootFetcher {
  const { paths } = context;
  const failures = createFetchFailures(context.client.connection, context.clock);
  return {
    fetchShoot: (name) =>
      read(context, failures, {
        subject: describeShoot({ name }),
        path: paths.shoot(name),
        // Each Shoot contains its name: a body without it comes from a proxy or gateway.
        find: (body) => (isRecord(body) && body["name"] === name ? new Map([[name, body]]) : undefined),
        absent: { kind: "fetched", shoots: new Map() },
      }),
    fetchShoots: (names) =>
      read(context, failures, {
        subject: SHOOTS,
        path: paths.shoots,
        find: (body) =>
          Array.isArray(body)
            ? new Map(names.map((name) => [name, findNamed(body, SHOOTS, name)]))
            : undefined,
        absent: { kind: "failed", message: "the project is not found" },
      }),
  };
}

interface Read {
  readonly subject: string;
  readonly path: string;
  /** Undefined if the body is not an answer to the request. */
  find(body: unknown): ReadonlyMap<string, unknown> | undefined;
  /** The result of a 404. */
  readonly absent: FetchResult;
}

async function read(context: CleuraContext, failures: FetchFailures, request: Read): Promise<FetchResult> {
  const { client } = context;
  const { description } = client.connection;
  let answer: ApiAnswer;
  try {
    answer = await client.get(request.path, { subject: request.subject, once: true });
  } catch (error) {
    return failures.resultOf(error);
  }
  failures.answered();
  if (answer.kind === "status") {
    return answer.status.code === 404 ? request.absent : failureOf(answer.status, description);
  }
  const objects = request.find(answer.body);
  if (objects === undefined) return { kind: "failed", message: `${description} ${UNEXPECTED}` };
  failures.permitted();
  const found = [...objects].filter(([, value]) => value !== undefined);
  return { kind: "fetched", shoots: new Map(found.map(([name, value]) => [name, decode(context, value)])) };
}

const UNEXPECTED =
  "answered with something other than the requested object: it may come from a proxy or gateway";

function failureOf(status: ApiStatus, description: string): FetchResult {
  const { code, retryAfterMs: pauseMs } = status;
  const message = `${description} answers ${code}${reported(status)}`;
  return { kind: "failed", message, pauseMs, overloaded: code === 429 };
}

/** An HTML page contains no message. */
function reported(status: ApiStatus): string {
  return status.message === "" && status.causes.length === 0 ? "" : `: ${messageOf(status)}`;
}

function decode({ generations }: CleuraContext, object: unknown): Shoot | Undecodable {
  try {
    return generations.apply(decodeShoot(object));
  } catch (error) {
    return { error };
  }
}
