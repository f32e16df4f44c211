/** What the suite needs of a garden: an API server, and users on it. */
import type { Credentials } from "./api";

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface GardenUnderTest {
  readonly name: string;
  readonly url: string;
  /** PEM of the authority of the server's certificate. */
  readonly ca: string;
  /** May do everything. */
  readonly admin: Credentials;
  /** May do what the rules allow in the namespace, and what every authenticated user may. */
  addUser(name: string, namespace: string, rules: readonly Rule[]): Promise<Credentials>;
  /** PEM certificate and key of an authority, for a Shoot's clients. */
  createAuthority(commonName: string): Promise<{ readonly certificate: string; readonly key: string }>;
  close(): Promise<void>;
}
