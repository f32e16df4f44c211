import { expect } from "chai";
import { parseCondition } from "../../../../cli/report/conditions";
import { junit } from "../../../../cli/report/formats/junit";
import { aFinding, aReport, aReportedShoot } from "../reports";

describe("the JUnit file", () => {
  const conditions = [parseCondition("expiring=100d"), parseCondition("forced=1d")];

  it("has a suite for each Shoot and a case for each condition, which fails where it is met", async () => {
    expect((await junit({ report: aReport(), conditions })).split("\n")).to.deep.equal([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="pulumi-gardener report" tests="2" failures="1" errors="0" time="0">',
      '  <testsuite name="garden-demo/web" timestamp="2026-11-23T12:00:00.000Z" tests="2" failures="1" errors="0" time="0">',
      '    <testcase classname="garden-demo/web" name="expiring=100d" time="0">',
      '      <failure message="garden-demo/web: Kubernetes 1.33.4 is deprecated until 2027-02-28.">garden-demo/web: Kubernetes 1.33.4 is deprecated until 2027-02-28.</failure>',
      "    </testcase>",
      '    <testcase classname="garden-demo/web" name="forced=1d" time="0"/>',
      "  </testsuite>",
      "</testsuites>",
      "",
    ]);
  });

  it("has cases of its own where no condition was given", async () => {
    const text = await junit({ report: aReport({ preflight: true }), conditions: [] });
    const names = [...text.matchAll(/testcase [^>]*name="([^"]+)"/g)].map(([, name]) => name);
    expect(names).to.deep.equal(["deprecated", "expiring=30d", "forced=14d", "finding=block"]);
  });

  it("has an error for what is not visible", async () => {
    const report = aReport({ notVisible: [{ what: "project api", reason: "no right" }] });
    expect(await junit({ report, conditions })).to.contain(
      '<testcase classname="not visible" name="project api" time="0">\n      <error message="no right">no right</error>',
    );
  });

  it("is well-formed, whatever a garden reports", async () => {
    const found = '<![CDATA[ ]]> & "quotes" </failure>\u0001';
    const preflight = { checks: [], findings: [aFinding({ found })] };
    const report = aReport({ preflight: true, shoots: [aReportedShoot({ preflight })] });
    const text = await junit({ report, conditions: [parseCondition("finding")] });
    expect(text)
      .to.contain("&lt;![CDATA[ ]]&gt; &amp; &quot;quotes&quot; &lt;/failure&gt;\ufffd")
      .and.not.contain("\u0001");
  });
});
