/**
 * The reads that the resources of a program have in common, as a component passes them to check. The provider's process
 * can then request them at once: the engine shows it one resource after the other, and each answer names the next read.
 */
import type { CloudProfileRef, ShootRef } from "./shoot";

export interface ExpectedReads {
  readonly ref: ShootRef;
  /** Of its namespace, in the program. */
  readonly shoots: number;
  readonly cloudProfile: CloudProfileRef;
}
