/** What Kubernetes and machine image versions have in common: the declared one is a floor. */
import type { OfferedVersion } from "../model/cloudprofile";
import type { WhenNewer } from "../model/enums";
import type { Problem } from "../model/problem";
import { day, withClassification } from "./catalogue";
import { classify, expiryOf } from "./classification";
import { compareToPrefix, compareVersions, parsePrefix, parseVersion } from "./versions";

/** The running version against the declared version or prefix; one that cannot be compared counts as reached. */
export function compareToDeclared(specVersion: string, declared: string): "below" | "at" | "beyond" {
  if (parseVersion(specVersion) === undefined) return "at";
  const prefix = parsePrefix(declared);
  const order =
    prefix === undefined ? compareVersions(specVersion, declared) : compareToPrefix(specVersion, prefix);
  return order < 0 ? "below" : order > 0 ? "beyond" : "at";
}

export function withPrefix<Version extends OfferedVersion>(
  versions: readonly Version[],
  text: string,
): readonly Version[] {
  const prefix = parsePrefix(text);
  return prefix === undefined ? [] : versions.filter(({ version }) => compareToPrefix(version, prefix) === 0);
}

/** Versions that may be declared: neither expired nor unavailable. */
export function usable<Version extends OfferedVersion>(
  versions: readonly Version[],
  now: Date,
): readonly Version[] {
  return withClassification(versions, now, "supported", "deprecated", "preview");
}

/** The Shoot runs a newer version than declared, whoever upgraded it; it is not downgraded. */
export function newerThanDeclared(
  whenNewer: WhenNewer,
  property: string,
  { cluster, runs, declared }: { readonly cluster: string; readonly runs: string; readonly declared: string },
): Problem {
  const found = `${cluster} runs ${runs}, newer than the declared "${declared}"`;
  switch (whenNewer) {
    case "accept":
      return { code: "GU039", severity: "info", property, message: `${found}.` };
    case "warn":
      return {
        code: "GU039",
        severity: "warning",
        property,
        message: `${found}; it is not downgraded. Declare the running version, or set whenNewer: "accept".`,
      };
    case "fail":
      return {
        code: "GU039",
        severity: "error",
        property,
        message: `${found}, and whenNewer is "fail". Declare the running version; it is never downgraded.`,
      };
  }
}

/** Warnings about a version that the plan upgrades to. */
export function warningsAbout(
  version: OfferedVersion,
  now: Date,
): readonly { readonly code: "GU032" | "GU037" | "GU041"; readonly text: string }[] {
  const expiry = expiryOf(version);
  switch (classify(version, now)) {
    case "preview":
      return [
        { code: "GU032", text: "is a preview version, which Gardener does not recommend for production" },
      ];
    case "expired": {
      const since = expiry === undefined ? "" : ` since ${day(expiry)}`;
      return [
        { code: "GU037", text: `has expired${since}; Gardener replaces it in the next maintenance window` },
      ];
    }
    case "deprecated":
      return [
        {
          code: "GU041",
          text: `is deprecated${expiry === undefined ? "" : `, and expires on ${day(expiry)}`}`,
        },
      ];
    case "supported":
    case "unavailable":
      return [];
  }
}
