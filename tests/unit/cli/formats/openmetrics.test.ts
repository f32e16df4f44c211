import { expect } from "chai";
import { openmetrics } from "../../../../cli/report/formats/openmetrics";
import { aFinding, aReport, aReportedShoot } from "../reports";

describe("the OpenMetrics", () => {
  it("have one sample for each version, expiry, upgrade and severity", async () => {
    const preflight = { checks: [], findings: [aFinding()] };
    const report = aReport({ preflight: true, shoots: [aReportedShoot({ preflight })] });
    const lines = (await openmetrics({ report, conditions: [] })).split("\n");
    const web = 'namespace="garden-demo",shoot="web"';
    expect(lines).to.include.members([
      "gardener_report_timestamp_seconds 1795435200",
      "gardener_report_complete 1",
      `gardener_shoot_version{${web},pool="",image="",version="1.33.4",classification="deprecated"} 1`,
      `gardener_shoot_version{${web},pool="pool-a",image="gardenlinux",version="1592.10.0",classification="deprecated"} 1`,
      `gardener_shoot_version_expiry_timestamp_seconds{${web},pool="",image="",version="1.33.4"} 1803772800`,
      `gardener_shoot_upgrade_available{${web},pool="",image="",version="1.33.4",to="1.34.3",distance="minor"} 1`,
      `gardener_shoot_maintenance_upgrade_timestamp_seconds{${web},pool="",image="",version="1.33.4",to="1.33.9",kind="forced"} 1803852000`,
      `gardener_shoot_preflight_findings{${web},severity="block"} 1`,
      `gardener_shoot_preflight_findings{${web},severity="info"} 0`,
    ]);
  });

  it("end as the format requires", async () => {
    expect(await openmetrics({ report: aReport(), conditions: [] })).to.match(/\n# EOF\n$/);
  });

  it("report that something is not visible", async () => {
    const report = aReport({ complete: false });
    expect(await openmetrics({ report, conditions: [] })).to.contain("\ngardener_report_complete 0\n");
  });

  it("are escaped", async () => {
    const shoot = { ...aReportedShoot(), shoot: 'garden-demo/we"b\\' };
    const text = await openmetrics({ report: aReport({ shoots: [shoot] }), conditions: [] });
    expect(text).to.contain('shoot="we\\"b\\\\"');
  });
});
