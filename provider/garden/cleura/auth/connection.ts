/** A line to Cleura's API whose credentials are looked up when they are used, and again when they are refused. */
import type { RequestOptions } from "node:https";
import type { Clock } from "../../../model/clock";
import { isRecord } from "../../../model/json";
import { UserError } from "../../../model/problem";
import { describeProxy, proxyFor } from "../../connection/index";
import type { Connection, ConnectionSources } from "../../connection/index";
import { candidates, CLI, noCredentials, type Credentials, type Candidate } from "./credentials";
import type { CleuraEndpoint } from "./endpoint";
import { createTokenCache, isFinal } from "./tokens";
import { baseOptions } from "./tls";

const LOGIN = "X-AUTH-LOGIN";
const TOKEN = "X-AUTH-TOKEN";

/** Credentials are looked up anew after this time; within it, a refusal looks them up. */
const HOLD_MS = 60_000;
/** Token and password of environment and configuration, and the command's token. */
const CHANCES = 5;
/** Where nothing else is left, a refused token is tried again after this time: a server may have been restarting. */
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
  const description = `Cleura Cloud ${JSON.stringify(endpoint.cloud)} (${endpoint.url})`;
  const line = {
    server,
    description,
    origin: "the settings",
    addressOrigin: "CLEURA_API_URL or gardener:cleuraUrl, else the cloud's name",
    authority: "known here (NODE_EXTRA_CA_CERTS names the file of a private cloud's CA)",
    proxy: proxy === undefined ? undefined : describeProxy(proxy),
  };
  const base = await baseOptions(line, proxy, sources.env);
  /** Tokens that were refused, and when; a source that goes on giving one of them has none. */
  const refused = new Map<string, number>();
  const sessions = createTokenCache(line, base, clock);
  let last: Identity | undefined;
  let mendable = true;
  let held: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;

  async function identify(): Promise<Identity> {
    const findings: Candidate[] = [];
    /** Passed over: whom the server refuses, and whom it asks for more. */
    const dead: Credentials[] = [];
    const halted: Credentials[] = [];
    let secondFactor: UserError | undefined;
    let again: Identity | undefined;
    mendable = true;
    for await (const credentials of candidates(endpoint, sources, (finding) => findings.push(finding))) {
      try {
        const token = await tokenOf(credentials);
        const identity = { credentials, token, origin: originOf(credentials, [...dead, ...halted]) };
        if (!refused.has(token)) return identity;
        dead.push(credentials);
        if (!isRecent(token)) again ??= identity;
      } catch (error) {
        mendable = !isFinal(error);
        if (!(error instanceof UserError) || error.code !== "GU017") throw error;
        // The password may stand there for `cleura login`, which asks a person for the rest.
        secondFactor = error;
        halted.push(credentials);
        const text = `the account of ${credentials.origin} asks for a second factor`;
        findings.push({ text, mendable: false });
      }
    }
    if (again !== undefined) return again;
    // A command that is installed gives others when somebody logs in.
    mendable = dead.some(({ origin }) => origin === CLI) || findings.some((finding) => finding.mendable);
    if (dead.length > 0) throw noneAccepted(description, dead, findings);
    if (secondFactor !== undefined && last === undefined) throw secondFactor;
    throw noCredentials(endpoint, findings);
  }

  function isRecent(token: string): boolean {
    const at = refused.get(token);
    return at !== undefined && clock.now().getTime() - at < REFUSED_MS;
  }

  async function tokenOf(credentials: Credentials): Promise<string> {
    return credentials.kind === "token" ? credentials.token : sessions.tokenFor(credentials, refused);
  }

  async function read(): Promise<RequestOptions> {
    last = await identify();
    return { ...base, headers: { [LOGIN]: last.credentials.username, [TOKEN]: last.token } };
  }

  return {
    ...line,
    get origin() {
      return last?.origin ?? line.origin;
    },
    get remedy() {
      return last?.credentials.remedy ?? "Log in again with `cleura login`.";
    },
    credentialAttempts: CHANCES,
    get renewable() {
      return mendable;
    },
    requestOptions() {
      const now = clock.now().getTime();
      if (held === undefined || held.until <= now) {
        const options = read();
        held = { options, until: now + HOLD_MS };
        options.catch(() => (held = undefined));
      }
      return held.options;
    },
    refresh({ headers }) {
      const token = tokenIn({ headers });
      if (token === undefined || isRecent(token)) return;
      refused.set(token, clock.now().getTime());
      held = undefined;
    },
  };
}

export function tokenIn({ headers }: RequestOptions): string | undefined {
  const token = isRecord(headers) ? headers[TOKEN] : undefined;
  return typeof token === "string" ? token : undefined;
}

/** Another user may have other rights, and is seen as another one in Cleura's logs. */
function originOf({ username, origin }: Credentials, passed: readonly Credentials[]): string {
  const other = passed.find((one) => one.username !== username);
  return other === undefined ? origin : `${origin}, as another user than ${other.origin}`;
}

function noneAccepted(
  description: string,
  refused: readonly Credentials[],
  findings: readonly Candidate[],
): UserError {
  const response = refused.map(({ origin, remedy }) => `those from ${origin}: ${remedy}`).join(" ");
  const looked = findings.map(({ text }) => text).join("; ");
  return new UserError(
    "GU007",
    `${description} does not accept the credentials: ${response}${looked === "" ? "" : ` Looked at as well: ${looked}.`}`,
  );
}
