/** What the poller reads of Cleura's API. */
import type { Shoot } from "../../../model/shoot";

export type FetchResult =
  /** By name; a Shoot that is absent does not exist. */
  { readonly kind: "fetched"; readonly shoots: ReadonlyMap<string, Shoot | Undecodable> } | FailedFetch;

export interface FailedFetch {
  readonly kind: "failed";
  readonly message: string;
  /** The shortest pause before the next read. */
  readonly pauseMs?: number;
  /** The server requests a lower rate. */
  readonly overloaded?: boolean;
}

/** The answer for one Shoot cannot be decoded; those for others can. */
export interface Undecodable {
  readonly error: unknown;
}

/** Throws what no waiting can fix. */
export interface ShootFetcher {
  fetchShoot(name: string): Promise<FetchResult>;
  /** One request, whatever the number of names. */
  fetchShoots(names: readonly string[]): Promise<FetchResult>;
}
