/** Reports for unit tests. */
import { reportShoot, type ReadShoot } from "../../../cli/report/build";
import { REPORT_VERSION, type Report, type ReportedShoot } from "../../../cli/report/model";
import type { Finding } from "../../../provider/model/preflight";
import { aCloudProfile, aShoot, NOW } from "../builders";

export function aReportedShoot(parts: Partial<ReadShoot> = {}, now = NOW): ReportedShoot {
  return reportShoot({ shoot: aShoot(), profile: aCloudProfile(), ...parts }, now);
}

export function aReport(parts: Partial<Report> = {}): Report {
  return {
    version: REPORT_VERSION,
    generated: NOW.toISOString(),
    garden: "the garden https://api.garden.example.org",
    scope: "project demo",
    complete: true,
    notVisible: [],
    preflight: false,
    shoots: [aReportedShoot()],
    ...parts,
  };
}

export function aFinding(parts: Partial<Finding> = {}): Finding {
  return {
    check: "podDisruptionBudget",
    rule: "neverAllowed",
    severity: "block",
    object: { kind: "PodDisruptionBudget", name: "shop/db" },
    related: [],
    found: "it allows no disruption",
    why: "the drain of a node waits for it",
    action: "raise replicas",
    fingerprint: "0123456789abcdef",
    ...parts,
  };
}
