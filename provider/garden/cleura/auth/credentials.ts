/** Who calls Cleura's API: environment, stack configuration, then the `cleura` command. */
import { UserError } from "../../../model/problem";
import type { ConnectionSources } from "../../connection/index";
import { addresses, addressOf } from "../address";
import { readCliCredentials } from "./cli";
import type { CleuraEndpoint } from "./endpoint";

export type Credentials = {
  readonly username: string;
  /** For messages: where they come from, never what they are. */
  readonly origin: string;
  /** What to do when they are refused, as a sentence. */
  readonly remedy: string;
} & (
  | { readonly kind: "token"; readonly token: string }
  /** A token is made from it. */
  | { readonly kind: "password"; readonly password: string }
);

/** What a look at a source came to, where it came to nothing. */
export interface Candidate {
  readonly text: string;
  /** By somebody, while we run: environment and configuration stay as they are. */
  readonly mendable: boolean;
}

/**
 * All that there are for the place, in the order in which they are tried; each source is looked at
 * only when its turn comes. What comes to nothing is noted, so that a person sees what was looked at.
 */
export async function* candidates(
  place: CleuraEndpoint,
  { config, env }: ConnectionSources,
  note: (finding: Candidate) => void,
): AsyncGenerator<Credentials> {
  yield* pair("the environment", (name) => env[`CLEURA_API_${name.toUpperCase()}`], {
    nameOf: (name) => `CLEURA_API_${name.toUpperCase()}`,
    place,
    endpoint: { variable: "CLEURA_API_URL", url: env["CLEURA_API_URL"], cloud: env["CLEURA_CLOUD"] },
    renewal: "Set a new CLEURA_API_TOKEN",
    note,
  });
  const keyOf = (name: string) => `gardener:cleura${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  yield* pair("the stack's configuration", (name) => config(keyOf(name)), {
    nameOf: keyOf,
    place,
    endpoint: {
      variable: "gardener:cleuraUrl",
      url: config("gardener:cleuraUrl"),
      cloud: config("gardener:cleuraCloud"),
    },
    renewal:
      "Set a new one with `pulumi config set --secret gardener:cleuraToken` (`pulumi refresh` and `pulumi destroy` go on " +
      "with the configuration of the last update: run them with --run-program, or `pulumi up` first)",
    note,
  });
  const request = await readCliCredentials(env);
  const noteCli = (why: string, mendable = true) => note({ text: `${CLI} ${why}`, mendable });
  if (request.kind === "none") return noteCli(request.why, request.installed);
  const { endpoint, username, token } = request.handOff;
  if (endpoint !== place.url) return noteCli(`is logged in at ${endpoint}, not at ${place.url}`);
  if (![username, token].every(isSendable)) return noteCli(`gave a token ${WITH_STRANGE_CHARACTERS}`);
  yield { kind: "token", username, token, origin: CLI, remedy: "Log in again with `cleura login`." };
}

/** For messages, and to tell where credentials come from. */
export const CLI = "the `cleura` command";
const WITH_STRANGE_CHARACTERS = "with a line break or another character that cannot be sent";

type Part = "username" | "token" | "password";

interface Source {
  readonly nameOf: (part: Part) => string;
  readonly place: CleuraEndpoint;
  readonly endpoint: Endpoint;
  readonly renewal: string;
  readonly note: (finding: Candidate) => void;
}

/** As the source of the credentials names it. */
interface Endpoint {
  /** Where it is set. */
  readonly variable: string;
  readonly url: string | undefined;
  readonly cloud: string | undefined;
}

/** The token first: with a password beside it, a new one can be made when it has died. */
function* pair(
  where: string,
  read: (part: Part) => string | undefined,
  { nameOf, place, endpoint, renewal, note }: Source,
): Generator<Credentials> {
  const miss = (text: string) => note({ text: `${where} has ${text}`, mendable: false });
  const given = (part: Part) => nonEmpty(read(part));
  const [username, token] = [given("username"), given("token")];
  // A password may begin or end with a space, but for the line that it was read from.
  const password = given("password") && read("password")?.replace(/\r?\n$/, "");
  if (username === undefined) {
    const half = token !== undefined ? "token" : password !== undefined ? "password" : undefined;
    const name = nameOf("username");
    return miss(half === undefined ? `no ${name}` : `${nameOf(half)} without ${name}`);
  }
  if (token === undefined && password === undefined) {
    return miss(`${nameOf("username")} without ${nameOf("token")} or ${nameOf("password")}`);
  }
  const elsewhere = mismatch(place, endpoint);
  if (elsewhere !== undefined)
    return miss(`${nameOf(token === undefined ? "password" : "token")} ${elsewhere}`);
  if (!isSendable(username)) return miss(`${nameOf("username")} ${WITH_STRANGE_CHARACTERS}`);
  const origin = (part: Part) => `${where} (${nameOf("username")} and ${nameOf(part)})`;
  if (token !== undefined && !isSendable(token)) miss(`${nameOf("token")} ${WITH_STRANGE_CHARACTERS}`);
  else if (token !== undefined) {
    const remedy = `${renewal}; tokens live for about a day, and Cleura does not tell how long.`;
    yield { kind: "token", username, token, origin: origin("token"), remedy };
  }
  if (password !== undefined) {
    const remedy = `Compare ${nameOf("username")} and ${nameOf("password")}.`;
    yield { kind: "password", username, password, origin: origin("password"), remedy };
  }
}

/**
 * Credentials go to the endpoint that their own source names, or to the known one of a cloud: the
 * address that another source names may be anybody's. Undefined where they belong together.
 */
function mismatch({ cloud, url }: CleuraEndpoint, endpoint: Endpoint): string | undefined {
  const named = nonEmpty(endpoint.url);
  const ownCloud = nonEmpty(endpoint.cloud);
  const own = named === undefined ? addresses[ownCloud ?? ""] : (addressOf(named) ?? "another address");
  if (own !== undefined) return own === url ? undefined : `for ${own}, which is not ${url}`;
  if (url === addresses[cloud]) return undefined;
  return `without ${endpoint.variable}: it is sent to ${url} only where ${endpoint.variable} names that address too`;
}

/** As a header; Node would call a broken one a broken line. */
function isSendable(value: string): boolean {
  return /^[\x20-\x7e]+$/.test(value);
}

export function noCredentials({ url }: CleuraEndpoint, findings: readonly Candidate[]): UserError {
  return new UserError(
    "GU016",
    [
      `No credentials for Cleura Cloud (${url}) are found. Give them in one of three ways:`,
      "(1) the environment: CLEURA_API_USERNAME with CLEURA_API_TOKEN or CLEURA_API_PASSWORD;",
      "(2) the stack's configuration: gardener:cleuraUsername with the secret gardener:cleuraToken or gardener:cleuraPassword;",
      "(3) the `cleura` command: `cleura login`.",
      `Looked at: ${findings.map(({ text }) => text).join("; ")}.`,
    ].join(" "),
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}
