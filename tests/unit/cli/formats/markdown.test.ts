import { expect } from "chai";
import { parseCondition } from "../../../../cli/report/conditions";
import { markdown } from "../../../../cli/report/formats/markdown";
import { aShoot } from "../../builders";
import { aFinding, aReport, aReportedShoot } from "../reports";

describe("the Markdown", () => {
  it("is a table, and a section for each condition that is met", () => {
    const conditions = [parseCondition("expiring=100d"), parseCondition("forced=1d")];
    expect(markdown({ report: aReport(), conditions }).split("\n")).to.deep.equal([
      "1 Shoot (project demo) of the garden https&#58;//api.garden.example.org, 2026-11-23T12:00:00.000Z",
      "",
      "| Shoot | What | Runs | Available | Expires | Gardener |",
      "| --- | --- | --- | --- | --- | --- |",
      "| garden-demo/web | Kubernetes | 1.33.4 | 1.33.9, 1.34.3 | 2027-02-28 (96 d), deprecated | forces 1.33.9 from 2027-02-28 22:00 UTC: 1.33.4 expires on 2027-02-28 |",
      "|  | pool-a gardenlinux | 1592.10.0 | 1592.14.0, 1877.3.0 | 2027-03-31 (127 d), deprecated | forces 1592.14.0 from 2027-03-31 22:00 UTC: 1592.10.0 expires on 2027-03-31 |",
      "",
      "### expiring=100d",
      "",
      "- &#91;GU041&#93; garden-demo/web: Kubernetes 1.33.4 is deprecated until 2027-02-28.",
      "",
    ]);
  });

  it("contains no markup, link or mention that comes from a garden", () => {
    const shoot = aShoot({
      annotations: { "pulumi-gardener.io/hold": "<img src=x> | [x](https://evil.example) @team `a` #1\n# b" },
    });
    const findings = [aFinding({ found: "<script>&lt;" })];
    const report = aReport({ shoots: [aReportedShoot({ shoot, preflight: { checks: [], findings } })] });
    const text = markdown({ report, conditions: [] });
    expect(text).not.to.match(/<img|<script|@team|\]\(|https:\/\/|`|^# b/m);
    const row = text.split("\n").find((line) => line.includes("hold"));
    expect(row?.split(" | ")).to.have.length(6);
  });

  it("lists what is not visible", () => {
    const report = aReport({ notVisible: [{ what: "project api", reason: "no right" }] });
    expect(markdown({ report, conditions: [] })).to.contain("\n### Not visible\n\n- project api: no right\n");
  });
});
