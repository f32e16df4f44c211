/** A connection to Cleura's API whose credentials are read when they are used, and again when they are refused. */
import type { RequestOptions } from "node:https";
import type { Clock } from "../../../model/clock";
import { isRecord } from "../../../model/json";
import { UserError } from "../../../model/problem";
import { describeProxy, proxyFor } from "../../connection/index";
import type { Connection, ConnectionSources } from "../../connection/index";
import { CLI, findCredentials, noCredentials, type Credentials, type SourceProblem } from "./credentials";
import type { CleuraEndpoint } from "./endpoint";
import { baseOptions } from "./tls";
import { createTokenCache, isFinal } from "./tokens";

const LOGIN_HEADER = "X-AUTH-LOGIN";
const TOKEN_HEADER = "X-AUTH-TOKEN";

/** Credentials are read again after this time, or when they are refused. */
const CACHE_MS = 60_000;
/** Token and password of environment and configuration, and the command's token. */
const CREDENTIAL_ATTEMPTS = 5;
/** If nothing else is left, a refused token is tried again after this time: a server may have been restarting. */
const REFUSED_MS = 5_000;

interface Identity {
  readonly credentials: Credentials;
  /** For messages. */
  readonly origin: string;
  readonly token: string;
}

export async function openCleura(
  endpoint: CleuraEndpoint,
  sources: ConnectionSources,
  clock: Clock,
): Promise<Connection> {
  const server = new URL(endpoint.url);
  const proxy = proxyFor(server, undefined, sources.env);
  const description = {
    server,
    description: `Cleura Cloud ${JSON.stringify(endpoint.cloud)} (${endpoint.url})`,
    origin: "the settings",
    addressOrigin: "CLEURA_API_URL or gardener:cleuraUrl, else the cloud's name",
    authority: "known here (NODE_EXTRA_CA_CERTS names the file of a private cloud's CA)",
    proxy: proxy === undefined ? undefined : describeProxy(proxy),
  };
  const base = await baseOptions(description, proxy, sources.env);
  /** When each token was refused. */
  const refused = new Map<string, number>();
  const tokens = createTokenCache(description, base, clock);
  let last: Identity | undefined;
  let renewable = true;
  let cached: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;

  /** The first token that was not refused. */
  async function identify(): Promise<Identity> {
    const problems: SourceProblem[] = [];
    const rejected: Credentials[] = [];
    const needCode: Credentials[] = [];
    let secondFactor: UserError | undefined;
    let retried: Identity | undefined;
    renewable = true;
    for await (const credentials of findCredentials(endpoint, sources, (problem) => problems.push(problem))) {
      try {
        const token = await tokenOf(credentials);
        const identity = { credentials, token, origin: originOf(credentials, [...rejected, ...needCode]) };
        if (!refused.has(token)) return identity;
        rejected.push(credentials);
        if (!isRecentlyRefused(token)) retried ??= identity;
      } catch (error) {
        renewable = !isFinal(error);
        if (!(error instanceof UserError) || error.code !== "GU017") throw error;
        // The password may be meant for `cleura login`, which prompts a person for the code.
        secondFactor = error;
        needCode.push(credentials);
        const text = `the account of ${credentials.origin} requires a second factor`;
        problems.push({ text, renewable: false });
      }
    }
    if (retried !== undefined) return retried;
    // An installed command gives others after a login.
    renewable =
      rejected.some(({ origin }) => origin === CLI) || problems.some((problem) => problem.renewable);
    if (rejected.length > 0) throw allRefused(description.description, rejected, problems);
    if (secondFactor !== undefined && last === undefined) throw secondFactor;
    throw noCredentials(endpoint, problems);
  }

  function isRecentlyRefused(token: string): boolean {
    const at = refused.get(token);
    return at !== undefined && clock.now().getTime() - at < REFUSED_MS;
  }

  async function tokenOf(credentials: Credentials): Promise<string> {
    return credentials.kind === "token" ? credentials.token : tokens.tokenFor(credentials, refused);
  }

  async function read(): Promise<RequestOptions> {
    last = await identify();
    const headers = { [LOGIN_HEADER]: last.credentials.username, [TOKEN_HEADER]: last.token };
    return { ...base, headers };
  }

  return {
    ...description,
    get origin() {
      return last?.origin ?? description.origin;
    },
    get remedy() {
      return last?.credentials.remedy ?? "Log in again with `cleura login`.";
    },
    credentialAttempts: CREDENTIAL_ATTEMPTS,
    get renewable() {
      return renewable;
    },
    requestOptions() {
      const now = clock.now().getTime();
      if (cached === undefined || cached.until <= now) {
        const options = read();
        cached = { options, until: now + CACHE_MS };
        options.catch(() => (cached = undefined));
      }
      return cached.options;
    },
    refresh({ headers }) {
      const token = tokenIn({ headers });
      if (token === undefined || isRecentlyRefused(token)) return;
      refused.set(token, clock.now().getTime());
      cached = undefined;
    },
  };
}

export function tokenIn({ headers }: RequestOptions): string | undefined {
  const token = isRecord(headers) ? headers[TOKEN_HEADER] : undefined;
  return typeof token === "string" ? token : undefined;
}

/** Another user may have other rights, and appears as another one in Cleura's logs. */
function originOf({ username, origin }: Credentials, skipped: readonly Credentials[]): string {
  const other = skipped.find((one) => one.username !== username);
  return other === undefined ? origin : `${origin}, as another user than ${other.origin}`;
}

function allRefused(
  description: string,
  refused: readonly Credentials[],
  problems: readonly SourceProblem[],
): UserError {
  const remedies = refused.map(({ origin, remedy }) => `those from ${origin}: ${remedy}`).join(" ");
  const others = problems.map(({ text }) => text).join("; ");
  return new UserError(
    "GU007",
    `${description} does not accept the credentials: ${remedies}${others === "" ? "" : ` Also found: ${others}.`}`,
  );
}
