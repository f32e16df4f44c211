/** Tokens that were requested with user and password. */
import type { RequestOptions } from "node:https";
import type { Clock } from "../../../model/clock";
import { UserError } from "../../../model/problem";
import type { ServerDescription } from "../../http/index";
import type { Credentials } from "./credentials";
import { logIn } from "./login";
import type { RefusedTokens } from "./refusedTokens";

interface CachedToken {
  readonly token: Promise<string>;
  /** After a failed login: no other one before this time. */
  blockedUntil?: number;
}

/** A wrong password that is tried again and again locks the account. */
const BLOCKED_MS = 60_000;

export interface TokenCache {
  /** A token that `refused` does not contain; requests at the same time share one login. */
  tokenFor(
    credentials: Extract<Credentials, { kind: "password" }>,
    refused: Pick<RefusedTokens, "has">,
  ): Promise<string>;
}

export function createTokenCache(server: ServerDescription, base: RequestOptions, clock: Clock): TokenCache {
  const cache = new Map<string, CachedToken>();
  const now = () => clock.now().getTime();
  const isUsable = ({ blockedUntil }: CachedToken) => blockedUntil === undefined || now() < blockedUntil;

  return {
    async tokenFor(credentials, refused) {
      const key = JSON.stringify([credentials.username, credentials.password]);
      const known = cache.get(key);
      if (known !== undefined && isUsable(known)) {
        const token = await known.token;
        if (!refused.has(token)) return token;
      }
      const entry: CachedToken = { token: logIn(server, base, credentials) };
      cache.set(key, entry);
      return entry.token.catch((error: unknown) => {
        entry.blockedUntil = now() + blockedMs(error);
        throw error;
      });
    },
  };
}

function blockedMs(error: unknown): number {
  if (!isFinal(error)) return 0;
  // A second factor stays required, and each login may send a code to a person.
  return error.code === "GU017" ? Infinity : BLOCKED_MS;
}

/** Another attempt does not help. */
export function isFinal(error: unknown): error is UserError {
  return error instanceof UserError && (error.code === "GU007" || error.code === "GU017");
}
