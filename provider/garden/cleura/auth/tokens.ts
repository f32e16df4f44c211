/** Tokens that we made ourselves, by user and password. */
import type { RequestOptions } from "node:https";
import type { Clock } from "../../../model/clock";
import { UserError } from "../../../model/problem";
import type { ServerDescription } from "../../http/index";
import type { Credentials } from "./credentials";
import { logIn } from "./login";

interface CachedToken {
  readonly token: Promise<string>;
  /** Set where the login failed: until then no other one is tried. */
  closedUntil?: number;
}

/** Whoever comes next must not try a wrong password once more: that locks accounts. */
const CLOSED_MS = 60_000;

export interface TokenCache {
  /** One that `refused` does not hold; several that ask at the same time share one login. */
  tokenFor(
    credentials: Extract<Credentials, { kind: "password" }>,
    refused: ReadonlyMap<string, unknown>,
  ): Promise<string>;
}

export function createTokenCache(line: ServerDescription, base: RequestOptions, clock: Clock): TokenCache {
  const sessions = new Map<string, CachedToken>();
  const now = () => clock.now().getTime();
  const isOver = ({ closedUntil }: CachedToken) => closedUntil !== undefined && now() >= closedUntil;

  return {
    async tokenFor(credentials, refused) {
      const key = JSON.stringify([credentials.username, credentials.password]);
      const known = sessions.get(key);
      if (known !== undefined && !isOver(known)) {
        const token = await known.token;
        if (!refused.has(token)) return token;
      }
      const session: CachedToken = { token: logIn(line, base, credentials) };
      sessions.set(key, session);
      return session.token.catch((error: unknown) => {
        session.closedUntil = now() + pauseAfter(error);
        throw error;
      });
    },
  };
}

function pauseAfter(error: unknown): number {
  if (!isFinal(error)) return 0;
  // A second factor stays; it is not asked for again and again, which may send a person messages.
  return error.code === "GU017" ? Infinity : CLOSED_MS;
}

/** Trying once more does not help. */
export function isFinal(error: unknown): error is UserError {
  return error instanceof UserError && (error.code === "GU007" || error.code === "GU017");
}
