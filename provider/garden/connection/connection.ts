/** A connection to an API server. Its credentials are read when they are used, and again when they are refused. */
import type { Agent, RequestOptions } from "node:https";
import type { Clock } from "../../model/clock";
import { UserError } from "../../model/problem";
import { malformed, type Material } from "./entry";
import {
  createClientLibrary,
  GARDEN_SOCKETS,
  keepAliveAgent,
  retire,
  type ClientLibrary,
} from "./clientLibrary";
import { parseKubeconfig, type Kubeconfig } from "./kubeconfig";
import {
  readMaterial,
  readTextFile,
  secureContextOf,
  tlsOptions,
  type SecureRequestOptions,
} from "./material";
import { describeProxy, proxyFor } from "./proxy";
import type { ConnectionSource } from "./source";

export interface Connection {
  /** Does not change, even if the kubeconfig does. */
  readonly server: URL;
  /** For messages: `the garden https://api.garden.example.org`. */
  readonly description: string;
  /** For messages: where the credentials come from. */
  readonly origin: string;
  /** For messages: where the address comes from, if not from where the credentials do. */
  readonly addressOrigin?: string;
  /** For messages: which authority has to have signed the server's certificate. */
  readonly authority?: string;
  /** For messages: host and port of the proxy. */
  readonly proxy?: string;
  /** For messages: what to do about refused credentials, as a sentence. */
  readonly remedy: string;
  /** How many credentials a request may try one after another. Absent: two, those at hand and those read again. */
  readonly credentialAttempts?: number;
  /** False where refused credentials cannot be renewed while the provider waits. */
  readonly renewable?: boolean;
  requestOptions(): Promise<RequestOptions>;
  /**
   * Drops the refused credentials: the next request reads them again. Requests that were sent with the
   * same credentials share one renewal, which may be a login in a browser.
   */
  refresh(refused: RequestOptions): void;
}

export interface OpenConnection extends Connection {
  /** Keeps nothing open for later requests. */
  close(): void;
}

/** Files and plugins are read again after this time, or earlier when the server refuses the credentials. */
const CREDENTIALS_TTL_MS = 60_000;

export async function openConnection(
  source: ConnectionSource,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  describe: (server: string) => string = (server) => `the garden ${server}`,
  sockets = GARDEN_SOCKETS,
): Promise<OpenConnection> {
  const first = await readKubeconfig(source);
  // Pinned: the kubeconfig's current-context may be switched during a rollout.
  const pinned: ConnectionSource = { ...source, context: first.context };
  const proxy = proxyFor(first.server, first.proxyUrl, env);
  const agent = keepAliveAgent(sockets);
  let library = createClientLibrary(source.origin);
  let cached: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;
  let latest: RequestOptions | undefined;

  async function read(): Promise<RequestOptions> {
    const kubeconfig = await readKubeconfig(pinned);
    if (kubeconfig.server.href !== first.server.href) {
      throw new UserError(
        "GU007",
        `The server of the context ${JSON.stringify(first.context)} in the kubeconfig ${source.origin} has changed from ` +
          `${first.server.origin} to ${kubeconfig.server.origin} during this run. Run again to use the new address.`,
      );
    }
    latest = await credentialsOf(kubeconfig, { origin: source.origin, proxy, library, agent });
    return latest;
  }

  return {
    server: first.server,
    description: describe(displayOf(first.server)),
    origin: source.origin,
    proxy: proxy === undefined ? undefined : describeProxy(proxy),
    remedy: remedyFor(source),
    requestOptions() {
      const now = clock.now().getTime();
      if (cached === undefined || cached.until <= now) {
        const options = read();
        cached = { options, until: now + CREDENTIALS_TTL_MS };
        options.catch(() => (cached = undefined));
      }
      return cached.options;
    },
    refresh(refused) {
      if (refused !== latest) return;
      latest = undefined;
      cached = undefined;
      library = createClientLibrary(source.origin);
    },
    close: () => retire(agent),
  };
}

interface Authentication {
  readonly origin: string;
  readonly proxy: string | undefined;
  readonly library: ClientLibrary;
  readonly agent: Agent;
}

async function credentialsOf(kubeconfig: Kubeconfig, means: Authentication): Promise<SecureRequestOptions> {
  const { identity } = kubeconfig;
  const base: SecureRequestOptions = {
    ...(await tlsOptions(kubeconfig, means.origin)),
    headers: {
      ...(identity.impersonate === undefined ? {} : { "Impersonate-User": identity.impersonate.user }),
      ...(identity.impersonate?.groups.length
        ? { "Impersonate-Group": [...identity.impersonate.groups] }
        : {}),
      ...(identity.kind === "plain" && identity.token !== undefined
        ? { Authorization: `Bearer ${await readToken(identity.token, means.origin)}` }
        : {}),
    },
  };
  if (identity.kind === "plain" && means.proxy === undefined) return { ...base, agent: means.agent };
  const options = await means.library.apply(kubeconfig, base, means.proxy);
  return { agent: means.agent, ...options, secureContext: secureContextOf(options, means.origin) };
}

async function readToken(token: Material, origin: string): Promise<string> {
  const read = (await readMaterial(token, "tokenFile", origin)).trim();
  if (/^[\x21-\x7e]+$/.test(read)) return read;
  throw malformed(
    origin,
    token.kind === "file"
      ? `its tokenFile ${token.path} does not contain a token`
      : "its token contains characters that are not allowed in a token",
  );
}

async function readKubeconfig(source: ConnectionSource): Promise<Kubeconfig> {
  const content =
    source.kind === "file"
      ? await readTextFile(source.path, `The kubeconfig ${source.origin}`)
      : source.content;
  return parseKubeconfig(content, source);
}

/** Refresh and destroy take the stack's configuration from the state, which does not have the rotated credentials. */
function remedyFor(source: ConnectionSource): string {
  switch (source.kind) {
    case "content":
      return "Set gardener:kubeconfig to a current kubeconfig. `pulumi refresh` and `pulumi destroy` use the configuration of the last update: run them with --run-program, or `pulumi up` first.";
    case "issued":
      return "The garden issues them: run again.";
    case "file":
      return `Renew the credentials in ${source.path}.`;
  }
}

function displayOf(server: URL): string {
  return server.origin + server.pathname.replace(/\/$/, "");
}
