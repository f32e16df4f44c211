import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { assertComparable, readPrevious } from "../../../cli/report/previous";
import { UserError } from "../../../provider/model/problem";
import { aMaintenance, aShoot } from "../builders";
import { aFinding, aReport, aReportedShoot } from "./reports";

describe("--compare", () => {
  let folder: string;
  let file: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pulumi-gardener-"));
    file = join(folder, "report.json");
  });
  after(() => rm(folder, { recursive: true }));

  async function problemOf(content: string): Promise<UserError> {
    await writeFile(file, content);
    const error: unknown = await readPrevious(file).catch((thrown: unknown) => thrown);
    if (error instanceof UserError) return error;
    throw new Error("It was read.");
  }

  it("reads every kind of notice as it was written", async () => {
    const shoot = aShoot({
      kubernetesVersion: "1.32.9",
      maintenance: aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: true } }),
    });
    const preflight = { checks: [], findings: [aFinding(), aFinding({ severity: "info" })] };
    const report = aReport({ preflight: true, shoots: [aReportedShoot({ shoot, preflight })] });
    await writeFile(file, JSON.stringify(report));
    const [read] = (await readPrevious(file)).shoots;
    expect(read?.notices).to.deep.equal(report.shoots[0]?.notices);
    expect(new Set(read?.notices.map(({ kind }) => kind))).to.include.all.keys(
      "available",
      "expired",
      "forced",
      "automatic",
      "deprecated",
      "finding",
    );
  });

  it("names a file that does not exist", async () => {
    const error: unknown = await readPrevious(join(folder, "none.json")).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError).and.include({ code: "GU090", property: "--compare" });
    expect(error).to.have.property("message").that.contains("none.json").and.contains("ENOENT");
  });

  it("refuses what is no report, and names the field", async () => {
    expect((await problemOf("{")).message).to.contain("JSON");
    expect((await problemOf("[]")).message).to.contain("version none instead of 1");
    expect((await problemOf(JSON.stringify({ ...aReport(), version: 2 }))).message).to.contain("version 2");
    expect((await problemOf(JSON.stringify({ ...aReport(), shoots: [{}] }))).message).to.contain(
      "uid is missing",
    );
  });

  it("refuses control characters in it", async () => {
    const report = JSON.stringify(aReport()).replaceAll("1.33.9", "\\u001b[2J");
    expect((await problemOf(report)).message).to.contain("control characters");
  });

  it("refuses a report of another garden or of other Shoots", () => {
    for (const other of [{ garden: "the garden https://other" }, { scope: "all visible Shoots" }]) {
      expect(() => assertComparable(aReport(other), aReport())).to.throw(UserError, /its (garden|scope) is/);
    }
    assertComparable(aReport(), aReport());
  });
});
