import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { parseCondition } from "../../../../cli/report/conditions";
import { table } from "../../../../cli/report/formats/table";
import type { Report } from "../../../../cli/report/model";
import { isPrintable } from "../../../../provider/model/text";
import { aMaintenance, aPool, aShoot } from "../../builders";
import { aFinding, aReport, aReportedShoot } from "../reports";

const maintenance = aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: false } });
const shoot = aShoot({ maintenance });

describe("the table", () => {
  const report = aReport({ shoots: [aReportedShoot({ shoot })] });
  const lines = (given: Report, columns?: number, color = false) =>
    table({ report: given, conditions: [], ...(columns && { terminal: { columns, color } }) }).split("\n");

  it("has a row for the control plane and one for the image of each pool", () => {
    expect(lines(report)).to.deep.equal([
      "SHOOT            WHAT                RUNS       AVAILABLE            EXPIRES                         GARDENER",
      "garden-demo/web  Kubernetes          1.33.4     1.33.9, 1.34.3       2027-02-28 (96 d), deprecated   updates to 1.33.9 from 2026-11-23 22:00 UTC: automatic updates are enabled",
      "                 pool-a gardenlinux  1592.10.0  1592.14.0, 1877.3.0  2027-03-31 (127 d), deprecated  forces 1592.14.0 from 2027-03-31 22:00 UTC: 1592.10.0 expires on 2027-03-31",
      "",
      "1 Shoot (project demo) of the garden https://api.garden.example.org",
      "",
    ]);
  });

  for (const columns of [200, 140, 110, 80, 60, 40, 20]) {
    it(`fits into ${columns} columns without losing a word`, () => {
      const preflight = { checks: [], findings: [aFinding()] };
      const long = aReport({
        notVisible: [{ what: "Shoot garden-demo/api", reason: "the right to get it is missing" }],
        shoots: [aReportedShoot({ shoot, preflight })],
      });
      const rendered = lines(long, columns);
      expect(Math.max(...rendered.map((line) => line.length))).to.be.at.most(columns);
      const text = rendered.join("").replaceAll(/\s/g, "");
      for (const word of ["1.33.9", "1877.3.0", "2027-02-28", "automatic", "missing", "replicas", "22:00"]) {
        expect(text).to.contain(word);
      }
    });
  }

  it("is coloured in a terminal only, and says the same without colours", () => {
    const plain = lines(report, 200, false).join("\n");
    expect(stripVTControlCharacters(plain)).to.equal(plain);
    expect(stripVTControlCharacters(lines(report, 200, true).join("\n"))).to.equal(plain);
  });

  it("shows hibernation, a failed operation and a hold beside the name", () => {
    const held = aShoot({
      hibernation: { enabled: true, hibernated: true },
      annotations: { "pulumi-gardener.io/hold": "migration" },
    });
    const [, row] = lines(aReport({ shoots: [aReportedShoot({ shoot: held })] }));
    expect(row).to.match(/^garden-demo\/web, hibernated, hold: migration /);
  });

  it("has a row for a pool with a Kubernetes version of its own", () => {
    const pinned = aShoot({ workers: [aPool({ kubernetesVersion: "1.32.9" })] });
    const text = lines(aReport({ shoots: [aReportedShoot({ shoot: pinned })] })).join("\n");
    expect(text).to.match(/pool-a Kubernetes +1\.32\.9 +expired 2026-10-31/);
  });

  it("reports that not everything is visible", () => {
    const given = aReport({
      complete: false,
      notVisible: [{ what: "project api", reason: "[GU008] a right is missing" }],
    });
    const text = lines(given).join("\n");
    expect(text).to.contain("not visible: project api: [GU008] a right is missing");
    expect(text).to.match(/; not everything is visible\n$/);
  });

  it("says that there is no Shoot", () => {
    expect(lines(aReport({ shoots: [] }))).to.deep.equal([
      "0 Shoots (project demo) of the garden https://api.garden.example.org",
      "",
    ]);
  });

  it("names the conditions that are met", () => {
    const conditions = [parseCondition("pending"), parseCondition("expiring=1d")];
    const text = table({ report, conditions });
    expect(text).to.contain("\npending: 1 Shoot\n").and.not.to.contain("expiring=1d");
  });

  it("writes what would act on a terminal out", () => {
    const evil = aShoot({ annotations: { "pulumi-gardener.io/hold": "\u001b[2Jgone\u202e" } });
    const findings = [aFinding({ found: "\u001b]0;title\u0007" })];
    const preflight = { checks: [], findings };
    const text = lines(aReport({ shoots: [aReportedShoot({ shoot: evil, preflight })] })).join("\n");
    expect(text.split("\n").every(isPrintable)).to.equal(true);
    expect(text).to.contain("\\u001b[2Jgone\\u202e");
  });
});
