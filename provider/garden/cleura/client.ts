/** Requests to Cleura's API, and its refusals as failures. */
import type { RequestOptions } from "node:https";
import { pauseAfter, type Backoff } from "../../model/backoff";
import type { Clock } from "../../model/clock";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { createApiClient, type ApiAnswer, type ApiRequest, type ClientSettings } from "../http";
import { tokenIn } from "./auth/connection";
import type { CleuraEndpoint } from "./auth/endpoint";
import {
  decodeRefusal,
  isAddressRefusal,
  isTokenRefusal,
  missingRight,
  notCleura,
  refusedAddress,
  refusedToken,
  unsupportedVersion,
  withoutSecret,
} from "./failure";
import { hasApiVersion } from "./send";

export interface RequestContext {
  /** For messages: `Shoot web`. */
  readonly subject: string;
  readonly signal?: AbortSignal;
  /** A single attempt: the caller tries again by itself. */
  readonly once?: boolean;
  /** Accept an answer that is not JSON as a text. */
  readonly allowText?: boolean;
  /** Of the API. Default: v2. */
  readonly version?: "v2" | "v3";
}

export interface CleuraClient {
  readonly connection: Connection;
  /** Paths behind `/gardener/{version}/{cloud}`, each segment encoded. */
  get(path: string, context: RequestContext, query?: Query): Promise<ApiAnswer>;
  patch(path: string, context: RequestContext, body?: unknown, query?: Query): Promise<ApiAnswer>;
  put(path: string, context: RequestContext, body?: unknown, query?: Query): Promise<ApiAnswer>;
  post(path: string, context: RequestContext, body?: unknown): Promise<ApiAnswer>;
  /** Throws if a 404 means that the server has no version 2, or not this cloud. */
  assertVersion(): Promise<void>;
}

export type Query = Readonly<Record<string, string>>;

/** A laptop that wakes up briefly has another network address, which the account may not allow. */
const ADDRESS_RETRY: Retry = { retries: 2, backoff: { firstMs: 2_000, longestMs: 5_000 } };
/** A server that restarts refuses for some seconds credentials that it has accepted before. */
const CREDENTIALS_RETRY: Retry = { retries: 2, backoff: { firstMs: 5_000, longestMs: 10_000 } };

interface Retry {
  readonly retries: number;
  readonly backoff: Backoff;
}

type Send = (request: ApiRequest) => Promise<ApiAnswer>;

export function createCleuraClient(
  endpoint: CleuraEndpoint,
  connection: Connection,
  settings: ClientSettings,
): CleuraClient {
  const baseOf = (version: string) => `/gardener/${version}/${encodeURIComponent(endpoint.cloud)}`;
  const request = withCredentialsRetry(authenticatedSend(connection, settings), settings.clock);
  let checked: Promise<void> | undefined;

  async function send(
    method: ApiRequest["method"],
    path: string,
    { subject, signal, once, allowText, version = "v2" }: RequestContext,
    body: unknown,
    query: Query | undefined,
  ): Promise<ApiAnswer> {
    for (let attempts = 1; ; attempts++) {
      const answer = await request({
        method,
        path: baseOf(version) + path,
        query,
        signal,
        once,
        allowText,
        // The only POST issues a kubeconfig.
        safe: method === "POST",
        ...(body !== undefined && { body: { type: "application/json", value: body } }),
      });
      // Without a message it is the page of a gateway, which knows nothing of rights.
      const forbidden =
        answer.kind === "status" && answer.status.code === 403 && answer.status.message !== "";
      if (!forbidden) return answer;
      if (!isAddressRefusal(answer.status)) throw missingRight(subject, answer.status, connection);
      if (once === true || attempts > ADDRESS_RETRY.retries) throw refusedAddress(answer.status, connection);
      await settings.clock.sleep(pauseAfter(attempts, ADDRESS_RETRY.backoff), signal);
    }
  }

  async function checkVersion(): Promise<void> {
    const answer = await request({ method: "GET", path: `${baseOf("v2")}/cloud-profiles` });
    if (answer.kind === "status" && answer.status.code === 404) throw await notFound(endpoint, connection);
  }

  return {
    connection,
    get: (path, context, query) => send("GET", path, context, undefined, query),
    patch: (path, context, body, query) => send("PATCH", path, context, body, query),
    put: (path, context, body, query) => send("PUT", path, context, body, query),
    post: (path, context, body) => send("POST", path, context, body, undefined),
    async assertVersion() {
      checked ??= checkVersion();
      checked.catch(() => (checked = undefined));
      await checked;
    },
  };
}

/** Tries the credentials of each source in turn. */
function authenticatedSend(connection: Connection, settings: ClientSettings): Send {
  return async (request) => {
    for (let left = connection.credentialAttempts ?? 2; ; left--) {
      let used: RequestOptions | undefined;
      const recorded = recording(connection, (options) => (used = options));
      const decode = (code: number, body: unknown) =>
        withoutSecret(decodeRefusal(code, body), used && tokenIn(used));
      const api = createApiClient(recorded, { ...settings, decodeRefusal: decode });
      const answer = await api.send(request);
      const refused = answer.kind === "status" && isTokenRefusal(answer.status);
      if (!refused || used === undefined) return answer;
      if (left === 1) throw refusedToken(connection, connection.remedy);
      connection.refresh(used);
    }
  };
}

/** A PATCH or PUT is not delayed: the Shoot could change in between. */
function withCredentialsRetry(send: Send, clock: Clock): Send {
  /** The server has accepted credentials before. */
  let accepted = false;
  return async (request) => {
    const mayWait = request.once !== true && (request.method === "GET" || request.method === "POST");
    for (let attempts = 1; ; attempts++) {
      try {
        const answer = await send(request);
        accepted = true;
        return answer;
      } catch (error) {
        const refused = error instanceof UserError && error.code === "GU007";
        const retried = accepted && mayWait && attempts <= CREDENTIALS_RETRY.retries;
        if (!refused || !retried || request.signal?.aborted === true) throw error;
        await clock.sleep(pauseAfter(attempts, CREDENTIALS_RETRY.backoff), request.signal);
      }
    }
  };
}

/** Why the server does not have the list of CloudProfiles. */
async function notFound({ cloud }: CleuraEndpoint, connection: Connection): Promise<UserError> {
  const options = await connection.requestOptions();
  if (await hasApiVersion("v2", connection, options)) {
    return new UserError(
      "GU009",
      `${connection.description} has no cloud ${JSON.stringify(cloud)}: check garden.cleura.cloud.`,
      { property: "garden.cleura.cloud" },
    );
  }
  return (await hasApiVersion("v1", connection, options))
    ? unsupportedVersion(connection)
    : notCleura(connection);
}

/** The same connection; `record` receives the credentials that a request used, so that only those are refreshed. */
function recording(connection: Connection, record: (options: RequestOptions) => void): Connection {
  return {
    ...connection,
    get origin() {
      return connection.origin;
    },
    get remedy() {
      return connection.remedy;
    },
    async requestOptions() {
      const options = await connection.requestOptions();
      record(options);
      return options;
    },
    refresh: (refused) => connection.refresh(refused),
  };
}
