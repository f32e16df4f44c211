/** What Kubernetes and machine image versions have in common: the declared one is a floor. */
import type { OfferedVersion } from "../model/cloudprofile";
import type { WhenNewer } from "../model/enums";
import type { Problem } from "../model/problem";
import { day, those } from "./catalogue";
import { classify, expiryOf } from "./classification";
import { compareToPrefix, compareVersions, parsePrefix, parseVersion } from "./versions";

/** Where live lies, seen from the declared version or prefix; what cannot be compared stays where it is. */
export function standing(live: string, declared: string): "below" | "at" | "beyond" {
  if (parseVersion(live) === undefined) return "at";
  const prefix = parsePrefix(declared);
  const order = prefix === undefined ? compareVersions(live, declared) : compareToPrefix(live, prefix);
  return order < 0 ? "below" : order > 0 ? "beyond" : "at";
}

export function withPrefix<Version extends OfferedVersion>(
  versions: readonly Version[],
  text: string,
): readonly Version[] {
  const prefix = parsePrefix(text);
  return prefix === undefined ? [] : versions.filter(({ version }) => compareToPrefix(version, prefix) === 0);
}

/** Versions that a person may still name: neither expired nor yet to come. */
export function usable<Version extends OfferedVersion>(
  versions: readonly Version[],
  now: Date,
): readonly Version[] {
  return those(versions, now, "supported", "deprecated", "preview");
}

/** Live is beyond what is declared: Gardener or somebody else was faster, and it stays there. */
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
        message: `${found}; it is not moved down. Declare what runs, or set whenNewer: "accept".`,
      };
    case "fail":
      return {
        code: "GU039",
        severity: "error",
        property,
        message: `${found}, and whenNewer: "fail" stops here. Declare what runs; it is never moved down.`,
      };
  }
}

/** What speaks against a version that the plan moves to all the same. */
export function caveats(
  version: OfferedVersion,
  now: Date,
): readonly { readonly code: "GU032" | "GU037" | "GU041"; readonly text: string }[] {
  const expiry = expiryOf(version);
  switch (classify(version, now)) {
    case "preview":
      return [{ code: "GU032", text: "is a preview, which Gardener advises against in production" }];
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
