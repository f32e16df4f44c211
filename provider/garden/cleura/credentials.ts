/** Who calls Cleura's API: environment, stack configuration, then the `cleura` command. */
import { UserError } from "../../model/problem";
import type { ConnectionSources } from "../connection";
import { askCli } from "./cli";
import type { CleuraPlace } from "./place";

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

/**
 * All that there are for the place, in the order in which they are tried; each source is looked at
 * only when its turn comes. What comes to nothing is noted, so that a person sees what was looked at.
 */
export async function* candidates(
  place: CleuraPlace,
  { config, env }: ConnectionSources,
  note: (text: string) => void,
): AsyncGenerator<Credentials> {
  yield* pair("the environment", (name) => env[`CLEURA_API_${name.toUpperCase()}`], {
    nameOf: (name) => `CLEURA_API_${name.toUpperCase()}`,
    renewal: "Set a new CLEURA_API_TOKEN",
    note,
  });
  const keyOf = (name: string) => `gardener:cleura${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  yield* pair("the stack's configuration", (name) => config(keyOf(name)), {
    nameOf: keyOf,
    renewal:
      "Set a new one with `pulumi config set --secret gardener:cleuraToken` (`pulumi refresh` and `pulumi destroy` go on " +
      "with the configuration of the last update: run them with --run-program, or `pulumi up` first)",
    note,
  });
  const asked = await askCli(env);
  if (asked.kind === "none") return note(`the \`cleura\` command ${asked.why}`);
  const { endpoint, username, token } = asked.handOff;
  if (endpoint !== place.url)
    return note(`the \`cleura\` command is logged in at ${endpoint}, not at ${place.url}`);
  const remedy = "Log in again with `cleura login`.";
  yield { kind: "token", username, token, origin: "the `cleura` command", remedy };
}

type Part = "username" | "token" | "password";

interface Source {
  readonly nameOf: (part: Part) => string;
  readonly renewal: string;
  readonly note: (text: string) => void;
}

/** The token first: with a password beside it, a new one can be made when it has died. */
function* pair(
  where: string,
  read: (part: Part) => string | undefined,
  { nameOf, renewal, note }: Source,
): Generator<Credentials> {
  const given = (part: Part) => nonEmpty(read(part));
  const [username, token, password] = [given("username"), given("token"), given("password")];
  if (username === undefined) {
    if (token !== undefined) note(`${where} has ${nameOf("token")} without ${nameOf("username")}`);
    else if (password !== undefined) note(`${where} has ${nameOf("password")} without ${nameOf("username")}`);
    else note(`${where} has no ${nameOf("username")}`);
    return;
  }
  if (token === undefined && password === undefined) {
    return note(`${where} has ${nameOf("username")} without ${nameOf("token")} or ${nameOf("password")}`);
  }
  const origin = (part: Part) => `${where} (${nameOf("username")} and ${nameOf(part)})`;
  if (token !== undefined) {
    const remedy = `${renewal}; tokens live for about a day, and Cleura does not tell how long.`;
    yield { kind: "token", username, token, origin: origin("token"), remedy };
  }
  if (password !== undefined) {
    const remedy = `Compare ${nameOf("username")} and ${nameOf("password")}.`;
    yield { kind: "password", username, password, origin: origin("password"), remedy };
  }
}

export function noCredentials({ url }: CleuraPlace, notes: readonly string[]): UserError {
  return new UserError(
    "GU016",
    [
      `No credentials for Cleura Cloud (${url}) are found. Give them in one of three ways:`,
      "(1) the environment: CLEURA_API_USERNAME with CLEURA_API_TOKEN or CLEURA_API_PASSWORD;",
      "(2) the stack's configuration: gardener:cleuraUsername with the secret gardener:cleuraToken or gardener:cleuraPassword;",
      "(3) the `cleura` command: `cleura login`.",
      `Looked at: ${notes.join("; ")}.`,
    ].join(" "),
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}
