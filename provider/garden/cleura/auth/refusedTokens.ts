/** Tokens that the API has refused, so that each is sent again only where no other is left. */
import type { Clock } from "../../../model/clock";

/** After this time it is tried again: a server may have been restarting. */
const REFUSED_MS = 5_000;

export interface RefusedTokens {
  has(token: string): boolean;
  /** It is too early to try it again. */
  isRecent(token: string): boolean;
  add(token: string): void;
}

export function createRefusedTokens(clock: Clock): RefusedTokens {
  /** When each was refused. */
  const refused = new Map<string, number>();
  const now = () => clock.now().getTime();
  return {
    has: (token) => refused.has(token),
    isRecent: (token) => now() - (refused.get(token) ?? -Infinity) < REFUSED_MS,
    add: (token) => void refused.set(token, now()),
  };
}
