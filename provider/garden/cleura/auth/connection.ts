/** A connection to Cleura's API whose credentials are read when they are used, and again when they are refused. */
import type { RequestOptions } from "node:https";
import type { Clock } from "../../../model/clock";
import { isRecord } from "../../../model/json";
import { describeProxy, proxyFor } from "../../connection/index";
import type { Connection, ConnectionSources } from "../../connection/index";
import type { CleuraEndpoint } from "./endpoint";
import { createIdentities, type Identities, type Identity } from "./identity";
import { createRefusedTokens, type RefusedTokens } from "./refusedTokens";
import { baseOptions } from "./tls";
import { createTokenCache } from "./tokens";

const LOGIN_HEADER = "X-AUTH-LOGIN";
const TOKEN_HEADER = "X-AUTH-TOKEN";

/** Credentials are read again after this time, or when they are refused. */
const CACHE_MS = 60_000;
/** Token and password of environment and configuration, and the command's token. */
const CREDENTIAL_ATTEMPTS = 5;

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
  const refused = createRefusedTokens(clock);
  const tokens = createTokenCache(description, base, clock);
  const identities = createIdentities({
    endpoint,
    sources,
    description: description.description,
    tokens,
    refused,
  });
  const credentials = createCredentialOptions(base, identities, refused, clock);
  return {
    ...description,
    get origin() {
      return credentials.latest()?.origin ?? description.origin;
    },
    get remedy() {
      return credentials.latest()?.credentials.remedy ?? "Log in again with `cleura login`.";
    },
    credentialAttempts: CREDENTIAL_ATTEMPTS,
    get renewable() {
      return identities.isRenewable();
    },
    requestOptions: () => credentials.read(),
    refresh: (options) => credentials.refuse(options),
  };
}

/** Options of requests with credentials, kept for a minute. */
interface CredentialOptions {
  read(): Promise<RequestOptions>;
  /** The server has refused these: others are found for the next request. */
  refuse(options: RequestOptions): void;
  /** Whose credentials were found last. */
  latest(): Identity | undefined;
}

function createCredentialOptions(
  base: RequestOptions,
  identities: Identities,
  refused: RefusedTokens,
  clock: Clock,
): CredentialOptions {
  let latest: Identity | undefined;
  let cached: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;

  async function find(): Promise<RequestOptions> {
    latest = await identities.find();
    const headers = { [LOGIN_HEADER]: latest.credentials.username, [TOKEN_HEADER]: latest.token };
    return { ...base, headers };
  }

  return {
    latest: () => latest,
    read() {
      const now = clock.now().getTime();
      if (cached === undefined || cached.until <= now) {
        const options = find();
        cached = { options, until: now + CACHE_MS };
        options.catch(() => (cached = undefined));
      }
      return cached.options;
    },
    refuse({ headers }) {
      const token = tokenIn({ headers });
      if (token === undefined || refused.isRecent(token)) return;
      refused.add(token);
      cached = undefined;
    },
  };
}

export function tokenIn({ headers }: RequestOptions): string | undefined {
  const token = isRecord(headers) ? headers[TOKEN_HEADER] : undefined;
  return typeof token === "string" ? token : undefined;
}
