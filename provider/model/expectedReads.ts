/**
 * The reads of a garden that the resources of a program have in common, as a component passes them to check. The
 * provider's process can then request them at once: the engine shows it one resource after the other, and each answer
 * names the next read.
 */
import type { ShootReference } from "./declaration";
import type { CloudProfileRef, ShootRef } from "./shoot";

export interface ExpectedReads {
  /** One Shoot of each project or namespace, as the program declares it. */
  readonly references: readonly ShootReference[];
  readonly namespaces: readonly ExpectedNamespace[];
  /** Each with a Shoot that refers to it. */
  readonly cloudProfiles: readonly { readonly ref: ShootRef; readonly cloudProfile: CloudProfileRef }[];
}

export interface ExpectedNamespace {
  readonly namespace: string;
  /** How many the program declares. */
  readonly shoots: number;
  /** Their names, where the user may not list: each is read by itself then. */
  readonly names?: readonly string[];
}
