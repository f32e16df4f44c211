/** What the preflight checks find before a rollout, and what a program declares about them. */
import type { Access, FindingSeverity, PreflightCheck, PreflightOutcome } from "./enums";

/** An object that a finding is about. */
export interface FoundObject {
  /** Kind: `"PodDisruptionBudget"`. */
  readonly kind: string;
  /** `"namespace/name"`; the name alone where the object has no namespace. */
  readonly name: string;
}

/** A waiver that applies to a finding. */
export interface AppliedWaiver {
  /** The last day on which it applies: `"2027-01-31"`. */
  readonly until: string;
  /** Why the finding is accepted. */
  readonly reason: string;
}

/** Something that would block or harm the rollout. */
export interface Finding {
  /** The check that has found it. */
  readonly check: PreflightCheck;
  /** The rule of that check: `"neverAllowed"`. */
  readonly rule: string;
  /** How serious it is in this plan, with the program's `preflight.severity`. */
  readonly severity: FindingSeverity;
  /** The object that is to be fixed; the `object` of a waiver is its name. */
  readonly object: FoundObject;
  /** Other objects concerned, such as the pods that a budget covers. */
  readonly related: readonly FoundObject[];
  /** What was found. */
  readonly found: string;
  /** Why it matters in this plan. */
  readonly why: string;
  /** What to do. */
  readonly action: string;
  /** The same in every run for the same rule and object. */
  readonly fingerprint: string;
  /** Absent: no waiver applies. */
  readonly waiver?: AppliedWaiver;
}

/** The result of one check. */
export interface CheckResult {
  /** The check. */
  readonly check: PreflightCheck;
  /** `"passed"` only where everything that the check needs was read. */
  readonly outcome: PreflightOutcome;
  /** What could not be read, and why; a check with findings may have such parts, too. */
  readonly notVisible: readonly string[];
}

/** A waiver as it is declared. */
export interface Waiver {
  /** The check whose findings it accepts. */
  readonly check: PreflightCheck;
  /** Name of the object; absent: all findings of the check. */
  readonly object?: string;
  /** The last day on which it applies: `"2027-01-31"`. */
  readonly until: string;
  /** Why the findings are accepted. */
  readonly reason: string;
}

/** The result of `getPreflight`. */
export interface GetPreflightResult {
  /** `namespace/name` of the Shoot. */
  readonly shoot: string;
  /** Whether a finding would stop the upgrade: one with the severity `"block"` and without a waiver. */
  readonly blocks: boolean;
  /** Most severe first, what is waived last. */
  readonly findings: readonly Finding[];
  /** The result of each check. */
  readonly checks: readonly CheckResult[];
  /** Waivers that have expired and have no effect. */
  readonly expiredWaivers: readonly Waiver[];
  /** Waivers that match no finding. */
  readonly unusedWaivers: readonly Waiver[];
}

/** `preflight` of the declaration. */
export interface PreflightOptions {
  readonly access: Access;
  readonly waivers: readonly Waiver[];
  readonly severity: Readonly<Partial<Record<PreflightCheck, FindingSeverity>>>;
}

export const defaultPreflight: PreflightOptions = { access: "viewer", waivers: [], severity: {} };

/** The result of all checks of a Shoot, before waivers and severities of the declaration. */
export interface PreflightResult {
  readonly checks: readonly CheckResult[];
  readonly findings: readonly Finding[];
}

/** With the waivers of the declaration. */
export interface ReviewedPreflight extends PreflightResult {
  /** No longer effective, and still matching a finding or not. */
  readonly expired: readonly Waiver[];
  /** Without a finding that they match. */
  readonly unused: readonly Waiver[];
}

/** The result of the checks, as a component passes it to check. */
export interface PreflightReport {
  /** What the checks depend on: the Shoot, its resourceVersion and the steps. */
  readonly of: string;
  readonly result: PreflightResult;
}
