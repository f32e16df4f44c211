/** The user and token of the next request: of all credentials, the first whose token was not refused. */
import { UserError } from "../../../model/problem";
import type { ConnectionSources } from "../../connection/index";
import { CLI, findCredentials, noCredentials, type Credentials, type SourceProblem } from "./credentials";
import type { CleuraEndpoint } from "./endpoint";
import type { RefusedTokens } from "./refusedTokens";
import { isFinal, type TokenCache } from "./tokens";

export interface Identity {
  readonly credentials: Credentials;
  /** For messages. */
  readonly origin: string;
  readonly token: string;
}

export interface Identities {
  /** Throws where no credentials are left. */
  find(): Promise<Identity>;
  /** After a failure: whether a later search may find others. */
  isRenewable(): boolean;
}

export interface IdentityParts {
  readonly endpoint: CleuraEndpoint;
  readonly sources: ConnectionSources;
  /** Of the server, for messages. */
  readonly description: string;
  readonly tokens: TokenCache;
  readonly refused: RefusedTokens;
}

/** What a search has found that cannot be used. */
interface Search {
  readonly problems: SourceProblem[];
  readonly rejected: Credentials[];
  readonly needCode: Credentials[];
  secondFactor?: UserError;
  /** Its token was refused, but not recently. */
  retried?: Identity;
}

export function createIdentities(parts: IdentityParts): Identities {
  const { endpoint, sources, description } = parts;
  let renewable = true;
  let hasFound = false;

  async function attempt(credentials: Credentials, search: Search): Promise<Identity | undefined> {
    try {
      return await usableIdentity(credentials, search, parts);
    } catch (error) {
      renewable = !isFinal(error);
      if (!(error instanceof UserError) || error.code !== "GU017") throw error;
      // The password may be meant for `cleura login`, which prompts a person for the code.
      search.secondFactor = error;
      search.needCode.push(credentials);
      const text = `the account of ${credentials.origin} requires a second factor`;
      search.problems.push({ text, renewable: false });
      return undefined;
    }
  }

  async function firstUsable(search: Search): Promise<Identity | undefined> {
    const report = (problem: SourceProblem) => void search.problems.push(problem);
    for await (const credentials of findCredentials(endpoint, sources, report)) {
      const identity = await attempt(credentials, search);
      if (identity !== undefined) return identity;
    }
    return search.retried;
  }

  return {
    isRenewable: () => renewable,
    async find() {
      const search: Search = { problems: [], rejected: [], needCode: [] };
      renewable = true;
      const identity = await firstUsable(search);
      if (identity === undefined) {
        renewable = mayFindOthers(search);
        throw nothingUsable(search, endpoint, description, hasFound);
      }
      hasFound = true;
      return identity;
    },
  };
}

async function usableIdentity(
  credentials: Credentials,
  search: Search,
  { tokens, refused }: IdentityParts,
): Promise<Identity | undefined> {
  const token =
    credentials.kind === "token" ? credentials.token : await tokens.tokenFor(credentials, refused);
  const origin = originOf(credentials, [...search.rejected, ...search.needCode]);
  const identity = { credentials, token, origin };
  if (!refused.has(token)) return identity;
  search.rejected.push(credentials);
  if (!refused.isRecent(token)) search.retried ??= identity;
  return undefined;
}

/** Another user may have other rights, and appears as another one in Cleura's logs. */
function originOf({ username, origin }: Credentials, skipped: readonly Credentials[]): string {
  const other = skipped.find((one) => one.username !== username);
  return other === undefined ? origin : `${origin}, as another user than ${other.origin}`;
}

/** An installed command gives others after a login. */
function mayFindOthers({ rejected, problems }: Search): boolean {
  return rejected.some(({ origin }) => origin === CLI) || problems.some(({ renewable }) => renewable);
}

/** @param hadFound an earlier search of this process has found credentials. */
function nothingUsable(
  { rejected, problems, secondFactor }: Search,
  endpoint: CleuraEndpoint,
  description: string,
  hadFound: boolean,
): UserError {
  if (rejected.length > 0) return allRefused(description, rejected, problems);
  return secondFactor !== undefined && !hadFound ? secondFactor : noCredentials(endpoint, problems);
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
