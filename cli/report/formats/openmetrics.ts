/** OpenMetrics, for the textfile collector of Prometheus' node exporter or a push gateway. */
import { FindingSeverity } from "../../../provider/model/enums";
import type { ReportedShoot } from "../model";
import type { RenderInput } from "./format";

const subject = ["namespace", "shoot", "pool", "image", "version"] as const;

export async function openmetrics({ report }: RenderInput): Promise<string> {
  const { Gauge, Registry } = await import("prom-client");
  const registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `gardener_${name}`, help, labelNames, registers });
  const generated = gauge("report_timestamp_seconds", "When the report was generated.");
  const complete = gauge("report_complete", "1 where everything that was requested is visible.");
  const running = gauge("shoot_version", "1 for each version in the spec of a Shoot; no image: Kubernetes.", [
    ...subject,
    "classification",
  ]);
  const expiry = gauge(
    "shoot_version_expiry_timestamp_seconds",
    "When a version in the spec expires.",
    subject,
  );
  const available = gauge("shoot_upgrade_available", "1 for each newer supported version.", [
    ...subject,
    "to",
    "distance",
  ]);
  const upgrades = gauge(
    "shoot_maintenance_upgrade_timestamp_seconds",
    "When Gardener upgrades at the earliest; forced: because a version has expired or is not offered.",
    [...subject, "to", "kind"],
  );
  const findings = gauge("shoot_preflight_findings", "Findings of the preflight checks.", [
    "namespace",
    "shoot",
    "severity",
  ]);
  generated.set(seconds(report.generated));
  complete.set(report.complete ? 1 : 0);
  for (const shoot of report.shoots) {
    const of = namesOf(shoot);
    for (const version of versionsOf(shoot)) {
      const { expires, classification, ...labels } = version;
      running.set({ ...of, ...labels, classification }, 1);
      if (expires !== undefined) expiry.set({ ...of, ...labels }, seconds(expires));
    }
    for (const notice of shoot.notices) {
      if (notice.kind === "finding") continue;
      const labels = {
        ...of,
        pool: notice.pool ?? "",
        image: notice.machineImage ?? "",
        version: notice.version,
      };
      if (notice.kind === "available")
        available.set({ ...labels, to: notice.to, distance: notice.distance }, 1);
      if (notice.kind === "forced" || notice.kind === "automatic") {
        upgrades.set({ ...labels, to: notice.to ?? "", kind: notice.kind }, seconds(notice.date));
      }
    }
    const found = shoot.preflight?.findings;
    if (found === undefined) continue;
    for (const severity of Object.values(FindingSeverity)) {
      findings.set({ ...of, severity }, found.filter((finding) => finding.severity === severity).length);
    }
  }
  return registry.metrics();
}

function namesOf({ shoot }: ReportedShoot): { readonly namespace: string; readonly shoot: string } {
  const [namespace = "", name = ""] = shoot.split("/");
  return { namespace, shoot: name };
}

function versionsOf({ kubernetes, workers }: ReportedShoot) {
  return [
    { pool: "", image: "", ...statusOf(kubernetes.current) },
    ...Object.entries(workers).flatMap(([pool, worker]) => [
      ...(worker.pinned ? [{ pool, image: "", ...statusOf(worker.kubernetes) }] : []),
      { pool, image: worker.machineImage.name, ...statusOf(worker.machineImage.current) },
    ]),
  ];
}

function statusOf({ version, classification, expires }: ReportedShoot["kubernetes"]["current"]) {
  return { version, classification, expires };
}

function seconds(date: string): number {
  return new Date(date).getTime() / 1000;
}
