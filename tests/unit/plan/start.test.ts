import { expect } from "chai";
import type { StartConditions } from "../../../provider/model/declaration";
import { startOf, startProblems } from "../../../provider/plan";
import { aMaintenance, aShoot } from "../builders";

const HOUR = 3_600_000;
const at = (text: string) => new Date(text);

const conditions = (parts: Partial<StartConditions>): StartConditions => ({
  after: [],
  soakMs: 0,
  when: "now",
  skipHibernated: false,
  ...parts,
});

const inWindow = (begin: string, end: string) =>
  aShoot({ maintenance: aMaintenance({ timeWindow: { begin, end } }) });

/** As in a message, or `open`. */
function start(parts: Partial<StartConditions>, now: string, shoot = aShoot()): string {
  const found = startOf(conditions(parts), shoot, at(now));
  return found.kind === "open" ? "open" : found.reason;
}

describe("the start of a rollout", () => {
  it("is open where nothing is declared", () => {
    expect(startOf(undefined, aShoot(), at("2026-12-01T09:00:00Z"))).to.deep.equal({ kind: "open" });
  });

  describe("after other rollouts", () => {
    const canary = { name: "canary", completedAt: at("2026-12-02T09:11:20Z") };

    it("waits for one that is not complete, and names it", () => {
      expect(start({ after: [{ name: "canary" }], soakMs: 24 * HOUR }, "2026-12-01T09:00:00Z")).to.equal(
        "1d after canary, whose rollout is not complete",
      );
    });

    it("waits for all of them", () => {
      expect(start({ after: [canary, { name: "other" }, {}] }, "2027-12-01T09:00:00Z")).to.equal(
        "after 2 other Shoots, whose rollouts are not complete",
      );
    });

    it("is open as soon as they are complete", () => {
      expect(start({ after: [canary] }, "2026-12-02T09:11:20Z")).to.equal("open");
    });

    it("waits for the soak time of the last one, to the next full minute", () => {
      const earlier = { name: "earlier", completedAt: at("2026-12-01T09:11:20Z") };
      const soak = { after: [earlier, canary], soakMs: 24 * HOUR };
      expect(start(soak, "2026-12-02T10:00:00Z")).to.equal("after canary, not before 2026-12-03 09:12 UTC");
      expect(start(soak, "2026-12-03T09:11:19Z")).not.to.equal("open");
      expect(start(soak, "2026-12-03T09:11:20Z")).to.equal("open");
    });

    it("is open with an empty list", () => {
      expect(start({ after: [] }, "2026-12-02T09:11:20Z")).to.equal("open");
    });
  });

  describe("not before a moment", () => {
    const parts = { notBefore: at("2026-12-05T22:00:00+01:00") };

    it("waits for it", () => {
      expect(start(parts, "2026-12-05T20:59:59Z")).to.equal("not before 2026-12-05 21:00 UTC");
      expect(start(parts, "2026-12-05T21:00:00Z")).to.equal("open");
    });
  });

  describe("in the maintenance window", () => {
    const shoot = inWindow("230000+0100", "010000+0100");
    const parts = { when: "maintenanceWindow" } as const;

    it("names the next opening, by its offset from UTC", () => {
      expect(start(parts, "2026-12-05T12:00:00Z", shoot)).to.equal(
        "in its maintenance window, not before 2026-12-05 22:00 UTC",
      );
    });

    it("is open over midnight, until the end of the window", () => {
      for (const now of ["2026-12-05T22:00:00Z", "2026-12-05T23:30:00Z"]) {
        const found = startOf(conditions(parts), shoot, at(now));
        expect(found).to.deep.equal({ kind: "open", until: at("2026-12-06T00:00:00Z") });
      }
    });

    it("is closed in its last quarter of an hour, in which Gardener begins nothing either", () => {
      expect(start(parts, "2026-12-05T23:44:59Z", shoot)).to.equal("open");
      expect(start(parts, "2026-12-05T23:45:00Z", shoot)).to.contain("not before 2026-12-06 22:00 UTC");
    });

    it("is open all day where begin and end are the same", () => {
      expect(start(parts, "2026-12-05T12:00:00Z", inWindow("220000+0000", "220000+0000"))).to.equal("open");
    });

    it("is that after the soak time and the moment", () => {
      const canary = { name: "canary", completedAt: at("2026-12-05T23:00:00Z") };
      const all = { ...parts, after: [canary], soakMs: 24 * HOUR, notBefore: at("2026-12-05T23:00:00Z") };
      expect(start(all, "2026-12-05T22:30:00Z", shoot)).to.equal(
        "after canary, in its maintenance window, not before 2026-12-06 23:00 UTC",
      );
      const late = { ...canary, completedAt: at("2026-12-05T23:50:00Z") };
      expect(start({ ...all, after: [late] }, "2026-12-06T22:30:00Z", shoot)).to.contain(
        "not before 2026-12-07 22:00 UTC",
      );
    });

    it("is a problem where the Shoot has none that can be used", () => {
      const [problem] = startProblems(conditions(parts), inWindow("22:00", "23:00"));
      expect(problem).to.include({ code: "GU080", severity: "error", property: "rollout.when" });
      expect(problem?.message).to.contain("found 22:00 to 23:00");
      const none = aShoot({ maintenance: aMaintenance({ timeWindow: undefined }) });
      expect(startProblems(conditions(parts), none)[0]?.message).to.contain("found none");
      expect(startProblems(conditions(parts), shoot)).to.deep.equal([]);
      expect(startProblems(conditions({}), none)).to.deep.equal([]);
    });
  });

  it("waits for a hibernated Shoot only where the program says so", () => {
    const hibernated = aShoot({ hibernation: { enabled: true, hibernated: true } });
    expect(start({ skipHibernated: true }, "2026-12-05T12:00:00Z", hibernated)).to.equal(
      "the Shoot is hibernated (rollout.skipHibernated)",
    );
    expect(start({}, "2026-12-05T12:00:00Z", hibernated)).to.equal("open");
    expect(start({ skipHibernated: true }, "2026-12-05T12:00:00Z")).to.equal("open");
  });
});
