/** Requests to Cleura's API, version 2: JSON, its refusals in its own words. */
import { UserError } from "../../model/problem";
import type { Connection } from "../connection";
import { createApiClient, type ApiAnswer, type ClientSettings } from "../http";
import {
  decodeRefusal,
  isAddressRefusal,
  missingRight,
  noCleura,
  otherVersion,
  refusedAddress,
} from "./failure";
import type { CleuraPlace } from "./place";
import { speaks } from "./post";

export { wordsOf } from "./failure";

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
    const answer = await api.send({ method: "GET", path: `${base}/cloud-profiles` });
    if (answer.kind === "ok" || answer.status.code !== 404) return;
    const options = await connection.requestOptions();
    if (!(await speaks("v2", connection, options))) {
      throw (await speaks("v1", connection, options)) ? otherVersion(connection) : noCleura(connection);
    }
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
