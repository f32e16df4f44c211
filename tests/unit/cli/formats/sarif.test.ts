import { expect } from "chai";
import { compare } from "../../../../cli/report/compare";
import { sarif } from "../../../../cli/report/formats/sarif";
import { at, list, root, text, type Field } from "../../../../provider/garden/field";
import { aCloudProfile, aShoot, aVersion } from "../../builders";
import { aReport, aReportedShoot } from "../reports";

describe("the SARIF log", () => {
  const runOf = (report = aReport()): Field => {
    const [run] = list(at(root("The log", JSON.parse(sarif({ report, conditions: [] }, "0.1.0"))), "runs"));
    if (run === undefined) throw new Error("There is no run.");
    return run;
  };

  it("has a result for each notice, with its rule, place and fingerprint", () => {
    const report = aReport();
    const run = runOf(report);
    const rules = list(at(run, "tool", "driver", "rules")).map((rule) => text(at(rule, "id")));
    const results = list(at(run, "results"));
    expect(results).to.have.length(report.shoots[0]?.notices.length ?? 0);
    for (const [index, result] of results.entries()) {
      const notice = report.shoots[0]?.notices[index];
      expect(rules[Number(at(result, "ruleIndex").value)]).to.equal(notice?.code);
      expect(at(result, "level").value).to.equal(notice?.level);
      expect(at(result, "partialFingerprints").value).to.deep.equal({
        "pulumiGardener/v1": notice?.fingerprint,
      });
      const [location] = list(at(result, "locations"));
      expect(location && at(location, "physicalLocation", "artifactLocation", "uri").value).to.equal(
        "garden-demo/web",
      );
    }
  });

  it("says that the execution was not successful where something is not visible", () => {
    const run = runOf(
      aReport({ complete: false, notVisible: [{ what: "project api", reason: "no right" }] }),
    );
    const [invocation] = list(at(run, "invocations"));
    expect(invocation?.value).to.deep.include({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: "error", message: { text: "Not visible: project api: no right" } },
      ],
    });
  });

  it("marks what is new, updated, unchanged and absent since an earlier report", () => {
    const versions = (...kubernetesVersions: ReturnType<typeof aVersion>[]) =>
      aReport({
        shoots: [
          aReportedShoot({
            shoot: aShoot({ workers: [] }),
            profile: aCloudProfile({ kubernetesVersions }),
          }),
        ],
      });
    const expiring = (date: string) => aVersion("1.33.4", "supported", date);
    const previous = versions(expiring("2027-06-01T00:00:00Z"), aVersion("1.33.7"), aVersion("1.34.1"));
    const current = versions(expiring("2027-03-01T00:00:00Z"), aVersion("1.33.8"), aVersion("1.34.1"));
    const run = runOf({ ...current, comparison: compare(previous, current) });
    const states = list(at(run, "results")).map((result) => text(at(result, "baselineState")));
    expect(states).to.deep.equal(["new", "unchanged", "updated", "updated", "absent"]);
  });
});
