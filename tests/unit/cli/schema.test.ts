import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";
import { compare } from "../../../cli/report/compare";
import type { Report } from "../../../cli/report/model";
import schema from "../../../schemas/report.schema.json";
import { aCloudProfile, aMaintenance, aPool, aShoot, aVersion } from "../builders";
import { aFinding, aReport, aReportedShoot } from "./reports";

describe("the published schema of reports", () => {
  const formats = { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, uri: /^https:\/\// };
  const ajv = new Ajv2020({ allErrors: true, formats });
  const validate = ajv.compile(schema);
  const errorsOf = (report: unknown) => {
    validate(JSON.parse(JSON.stringify(report)));
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
  };

  const everything: Report = (() => {
    const shoot = aShoot({
      annotations: { "pulumi-gardener.io/hold": "migration" },
      labels: { team: "shop" },
      kubernetesVersion: "1.32.9",
      maintenance: aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: true } }),
      workers: [
        aPool({ kubernetesVersion: "1.31.1" }),
        aPool({ name: "b", machineImage: { name: "suse", version: "15.6" } }),
      ],
    });
    const preflight = {
      checks: [{ check: "drain" as const, outcome: "notVisible" as const, notVisible: ["no right"] }],
      findings: [aFinding(), aFinding({ severity: "info", related: [{ kind: "Pod", name: "shop/db-0" }] })],
    };
    const report = aReport({ preflight: true, shoots: [aReportedShoot({ shoot, preflight })] });
    const other = aReportedShoot({
      shoot,
      profile: aCloudProfile({ kubernetesVersions: [aVersion("1.32.9")] }),
    });
    const previous = aReport({ shoots: [other] });
    return {
      ...report,
      complete: false,
      notVisible: [{ what: "project api", reason: "no right" }],
      comparison: compare(previous, report),
    };
  })();

  it("accepts a report", () => {
    expect(errorsOf(aReport())).to.deep.equal([]);
  });

  it("accepts everything that a report can contain", () => {
    expect(everything.comparison?.new).not.to.have.length(0);
    expect(errorsOf(everything)).to.deep.equal([]);
  });

  it("refuses what it does not describe", () => {
    expect(errorsOf({ ...aReport(), extra: 1 })).not.to.deep.equal([]);
    expect(errorsOf({ ...aReport(), generated: "yesterday" })).not.to.deep.equal([]);
    expect(errorsOf({ ...aReport(), version: 2 })).not.to.deep.equal([]);
    const shoots = [{ ...aReportedShoot(), uid: undefined }];
    expect(errorsOf({ ...aReport(), shoots })).not.to.deep.equal([]);
  });
});
