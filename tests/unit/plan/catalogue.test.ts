import { expect } from "chai";
import { find, list } from "../../../provider/plan/catalogue";
import { warningsAbout } from "../../../provider/plan/floor";
import { aVersion, NOW } from "../builders";

describe("a version of the CloudProfile", () => {
  it("is found in its own spelling where there is one", () => {
    const versions = [aVersion("1877.3"), aVersion("1877.3.0")];
    expect(find(versions, "1877.3")?.version).to.equal("1877.3");
    expect(find(versions, "1877.3.0")?.version).to.equal("1877.3.0");
  });

  it("is found in another spelling of the same version", () => {
    expect(find([aVersion("1877.2.0"), aVersion("1877.3")], "1877.3.0")?.version).to.equal("1877.3");
  });

  it("is not found where only others are offered, or where the text is not a version", () => {
    expect(find([aVersion("1877.2.0"), aVersion("latest")], "1877.3.0")).to.equal(undefined);
    expect(find([aVersion("1877.2.0"), aVersion("newest")], "latest")).to.equal(undefined);
  });

  it("is listed with its expiry only while it is deprecated", () => {
    const versions = [
      aVersion("1.34.1", "deprecated", "2027-04-30T00:00:00Z"),
      aVersion("1.34.3", "supported", "2027-04-30T00:00:00Z"),
      aVersion("1.34.4", "preview", "2027-04-30T00:00:00Z"),
      aVersion("1.34.0", "deprecated"),
    ];
    expect(list(versions, NOW)).to.equal(
      "1.34.4 (preview), 1.34.3, 1.34.1 (deprecated until 2027-04-30), 1.34.0 (deprecated)",
    );
  });
});

describe("the warnings about a version", () => {
  const texts = (...parts: Parameters<typeof aVersion>) =>
    warningsAbout(aVersion(...parts), NOW).map(({ text }) => text);

  it("are none for a supported one", () => {
    expect(texts("1.34.3")).to.deep.equal([]);
  });

  it("name since when one has expired, where that is known", () => {
    const next = "; Gardener replaces it in the next maintenance window";
    expect(texts("1.34.3", "supported", "2026-10-01T00:00:00Z")).to.deep.equal([
      `has expired since 2026-10-01${next}`,
    ]);
    expect(texts("1.34.3", "expired")).to.deep.equal([`has expired${next}`]);
  });
});
