import { expect } from "chai";
import { renovateFiles } from "../../../../cli/report/formats/renovate";
import { UserError } from "../../../../provider/model/problem";
import { aCloudProfile, anImage, NOW } from "../../builders";

describe("the files for Renovate", () => {
  const files = renovateFiles(new Map([["aws", aCloudProfile()]]), NOW);
  const releases = (file: string): unknown => JSON.parse(files.get(file) ?? "{}");

  it("are one for Kubernetes and one for each machine image of a CloudProfile", () => {
    expect([...files.keys()]).to.deep.equal(["aws/kubernetes.json", "aws/images/gardenlinux.json"]);
  });

  it("list what has not expired, with classification, expiry and notes", () => {
    const notes = (minor: string) =>
      `https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-${minor}.md`;
    const listed = releases("aws/kubernetes.json");
    expect(listed).to.have.nested.property("releases.length", 7);
    expect(listed).to.have.deep.nested.property("releases[0]", {
      version: "1.36.0",
      isStable: false,
      isDeprecated: false,
      changelogUrl: notes("1.36"),
      classification: "preview",
    });
    expect(listed).to.have.deep.nested.property("releases[6]", {
      version: "1.33.4",
      isStable: true,
      isDeprecated: true,
      changelogUrl: notes("1.33"),
      classification: "deprecated",
      expires: "2027-02-28T00:00:00.000Z",
    });
  });

  it("do not list expired versions, which nobody must be led to", () => {
    expect(JSON.stringify(releases("aws/kubernetes.json"))).not.to.contain("1.32.9");
    expect(JSON.stringify(releases("aws/images/gardenlinux.json"))).not.to.contain("1443.3.0");
  });

  it("keep a NamespacedCloudProfile apart", () => {
    const keys = renovateFiles(new Map([["garden-demo/aws", aCloudProfile()]]), NOW).keys();
    expect([...keys][0]).to.equal("garden-demo/aws/kubernetes.json");
  });

  for (const name of ["../../etc/passwd", "..", "a\\b", ""]) {
    it(`are not written for an image named ${JSON.stringify(name)}`, () => {
      const profile = aCloudProfile({ machineImages: [anImage({ name })] });
      expect(() => renovateFiles(new Map([["aws", profile]]), NOW)).to.throw(
        UserError,
        "no files are written",
      );
    });
  }
});
