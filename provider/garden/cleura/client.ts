/** Requests to Cleura's API, version 2: JSON, its refusals in its own words. */
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { createApiClient, type ApiAnswer, type ApiStatus, type ClientSettings } from "../http";
import { otherVersion } from "./login";
import type { CleuraPlace } from "./place";

/** What it was about, for messages: `Shoot web`, `the upgrade check of Shoot web`. */
export interface About {
  readonly subject: string;
  readonly signal?: AbortSignal;
  /** One attempt; "not now" is an answer too: for whoever comes back by itself. */
  readonly once?: boolean;
  /** An answer that is no JSON is a text. */
  readonly orText?: boolean;
}

export interface CleuraClient {
  readonly connection: Connection;
  /** Paths behind `/gardener/v2/{cloud}`, each segment encoded. */
  get(path: string, about: About, query?: Query): Promise<ApiAnswer>;
  patch(path: string, about: About, body?: unknown, query?: Query): Promise<ApiAnswer>;
  put(path: string, about: About, body?: unknown, query?: Query): Promise<ApiAnswer>;
  post(path: string, about: About, body?: unknown): Promise<ApiAnswer>;
  /** Throws where 404 means that the server, or the cloud, is another one. */
  demandVersion(): Promise<void>;
}

export type Query = Readonly<Record<string, string>>;

/** Pauses before an address is called refused: a laptop that wakes up comes from another one for a moment. */
const ADDRESS_PAUSES_MS = [2_000, 5_000];

export function createCleuraClient(
  place: CleuraPlace,
  connection: Connection,
  settings: ClientSettings,
): CleuraClient {
  const api = createApiClient(connection, { ...settings, decodeRefusal });
  const base = `/gardener/v2/${encodeURIComponent(place.cloud)}`;
  let checked: Promise<void> | undefined;

  async function send(
    method: "GET" | "PATCH" | "PUT" | "POST",
    path: string,
    { subject, signal, once, orText }: About,
    body: unknown,
    query: Query | undefined,
  ): Promise<ApiAnswer> {
    for (const pause of [...ADDRESS_PAUSES_MS, undefined]) {
      const answer = await api.send({
        method,
        path: base + path,
        query,
        signal,
        once,
        orText,
        ...(body !== undefined && { body: { type: "application/json", value: body } }),
      });
      if (answer.kind === "ok" || answer.status.code !== 403) return answer;
      if (!isAddressRefusal(answer.status)) throw missingRight(subject, answer.status, connection);
      if (pause === undefined || once === true) throw refusedAddress(answer.status, connection);
      await settings.clock.sleep(pause, signal);
    }
    throw new Error("The last attempt has no pause after it");
  }

  async function check(): Promise<void> {
    const answer = await api.send({ method: "GET", path: `${base}/cloud-profiles` });
    if (answer.kind === "ok" || answer.status.code !== 404) return;
    const probe = await api.send({ method: "POST", path: "/auth/v2/tokens/validate" });
    if (probe.kind === "status" && probe.status.code === 404) throw otherVersion(connection);
    throw new UserError(
      "GU009",
      `${connection.description} has no cloud ${JSON.stringify(place.cloud)}: compare garden.cleura.cloud.`,
      { property: "garden.cleura.cloud" },
    );
  }

  return {
    connection,
    get: (path, about, query) => send("GET", path, about, undefined, query),
    patch: (path, about, body, query) => send("PATCH", path, about, body, query),
    put: (path, about, body, query) => send("PUT", path, about, body, query),
    post: (path, about, body) => send("POST", path, about, body, undefined),
    async demandVersion() {
      checked ??= check();
      checked.catch(() => (checked = undefined));
      await checked;
    },
  };
}

/** `{error: {code, message, errors?: [{key, value}]}}`. */
export function decodeRefusal(code: number, body: unknown): ApiStatus {
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  const errors: readonly unknown[] = Array.isArray(error["errors"]) ? error["errors"] : [];
  const textOf = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    code,
    reason: "",
    message: textOf(error["message"]),
    causes: errors
      .filter(isRecord)
      .map((entry) => ({ field: textOf(entry["key"]), message: textOf(entry["value"]) })),
  };
}

/** Cleura's words, with each field that it names. */
export function wordsOf({ code, message, causes }: ApiStatus): string {
  const fields = causes.map(({ field, message: text }) => (field === "" ? text : `${field}: ${text}`));
  return [message === "" ? `status ${code}` : message, ...fields].join("; ");
}

/** Told apart by its words ("Forbidden IP"): both are 403. */
function isAddressRefusal({ message }: ApiStatus): boolean {
  return /\bip\b|ip[ _-]?(address|restriction)/i.test(message);
}

function refusedAddress(status: ApiStatus, { description, origin }: Connection): UserError {
  return new UserError(
    "GU014",
    `${description} does not let this network address in: ${wordsOf(status)}. The account (credentials: ${origin}) has IP ` +
      "restrictions: run from an allowed address, or have this one added.",
  );
}

function missingRight(subject: string, status: ApiStatus, { description, origin }: Connection): UserError {
  return new UserError(
    "GU008",
    `${subject}: the account (credentials: ${origin}) has not the right to do this. ${description} says: ${wordsOf(status)}`,
  );
}
