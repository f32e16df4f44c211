import { expect } from "chai";
import fc from "fast-check";
import { type Candidate, type Next, nextVersion, type Strategy } from "../../maintenance/version";
import type { Classification } from "../../validation/versions";

/** "1.33.4" is supported; "1.33.4 expired" names another classification. */
function offered(...lines: readonly string[]): readonly Candidate[] {
  const words: readonly Classification[] = ["preview", "deprecated", "expired", "unavailable"];
  return lines.map((line) => {
    const [version = "", word] = line.split(" ");
    return { version, classification: words.find((one) => one === word) ?? "supported" };
  });
}

function next(current: string, strategy: Strategy, expired: boolean, ...lines: readonly string[]): string {
  const found: Next = nextVersion(offered(...lines), current, strategy, expired);
  return found.kind === "version" ? found.version : found.kind;
}

describe("the sandbox's choice of the next version", () => {
  describe("Kubernetes", () => {
    it("chooses the highest patch of the minor", () => {
      expect(next("1.33.4", "kubernetes", false, "1.33.4", "1.33.5", "1.33.7", "1.34.1")).to.equal("1.33.7");
    });

    it("chooses nothing where there is no higher patch", () => {
      expect(next("1.33.7", "kubernetes", false, "1.33.4", "1.33.7", "1.34.1")).to.equal("latest");
    });

    it("prefers versions that are not deprecated, and chooses a deprecated patch where there is no other", () => {
      expect(next("1.33.4", "kubernetes", false, "1.33.4", "1.33.5", "1.33.7 deprecated")).to.equal("1.33.5");
      expect(next("1.33.4", "kubernetes", false, "1.33.4", "1.33.7 deprecated")).to.equal("1.33.7");
    });

    it("chooses neither previews nor expired patches", () => {
      expect(next("1.33.4", "kubernetes", false, "1.33.4", "1.33.6 expired", "1.33.7 preview")).to.equal(
        "latest",
      );
    });

    it("prefers a patch to a minor by force", () => {
      expect(next("1.33.4", "kubernetes", true, "1.33.4 expired", "1.33.5", "1.34.1")).to.equal("1.33.5");
    });

    it("forces an expired version to the next minor, supported and deprecated ranked alike", () => {
      expect(next("1.33.4", "kubernetes", true, "1.33.4 expired", "1.34.5", "1.34.6 deprecated")).to.equal(
        "1.34.6",
      );
      expect(next("1.33.4", "kubernetes", true, "1.33.4 expired", "1.34.5", "1.34.6 preview")).to.equal(
        "1.34.5",
      );
    });

    it("forces to an expired version of the next minor rather than over it", () => {
      expect(next("1.32.4", "kubernetes", true, "1.33.4 expired", "1.33.6 expired", "1.34.1")).to.equal(
        "1.33.6",
      );
    });

    it("fails where the next minor is not offered", () => {
      const found = nextVersion(offered("1.34.1"), "1.32.4", "kubernetes", true);
      expect(found).to.deep.equal({
        kind: "nothing",
        problem:
          'cannot perform forceful update of expired version "1.32.4". No suitable version found in CloudProfile - this is most likely a misconfiguration of the CloudProfile',
      });
    });
  });

  describe("machine images", () => {
    it("patch: stays in the minor", () => {
      expect(next("1.2.0", "patch", false, "1.2.0", "1.2.3", "1.3.0", "2.0.0")).to.equal("1.2.3");
      expect(next("1.2.3", "patch", false, "1.2.3", "1.3.0", "2.0.0")).to.equal("latest");
    });

    it("minor: a patch of the minor first, then the highest of the major", () => {
      expect(next("1.2.0", "minor", false, "1.2.0", "1.2.3", "1.3.0", "2.0.0")).to.equal("1.2.3");
      expect(next("1.2.3", "minor", false, "1.2.3", "1.3.0", "1.4.1", "2.0.0")).to.equal("1.4.1");
    });

    it("major: a patch of the minor first, then the highest of all", () => {
      expect(next("1.2.0", "major", false, "1.2.0", "1.2.3", "2.0.0")).to.equal("1.2.3");
      expect(next("1.2.3", "major", false, "1.2.3", "1.4.1", "3.0.0")).to.equal("3.0.0");
    });

    it("patch by force: the next minor that exists", () => {
      expect(next("1.2.0", "patch", true, "1.2.0 expired", "1.4.0", "1.4.2", "1.5.0", "2.0.0")).to.equal(
        "1.4.2",
      );
    });

    it("patch by force: an expired next minor is not skipped", () => {
      expect(next("1.2.0", "patch", true, "1.2.0 expired", "1.3.7 expired", "1.4.2")).to.equal("1.3.7");
    });

    it("patch by force: a minor of another major counts as skipped, as in Gardener", () => {
      expect(next("1.2.0", "patch", true, "1.2.0 expired", "1.5.0", "1.5.1 expired", "2.3.0")).to.equal(
        "1.5.1",
      );
      expect(next("1.2.0", "patch", true, "1.2.0 expired", "1.5.0", "1.5.1 expired", "2.6.0")).to.equal(
        "1.5.0",
      );
    });

    it("minor by force: the next major that exists, its highest version", () => {
      expect(next("1.2.0", "minor", true, "1.2.0 expired", "3.0.0", "3.1.0", "4.0.0")).to.equal("3.1.0");
      expect(next("1.2.0", "minor", true, "1.2.0 expired", "2.1.0 expired", "3.1.0")).to.equal("2.1.0");
    });

    it("major by force: there is no next version", () => {
      expect(next("2.0.0", "major", true, "1.2.0", "2.0.0 expired")).to.equal("nothing");
    });

    it("any strategy updates 0.0.0 to the highest of all, as Gardener does", () => {
      expect(next("0.0.0", "patch", false, "0.0.0", "0.0.2", "1.2.0", "2.2.1")).to.equal("2.2.1");
    });

    it("reads versions of two parts", () => {
      expect(next("27.0", "minor", false, "27.0", "27.1", "28.0")).to.equal("27.1");
    });
  });

  it("never chooses a lower version or a preview", () => {
    const part = fc.integer({ min: 0, max: 3 });
    const version = fc.tuple(part, part, part).map((parts) => parts.join("."));
    const classification = fc.constantFrom<Classification>(
      "preview",
      "supported",
      "deprecated",
      "expired",
      "unavailable",
    );
    const candidate = fc.record({ version, classification });
    const strategy = fc.constantFrom<Strategy>("kubernetes", "patch", "minor", "major");
    fc.assert(
      fc.property(
        fc.uniqueArray(candidate, { selector: (one) => one.version }),
        version,
        strategy,
        fc.boolean(),
        (all, current, by, expired) => {
          const found = nextVersion(all, current, by, expired);
          if (found.kind !== "version") return;
          expect(found.version.localeCompare(current)).to.be.greaterThan(0);
          expect(all.find((one) => one.version === found.version)?.classification).not.to.equal("preview");
        },
      ),
    );
  });
});
