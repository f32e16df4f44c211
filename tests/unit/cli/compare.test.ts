import { expect } from "chai";
import { compare } from "../../../cli/report/compare";
import type { Report } from "../../../cli/report/model";
import { aCloudProfile, aShoot, aVersion, NOW } from "../builders";
import { aFinding, aReport, aReportedShoot } from "./reports";

describe("a comparison with an earlier report", () => {
  const other = aShoot({ ref: { namespace: "garden-demo", name: "api" }, uid: "another-uid" });
  const withVersions = (...versions: ReturnType<typeof aVersion>[]): Report =>
    aReport({
      shoots: [
        aReportedShoot({
          shoot: aShoot({ workers: [] }),
          profile: aCloudProfile({ kubernetesVersions: versions }),
        }),
      ],
    });
  const messages = (notices: readonly { readonly message: string }[]) =>
    notices.map(({ message }) => message);

  it("is empty where nothing has changed", () => {
    expect(compare(aReport(), aReport())).to.deep.equal({
      previous: NOW.toISOString(),
      new: [],
      gone: [],
      changed: [],
    });
  });

  it("lists a new patch as new, and what it replaces as gone", () => {
    const found = compare(
      withVersions(aVersion("1.33.4"), aVersion("1.33.7")),
      withVersions(aVersion("1.33.4"), aVersion("1.33.8")),
    );
    expect(messages(found.new)).to.deep.equal([
      "garden-demo/web: Kubernetes 1.33.8 is available; it runs 1.33.4.",
    ]);
    expect(messages(found.gone)).to.deep.equal([
      "garden-demo/web: Kubernetes 1.33.7 is available; it runs 1.33.4.",
    ]);
  });

  it("lists an expiry that has moved as changed", () => {
    const { changed } = compare(
      withVersions(aVersion("1.33.4", "supported", "2027-06-01T00:00:00Z")),
      withVersions(aVersion("1.33.4", "supported", "2027-03-01T00:00:00Z")),
    );
    expect(changed.map(({ before, after }) => [before.message, after.message])).to.deep.include([
      "garden-demo/web: Kubernetes 1.33.4 expires on 2027-06-01.",
      "garden-demo/web: Kubernetes 1.33.4 expires on 2027-03-01.",
    ]);
  });

  it("does not list the next maintenance window as a change", () => {
    const maintenance = {
      ...aShoot().maintenance,
      autoUpdate: { kubernetesVersion: true, machineImageVersion: true },
    };
    const on = (day: string) =>
      aReport({ shoots: [aReportedShoot({ shoot: aShoot({ maintenance }) }, new Date(day))] });
    expect(compare(on("2026-11-23T12:00:00Z"), on("2026-11-24T12:00:00Z")).changed).to.deep.equal([]);
  });

  it("lists what a deleted Shoot had as gone", () => {
    const previous = aReport({ shoots: [aReportedShoot(), aReportedShoot({ shoot: other })] });
    expect(compare(previous, aReport()).gone.every(({ shoot }) => shoot === "garden-demo/api")).to.equal(
      true,
    );
    expect(compare(previous, aReport()).gone).not.to.have.length(0);
  });

  it("lists nothing as gone of a Shoot that is not visible today", () => {
    const previous = aReport({ shoots: [aReportedShoot(), aReportedShoot({ shoot: other })] });
    expect(compare(previous, aReport({ complete: false })).gone).to.deep.equal([]);
  });

  it("lists no finding as gone where the checks were not run, or not all are visible", () => {
    const preflight = { checks: [], findings: [aFinding()] };
    const previous = aReport({ preflight: true, shoots: [aReportedShoot({ preflight })] });
    expect(compare(previous, aReport()).gone).to.deep.equal([]);
    expect(compare(previous, aReport({ preflight: true, complete: false })).gone).to.deep.equal([]);
    expect(compare(previous, aReport({ preflight: true })).gone).to.have.length(1);
  });
});
