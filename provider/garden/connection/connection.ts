/** A line to an API server whose credentials are read when they are used, and again when they are refused. */
import type { Agent, RequestOptions } from "node:https";
import type { Clock } from "../../model/clock";
import { UserError } from "../../model/problem";
import { malformed, type Material } from "./entry";
import { createDelegate, keepAliveAgent, type ClientLibrary } from "./delegated";
import { parseKubeconfig, type Kubeconfig } from "./kubeconfig";
import { checkUsable, readMaterial, readTextFile, tlsOptions } from "./material";
import { describeProxy, proxyFor } from "./proxy";
import type { ConnectionSource } from "./source";

export interface Connection {
  /** Fixed for the connection's life, whatever becomes of the kubeconfig. */
  readonly server: URL;
  /** For messages: `the garden https://api.garden.example.org`. */
  readonly description: string;
  /** For messages: where the credentials come from. */
  readonly origin: string;
  /** For messages, where the address comes from elsewhere than the credentials. */
  readonly addressOrigin?: string;
  /** For messages: which authority has to have signed the server's certificate. */
  readonly authority?: string;
  /** For messages: host and port of the proxy in between. */
  readonly proxy?: string;
  /** What to do about refused credentials, as a sentence. */
  readonly remedy: string;
  /** How many credentials a request may try in turn. Absent: those that it has, and those that are read anew. */
  readonly credentialAttempts?: number;
  /** False where credentials were refused that nobody can mend while we wait. */
  readonly renewable?: boolean;
  requestOptions(): Promise<RequestOptions>;
  /**
   * Forgets the credentials that were refused: the next request reads them anew. Requests that were
   * under way together share one renewal, which may be a login in a browser.
   */
  refresh(refused: RequestOptions): void;
}

/** Files and plugins are asked again after this time; within it, a refusal asks them again. */
const HOLD_MS = 60_000;

export async function openConnection(
  source: ConnectionSource,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  describe: (server: string) => string = (server) => `the garden ${server}`,
): Promise<Connection> {
  const first = await readKubeconfig(source);
  // Pinned: somebody may switch the current-context while a rollout goes on.
  const pinned: ConnectionSource = { ...source, context: first.context };
  const proxy = proxyFor(first.server, first.proxyUrl, env);
  const agent = keepAliveAgent();
  let delegate = createDelegate(source.origin);
  let held: { readonly options: Promise<RequestOptions>; readonly until: number } | undefined;
  let given: RequestOptions | undefined;

  async function read(): Promise<RequestOptions> {
    const kubeconfig = await readKubeconfig(pinned);
    if (kubeconfig.server.href !== first.server.href) {
      throw new UserError(
        "GU007",
        `The context ${JSON.stringify(first.context)} of the kubeconfig ${source.origin} named ${first.server.origin} ` +
          `and now names ${kubeconfig.server.origin}. Run again to use the new address.`,
      );
    }
    given = await credentialsOf(kubeconfig, { origin: source.origin, proxy, delegate, agent });
    return given;
  }

  return {
    server: first.server,
    description: describe(displayOf(first.server)),
    origin: source.origin,
    proxy: proxy === undefined ? undefined : describeProxy(proxy),
    remedy: remedyFor(source),
    requestOptions() {
      const now = clock.now().getTime();
      if (held === undefined || held.until <= now) {
        const options = read();
        held = { options, until: now + HOLD_MS };
        options.catch(() => (held = undefined));
      }
      return held.options;
    },
    refresh(refused) {
      if (refused !== given) return;
      given = undefined;
      held = undefined;
      delegate = createDelegate(source.origin);
    },
  };
}

interface Authentication {
  readonly origin: string;
  readonly proxy: string | undefined;
  readonly delegate: ClientLibrary;
  readonly agent: Agent;
}

async function credentialsOf(kubeconfig: Kubeconfig, means: Authentication): Promise<RequestOptions> {
  const { identity } = kubeconfig;
  const base: RequestOptions = {
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
  const options = await means.delegate.apply(kubeconfig, base, means.proxy);
  checkUsable(options, means.origin);
  return { agent: means.agent, ...options };
}

async function readToken(token: Material, origin: string): Promise<string> {
  const read = (await readMaterial(token, "tokenFile", origin)).trim();
  if (/^[\x21-\x7e]+$/.test(read)) return read;
  throw malformed(
    origin,
    token.kind === "file" ? `its tokenFile ${token.path} holds no token` : "its token is none",
  );
}

async function readKubeconfig(source: ConnectionSource): Promise<Kubeconfig> {
  const content =
    source.kind === "file"
      ? await readTextFile(source.path, `The kubeconfig ${source.origin}`)
      : source.content;
  return parseKubeconfig(content, source);
}

/** Refresh and destroy take the stack's configuration from the state, which a rotation has not reached. */
function remedyFor(source: ConnectionSource): string {
  switch (source.kind) {
    case "content":
      return "Set gardener:kubeconfig anew. `pulumi refresh` and `pulumi destroy` go on with the configuration of the last update: run them with --run-program, or `pulumi up` first.";
    case "issued":
      return "The garden issues them; try again.";
    case "file":
      return `Renew the credentials in ${source.path}.`;
  }
}

function displayOf(server: URL): string {
  return server.origin + server.pathname.replace(/\/$/, "");
}
