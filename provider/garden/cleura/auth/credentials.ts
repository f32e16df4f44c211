/** Credentials for Cleura's API: from the environment, the stack configuration, then the `cleura` command. */
import { UserError } from "../../../model/problem";
import type { ConnectionSources } from "../../connection/index";
import { addresses, addressOf } from "../address";
import { readCliCredentials } from "./cli";
import type { CleuraEndpoint } from "./endpoint";
import { nonEmpty } from "./text";

export type Credentials = {
  readonly username: string;
  /** For messages: the source, never the value. */
  readonly origin: string;
  /** What to do when they are refused, as a sentence. */
  readonly remedy: string;
} & (
  | { readonly kind: "token"; readonly token: string }
  /** A token is requested with it. */
  | { readonly kind: "password"; readonly password: string }
);

/** Why a source gives no credentials. */
export interface SourceProblem {
  readonly text: string;
  /** It may give some later in this run: environment and configuration do not change, a login does. */
  readonly renewable: boolean;
}

type Report = (problem: SourceProblem) => void;

/**
 * All credentials for the endpoint, in the order in which they are tried; a source is read only when its
 * turn comes. What cannot be used is reported, so that a message can list every source.
 */
export async function* findCredentials(
  endpoint: CleuraEndpoint,
  sources: ConnectionSources,
  report: Report,
): AsyncGenerator<Credentials> {
  yield* fromSettings(environment(sources), endpoint, report);
  yield* fromSettings(stackConfiguration(sources), endpoint, report);
  yield* fromCommand(endpoint, sources.env, report);
}

type Part = "username" | "token" | "password";

/** A source of settings that are given one by one. */
interface Settings {
  /** For messages. */
  readonly description: string;
  nameOf(part: Part): string;
  read(part: Part): string | undefined;
  /** The endpoint that this source names. */
  readonly url: { readonly name: string; readonly value: string | undefined };
  readonly cloud: string | undefined;
  /** How to renew a token. */
  readonly renewal: string;
}

function environment({ env }: ConnectionSources): Settings {
  const nameOf = (part: Part) => `CLEURA_API_${part.toUpperCase()}`;
  return {
    description: "the environment",
    nameOf,
    read: (part) => env[nameOf(part)],
    url: { name: "CLEURA_API_URL", value: env["CLEURA_API_URL"] },
    cloud: env["CLEURA_CLOUD"],
    renewal: "Set a new CLEURA_API_TOKEN",
  };
}

function stackConfiguration({ config }: ConnectionSources): Settings {
  const nameOf = (part: Part) => `gardener:cleura${part.charAt(0).toUpperCase()}${part.slice(1)}`;
  return {
    description: "the stack configuration",
    nameOf,
    read: (part) => config(nameOf(part)),
    url: { name: "gardener:cleuraUrl", value: config("gardener:cleuraUrl") },
    cloud: config("gardener:cleuraCloud"),
    renewal:
      "Set a new one with `pulumi config set --secret gardener:cleuraToken` (`pulumi refresh` and `pulumi destroy` use " +
      "the configuration of the last update: run them with --run-program, or `pulumi up` first)",
  };
}

const UNSENDABLE = "with a line break or another character that cannot be sent";

/** The token first; if it has expired, a new one can be requested with the password. */
function* fromSettings(
  settings: Settings,
  endpoint: CleuraEndpoint,
  report: Report,
): Generator<Credentials, void> {
  const { description, nameOf } = settings;
  const reject = (text: string): void => report({ text, renewable: false });
  const [username, token] = [nonEmpty(settings.read("username")), nonEmpty(settings.read("token"))];
  const password = passwordIn(settings);
  const secret = token !== undefined ? "token" : password !== undefined ? "password" : undefined;
  if (username === undefined) {
    const name = nameOf("username");
    return reject(secret === undefined ? `no ${name}` : `${nameOf(secret)} without ${name}`);
  }
  if (secret === undefined) {
    return reject(`${nameOf("username")} without ${nameOf("token")} or ${nameOf("password")}`);
  }
  const mismatch = endpointMismatch(settings, endpoint);
  if (mismatch !== undefined) return reject(`${nameOf(secret)} ${mismatch}`);
  if (!isSendable(username)) return reject(`${nameOf("username")} ${UNSENDABLE}`);
  const originOf = (part: Part) => `${description} (${nameOf("username")} and ${nameOf(part)})`;
  if (token !== undefined && !isSendable(token)) reject(`${nameOf("token")} ${UNSENDABLE}`);
  else if (token !== undefined) {
    const remedy = `${settings.renewal}; a token is valid for about a day, Cleura does not report how long exactly.`;
    yield { kind: "token", username, token, origin: originOf("token"), remedy };
  }
  if (password !== undefined) {
    const remedy = `Check ${nameOf("username")} and ${nameOf("password")}.`;
    yield { kind: "password", username, password, origin: originOf("password"), remedy };
  }
}

/** A password may begin or end with a space; only the line break of the file that it was read from is removed. */
function passwordIn(settings: Settings): string | undefined {
  const value = settings.read("password");
  return nonEmpty(value) === undefined ? undefined : value?.replace(/\r?\n$/, "");
}

/**
 * Credentials are sent to the endpoint that their own source names, or to the known one of a cloud: an
 * address from another source may belong to anybody. Undefined where they may be sent.
 */
function endpointMismatch(settings: Settings, { cloud, url }: CleuraEndpoint): string | undefined {
  const { name } = settings.url;
  const value = nonEmpty(settings.url.value);
  const ownCloud = nonEmpty(settings.cloud);
  const own = value === undefined ? addresses[ownCloud ?? ""] : (addressOf(value) ?? "another address");
  if (own !== undefined) return own === url ? undefined : `for ${own}, which is not ${url}`;
  if (url === addresses[cloud]) return undefined;
  return `without ${name}: it is sent to ${url} only if ${name} is that address too`;
}

/** In messages; also marks credentials that a login can renew. */
export const CLI = "the `cleura` command";

async function* fromCommand(
  { url }: CleuraEndpoint,
  env: NodeJS.ProcessEnv,
  report: Report,
): AsyncGenerator<Credentials, void> {
  const reject = (reason: string, renewable = true): void => report({ text: `${CLI} ${reason}`, renewable });
  const result = await readCliCredentials(env);
  if (result.kind === "none") return reject(result.reason, result.installed);
  const { endpoint, username, token } = result.credentials;
  if (endpoint !== url) return reject(`is logged in at ${endpoint}, not at ${url}`);
  if (![username, token].every(isSendable)) return reject(`printed a token ${UNSENDABLE}`);
  yield { kind: "token", username, token, origin: CLI, remedy: "Log in again with `cleura login`." };
}

/** As a header: Node.js reports an invalid one as a failed connection. */
function isSendable(value: string): boolean {
  return /^[\x20-\x7e]+$/.test(value);
}

export function noCredentials({ url }: CleuraEndpoint, problems: readonly SourceProblem[]): UserError {
  return new UserError(
    "GU016",
    [
      `No credentials for Cleura Cloud (${url}) are found. Set them in one of three ways:`,
      "(1) the environment: CLEURA_API_USERNAME with CLEURA_API_TOKEN or CLEURA_API_PASSWORD;",
      "(2) the stack configuration: gardener:cleuraUsername with the secret gardener:cleuraToken or gardener:cleuraPassword;",
      "(3) the `cleura` command: `cleura login`.",
      `Found: ${problems.map(({ text }) => text).join("; ")}.`,
    ].join(" "),
  );
}
