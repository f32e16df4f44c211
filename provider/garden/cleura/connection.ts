/** A line to Cleura's API whose credentials are looked up when they are used, and again when they are refused. */
import type { RequestOptions } from "node:https";
import { rootCertificates } from "node:tls";
import type { Clock } from "../../model/clock";
import { isRecord } from "../../model/json";
import { UserError } from "../../model/problem";
import { createDelegate, describeProxy, keepAliveAgent, proxyFor } from "../connection";
import type { Connection, ConnectionSources } from "../connection";
import { NOT_INSTALLED } from "./cli";
import { candidates, noCredentials, type Credentials } from "./credentials";
import { extraAuthorities, logIn } from "./login";
import type { CleuraPlace } from "./place";

const LOGIN = "X-AUTH-LOGIN";
const TOKEN = "X-AUTH-TOKEN";

/** Credentials are looked up anew after this time; within it, a refusal looks them up. */
const HOLD_MS = 60_000;

interface Identity {
  readonly credentials: Credentials;
  readonly token: string;
}

export async function openCleura(
  place: CleuraPlace,
  sources: ConnectionSources,
  clock: Clock,
): Promise<Connection> {
  const server = new URL(place.url);
  const proxy = proxyFor(server, undefined, sources.env);
  const description = `Cleura Cloud ${JSON.stringify(place.cloud)} (${place.url})`;
  const line = {
    server,
    description,
    origin: "the settings",
    addressOrigin: "CLEURA_API_URL or gardener:cleuraUrl, else the cloud's name",
    authority: "known here (NODE_EXTRA_CA_CERTS names the file of a private cloud's CA)",
    proxy: proxy === undefined ? undefined : describeProxy(proxy),
  };
  const base = await baseOptions(server, proxy, sources.env);
  /** Tokens that were refused; a source that goes on giving one of them has none. */
  const refused = new Set<string>();
  /** Tokens that we made, by user. */
  const sessions = new Map<string, Promise<string>>();
  let last: Credentials | undefined;
  let mendable = true;
  let held: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;

  async function identify(): Promise<Identity> {
    const notes: string[] = [];
    const tried: Credentials[] = [];
    for await (const credentials of candidates(place, sources, (text) => notes.push(text))) {
      const token = await tokenOf(credentials);
      if (!refused.has(token)) return { credentials, token };
      tried.push(credentials);
    }
    // Environment and configuration stay as they are while we run; a person can log in by the command.
    mendable = !notes.some((text) => text.endsWith(NOT_INSTALLED));
    if (tried.length === 0) throw noCredentials(place, notes);
    const told = tried.map(({ origin, remedy }) => `those from ${origin}: ${remedy}`).join(" ");
    throw new UserError("GU007", `${description} does not accept the credentials: ${told}`);
  }

  async function tokenOf(credentials: Credentials): Promise<string> {
    if (credentials.kind === "token") return credentials.token;
    const key = JSON.stringify([credentials.username, credentials.password]);
    const known = await sessions.get(key);
    if (known !== undefined && !refused.has(known)) return known;
    // Whoever comes while one logs in waits for that one.
    const session = logIn(line, base, credentials);
    sessions.set(key, session);
    session.catch((error: unknown) => {
      sessions.delete(key);
      mendable = !(error instanceof UserError) || error.code === "GU005";
    });
    return session;
  }

  async function read(): Promise<RequestOptions> {
    const { credentials, token } = await identify();
    last = credentials;
    return { ...base, headers: { [LOGIN]: credentials.username, [TOKEN]: token } };
  }

  return {
    ...line,
    get origin() {
      return last?.origin ?? line.origin;
    },
    get remedy() {
      return last?.remedy ?? "Log in again with `cleura login`.";
    },
    get mendable() {
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
      const token = isRecord(headers) ? headers[TOKEN] : undefined;
      if (typeof token !== "string" || refused.has(token)) return;
      refused.add(token);
      held = undefined;
    },
  };
}

async function baseOptions(
  server: URL,
  proxy: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<RequestOptions> {
  const extra = await extraAuthorities(env);
  const base: RequestOptions = {
    ...(extra !== undefined && { ca: [...rootCertificates, extra] }),
    // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
    rejectUnauthorized: true,
    agent: keepAliveAgent(),
  };
  if (proxy === undefined) return base;
  const origin = "HTTPS_PROXY";
  const throughProxy = { context: "cleura", server, identity: { kind: "plain" } } as const;
  return createDelegate(origin).apply(throughProxy, base, proxy);
}
