/** The poller's looks at Cleura's API: one attempt each, and what a failure means for those who wait. */
import { UserError } from "../../model/problem";
import type { Shoot } from "../../model/shoot";
import { statusFailure, type ApiAnswer } from "../http";
import { describeShoot, type Line } from "./api";
import { wordsOf } from "./client";
import { decodeShoot, findNamed } from "./decode";
import type { Eyes, Look, Unusable } from "./poll";
import { LOGIN_MS } from "./schedule";

export function createEyes(line: Line): Eyes {
  const { client, paths, ledger } = line;
  const { connection } = client;

  async function look(
    subject: string,
    path: string,
    find: (body: unknown) => ReadonlyMap<string, unknown>,
    absent: Look,
  ): Promise<Look> {
    let answer: ApiAnswer;
    try {
      answer = await client.get(path, { subject, once: true });
    } catch (error) {
      return failureOf(error);
    }
    if (answer.kind === "ok") {
      const found = [...find(answer.body)].filter(([, told]) => told !== undefined);
      return { kind: "seen", shoots: new Map(found.map(([name, told]) => [name, shootOf(told)])) };
    }
    const { status } = answer;
    if (status.code === 404) return absent;
    if (status.code !== 429 && status.code < 500) {
      throw statusFailure(status, { verb: "get", resource: "shoots", subject }, connection);
    }
    const { retryAfterMs: pauseMs } = status;
    const message = `${connection.description} answers ${status.code}: ${wordsOf(status)}`;
    return { kind: "failed", message, pauseMs, overloaded: status.code === 429 };
  }

  function shootOf(told: unknown): Shoot | Unusable {
    try {
      return ledger.seen(decodeShoot(told));
    } catch (error) {
      return { error };
    }
  }

  function failureOf(error: unknown): Look {
    if (!(error instanceof UserError)) throw error;
    switch (error.code) {
      case "GU005":
      case "GU013":
        // Something else answers now and then, such as a gateway with a page.
        return { kind: "failed", message: error.message };
      case "GU014":
        return { kind: "failed", message: error.message, pauseMs: LOGIN_MS };
      case "GU007":
      case "GU016":
        if (connection.mendable === false) throw error;
        return { kind: "failed", message: `${error.message} ${LOG_IN}`, pauseMs: LOGIN_MS };
      default:
        throw error;
    }
  }

  return {
    one: (name) =>
      look(describeShoot({ name }), paths.shoot(name), (body) => new Map([[name, body]]), {
        kind: "seen",
        shoots: new Map(),
      }),
    all: (names) =>
      look(
        SEVERAL,
        paths.shoots,
        (body) => new Map(names.map((name) => [name, findNamed(body, SEVERAL, name)])),
        { kind: "failed", message: "the project is not found" },
      ),
  };
}

const SEVERAL = "The list of Shoots";
const LOG_IN =
  "`cleura login` in another terminal mends it: credentials are looked up every 30 s, and Gardener goes on meanwhile.";
