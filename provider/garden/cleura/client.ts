/** Requests to Cleura's API, version 2: JSON, its refusals in its own words. */
import type { RequestOptions } from "node:https";
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { createApiClient, type ApiAnswer, type ApiRequest, type ClientSettings } from "../http";
import { tokenIn } from "./auth/connection";
import {
  decodeRefusal,
  isAddressRefusal,
  isTokenRefusal,
  missingRight,
  noCleura,
  otherVersion,
  refusedAddress,
  refusedToken,
  withoutSecret,
} from "./failure";
import type { CleuraEndpoint } from "./auth/endpoint";
import { speaks } from "./send";

export { messageOf } from "./failure";

/** What it was about, for messages: `Shoot web`, `the upgrade check of Shoot web`. */
export interface RequestContext {
  readonly subject: string;
  readonly signal?: AbortSignal;
  /** One attempt; "not now" is an answer too: for whoever comes back by itself. */
  readonly once?: boolean;
  /** An answer that is no JSON is a text. */
  readonly orText?: boolean;
  /** Of the API. Default: v2. */
  readonly version?: "v2" | "v3";
}

export interface CleuraClient {
  readonly connection: Connection;
  /** Paths behind `/gardener/{version}/{cloud}`, each segment encoded. */
  get(path: string, about: RequestContext, query?: Query): Promise<ApiAnswer>;
  patch(path: string, about: RequestContext, body?: unknown, query?: Query): Promise<ApiAnswer>;
  put(path: string, about: RequestContext, body?: unknown, query?: Query): Promise<ApiAnswer>;
  post(path: string, about: RequestContext, body?: unknown): Promise<ApiAnswer>;
  /** Throws where 404 means that the server, or the cloud, is another one. */
  demandVersion(): Promise<void>;
}

export type Query = Readonly<Record<string, string>>;

/** Pauses before an address is called refused: a laptop that wakes up comes from another one for a moment. */
const ADDRESS_PAUSES_MS = [2_000, 5_000];
/** Pauses for reads before credentials that were in use are called refused: a server may be restarting. */
const CREDENTIALS_PAUSES_MS = [5_000, 10_000];

export function createCleuraClient(
  endpoint: CleuraEndpoint,
  connection: Connection,
  settings: ClientSettings,
): CleuraClient {
  const baseOf = (version: string) => `/gardener/${version}/${encodeURIComponent(endpoint.cloud)}`;
  let checked: Promise<void> | undefined;
  /** The credentials have been accepted once. */
  let accepted = false;

  /** One answer, from an attempt with other credentials if it has to be. */
  async function authenticated(request: ApiRequest): Promise<ApiAnswer> {
    for (let chances = connection.credentialAttempts ?? 2; ; chances--) {
      let given: RequestOptions | undefined;
      const used = recording(connection, (options) => (given = options));
      const decode = (code: number, body: unknown) =>
        withoutSecret(decodeRefusal(code, body), given && tokenIn(given));
      const api = createApiClient(used, { ...settings, decodeRefusal: decode });
      const answer = await api.send(request);
      const refused = answer.kind === "status" && isTokenRefusal(answer.status);
      if (!refused || given === undefined) return answer;
      if (chances === 1) throw refusedToken(connection, connection.remedy);
      connection.refresh(given);
    }
  }

  /** A write is not held back: what it is based on would grow old. */
  async function request(given: ApiRequest): Promise<ApiAnswer> {
    const waits = accepted && given.once !== true && (given.method === "GET" || given.method === "POST");
    for (const pause of [...(waits ? CREDENTIALS_PAUSES_MS : []), undefined]) {
      try {
        const answer = await authenticated(given);
        accepted = true;
        return answer;
      } catch (error) {
        const refused = error instanceof UserError && error.code === "GU007";
        if (!refused || pause === undefined || given.signal?.aborted === true) throw error;
        await settings.clock.sleep(pause, given.signal);
      }
    }
    throw new Error("The last attempt has no pause after it");
  }

  async function send(
    method: "GET" | "PATCH" | "PUT" | "POST",
    path: string,
    { subject, signal, once, orText, version = "v2" }: RequestContext,
    body: unknown,
    query: Query | undefined,
  ): Promise<ApiAnswer> {
    for (const pause of [...ADDRESS_PAUSES_MS, undefined]) {
      const answer = await request({
        method,
        path: baseOf(version) + path,
        query,
        signal,
        once,
        allowText: orText,
        // The only one mints a kubeconfig.
        safe: method === "POST",
        ...(body !== undefined && { body: { type: "application/json", value: body } }),
      });
      if (answer.kind === "ok" || answer.status.code !== 403) return answer;
      // A page of something in between, which knows nothing of rights.
      if (answer.status.message === "") return answer;
      if (!isAddressRefusal(answer.status)) throw missingRight(subject, answer.status, connection);
      if (pause === undefined || once === true) throw refusedAddress(answer.status, connection);
      await settings.clock.sleep(pause, signal);
    }
    throw new Error("The last attempt has no pause after it");
  }

  async function check(): Promise<void> {
    const answer = await request({ method: "GET", path: `${baseOf("v2")}/cloud-profiles` });
    if (answer.kind === "ok" || answer.status.code !== 404) return;
    const options = await connection.requestOptions();
    if (!(await speaks("v2", connection, options))) {
      throw (await speaks("v1", connection, options)) ? otherVersion(connection) : noCleura(connection);
    }
    throw new UserError(
      "GU009",
      `${connection.description} has no cloud ${JSON.stringify(endpoint.cloud)}: compare garden.cleura.cloud.`,
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

/** The same line; `note` is told which credentials a request used, so that those are refreshed and no others. */
function recording(connection: Connection, note: (options: RequestOptions) => void): Connection {
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
      note(options);
      return options;
    },
    refresh: (refused) => connection.refresh(refused),
  };
}
