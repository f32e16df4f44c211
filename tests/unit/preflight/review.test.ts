import { expect } from "chai";
import fc from "fast-check";
import { FindingSeverity, PreflightCheck } from "../../../provider/model/enums";
import type {
  CheckResult,
  Finding,
  PreflightOptions,
  DeclaredWaiver,
} from "../../../provider/model/preflight";
import { blocking, review } from "../../../provider/preflight/review";
import { blockingProblems, preflightMessage, waiverProblems } from "../../../provider/preflight/report";
import { NOW } from "../builders";

const aFinding = (parts: Partial<Finding> = {}): Finding => ({
  check: "podDisruptionBudget",
  rule: "neverAllowed",
  severity: "block",
  object: { kind: "PodDisruptionBudget", name: "shop/cart" },
  related: [],
  found: "it allows no eviction at any time",
  why: "it covers pods on nodes that are drained",
  action: "raise the replicas",
  fingerprint: "0123456789abcdef",
  ...parts,
});

const aWaiver = (parts: Partial<DeclaredWaiver> = {}): DeclaredWaiver => ({
  check: "podDisruptionBudget",
  object: "shop/cart",
  until: "2026-11-23",
  reason: "moves in January",
  ...parts,
});

const reviewed = (findings: readonly Finding[], options: Partial<PreflightOptions> = {}) =>
  review({ checks: [], findings }, { waivers: [], severity: {}, ...options }, NOW);

describe("waivers and severities", () => {
  it("accept a finding until the end of their last day", () => {
    const { findings, expired } = reviewed([aFinding()], { waivers: [aWaiver()] });
    expect(findings[0]?.waiver).to.deep.equal({ until: "2026-11-23", reason: "moves in January" });
    expect([blocking(findings), expired]).to.deep.equal([[], []]);
  });

  it("have no effect afterwards, and are reported", () => {
    const waiver = aWaiver({ until: "2026-11-22" });
    const { findings, expired } = reviewed([aFinding()], { waivers: [waiver] });
    expect(blocking(findings)).to.have.length(1);
    expect(expired).to.deep.equal([waiver]);
  });

  it("accept all findings of a check where they name no object", () => {
    const other = aFinding({ object: { kind: "PodDisruptionBudget", name: "shop/other" } });
    const { findings } = reviewed([aFinding(), other], { waivers: [aWaiver({ object: undefined })] });
    expect(blocking(findings)).to.deep.equal([]);
  });

  it("are reported where they match nothing", () => {
    const waiver = aWaiver({ object: "shop/gone" });
    const { findings, unused } = reviewed([aFinding()], { waivers: [waiver] });
    expect(blocking(findings)).to.have.length(1);
    expect(unused).to.deep.equal([waiver]);
  });

  it("replace the severity of a check in both directions", () => {
    const note = aFinding({ check: "drain", severity: "info" });
    const { findings } = reviewed([aFinding(), note], {
      severity: { podDisruptionBudget: "info", drain: "block" },
    });
    expect(findings.map(({ check, severity }) => [check, severity])).to.deep.equal([
      ["drain", "block"],
      ["podDisruptionBudget", "info"],
    ]);
  });

  const check = fc.constantFrom(...Object.values(PreflightCheck));
  const severity = fc.constantFrom(...Object.values(FindingSeverity));
  const name = fc.constantFrom("shop/a", "shop/b", "c");
  const someFindings = fc.array(
    fc
      .record({ check, severity, object: fc.record({ kind: fc.constant("X"), name }) })
      .map((parts) => aFinding(parts)),
  );
  const day = fc.constantFrom("2026-11-22", "2026-11-23", "2027-01-31");
  const someWaivers = fc.array(
    fc
      .record({ check, until: day, reason: fc.constant("r") })
      .chain((waiver) => fc.option(name, { nil: undefined }).map((object) => ({ ...waiver, object }))),
  );
  const overrides = fc.dictionary(check, severity);

  it("neither add nor remove a finding, and change nothing but severity and waiver", () => {
    fc.assert(
      fc.property(someFindings, someWaivers, overrides, (findings, waivers, severities) => {
        const result = reviewed(findings, { waivers, severity: severities });
        const bare = ({ check: of, object, fingerprint }: Finding) =>
          JSON.stringify([of, object, fingerprint]);
        expect(result.findings.map(bare).sort()).to.deep.equal(findings.map(bare).sort());
      }),
    );
  });

  it("stop the upgrade exactly at findings that block and that no effective waiver matches", () => {
    fc.assert(
      fc.property(someFindings, someWaivers, overrides, (findings, waivers, severities) => {
        const effective = waivers.filter(({ until }) => until >= "2026-11-23");
        const expected = findings.filter(
          (finding) =>
            (severities[finding.check] ?? finding.severity) === "block" &&
            !effective.some(
              (waiver) =>
                waiver.check === finding.check &&
                (waiver.object === undefined || waiver.object === finding.object.name),
            ),
        );
        expect(blocking(reviewed(findings, { waivers, severity: severities }).findings)).to.have.length(
          expected.length,
        );
      }),
    );
  });

  it("sort by severity, what is waived last", () => {
    fc.assert(
      fc.property(someFindings, someWaivers, (findings, waivers) => {
        const order = ["block", "warn", "info"];
        const ranks = reviewed(findings, { waivers }).findings.map(
          ({ severity: level, waiver }) => order.indexOf(level) + (waiver === undefined ? 0 : 3),
        );
        expect(ranks).to.deep.equal([...ranks].sort((a, b) => a - b));
      }),
    );
  });
});

describe("the message of the preflight", () => {
  it("names what was found, why it matters and what to do, most severe first", () => {
    const note = aFinding({
      check: "drain",
      rule: "singleReplica",
      severity: "info",
      found: "it has one replica",
    });
    const message = preflightMessage("web", reviewed([note, aFinding()]));
    expect(message.split("\n")).to.deep.equal([
      "web: preflight: 1 blocking finding, 1 note",
      "  [GU070] block podDisruptionBudget: PodDisruptionBudget shop/cart: it allows no eviction at any time",
      "    it covers pods on nodes that are drained; raise the replicas",
      "  info drain: PodDisruptionBudget shop/cart: it has one replica",
    ]);
  });

  it("groups findings of one rule", () => {
    const findings = ["a", "b", "c", "d", "e"].map((name) => aFinding({ object: { kind: "Pod", name } }));
    expect(preflightMessage("web", reviewed(findings))).to.contain("Pod a, b, c and 2 more: it allows");
  });

  it("fits on a screen, and counts the rest", () => {
    const findings = Array.from({ length: 40 }, (_, index) => aFinding({ rule: `rule-${index}` }));
    const lines = preflightMessage("web", reviewed(findings)).split("\n");
    expect(lines.length).to.be.at.most(22);
    expect(lines.at(-1)).to.match(/and \d+ more kinds of findings/);
  });

  it("fits on a screen of 120 columns also with long lines, and has the most severe one in any case", () => {
    const wide = { found: "x".repeat(500), why: "y".repeat(500) };
    const findings = Array.from({ length: 40 }, (_, index) => aFinding({ rule: `rule-${index}`, ...wide }));
    const lines = preflightMessage("web", reviewed(findings)).split("\n");
    const rows = lines.reduce((total, line) => total + Math.ceil(line.length / 120), 0);
    expect(rows).to.be.within(10, 22);
    expect(lines.at(-1)).to.match(/and \d+ more kinds of findings/);
    const first = aFinding({ found: "x".repeat(4_000) });
    expect(preflightMessage("web", reviewed([first]))).to.contain("x".repeat(4_000));
  });

  it("shows what is waived, until when and why", () => {
    const message = preflightMessage("web", reviewed([aFinding()], { waivers: [aWaiver()] }));
    expect(message).to.contain("1 waived");
    expect(message).to.contain("(until 2026-11-23: moves in January)");
  });

  it("calls no check passed that is not visible", () => {
    const checks: CheckResult[] = [
      { check: "drain", outcome: "notVisible", notVisible: ["the right to list pods is missing"] },
      { check: "crd", outcome: "passed", notVisible: [] },
    ];
    const message = preflightMessage(
      "web",
      review({ checks, findings: [] }, { waivers: [], severity: {} }, NOW),
    );
    expect(message.split("\n")).to.deep.equal([
      "web: preflight: 1 check not visible in full",
      "  [GU072] not visible drain: the right to list pods is missing",
      "  passed: crd",
    ]);
  });

  it("has no number where nothing at all is visible", () => {
    const notVisible = ["the Shoot is hibernated"];
    const checks = Object.values(PreflightCheck).map((check): CheckResult => ({
      check,
      outcome: "notVisible",
      notVisible,
    }));
    const message = preflightMessage(
      "web",
      review({ checks, findings: [] }, { waivers: [], severity: {} }, NOW),
    );
    expect(message.split("\n")).to.deep.equal([
      "web: preflight: no check is visible",
      "  [GU072] not visible all checks: the Shoot is hibernated",
    ]);
  });

  it("stops the upgrade with the object, the reason, the next action and the waiver to write", () => {
    const [problem] = blockingProblems("garden-demo/web", reviewed([aFinding()]));
    expect(problem).to.deep.include({ code: "GU070", severity: "error" });
    expect(problem?.message).to.contain("PodDisruptionBudget shop/cart");
    expect(problem?.message).to.contain('check: "podDisruptionBudget", object: "shop/cart"');
  });

  it("warns of an expired waiver", () => {
    const problems = waiverProblems(
      "garden-demo/web",
      reviewed([], { waivers: [aWaiver({ until: "2026-11-22" })] }),
    );
    expect(problems.map(({ code, severity }) => [code, severity])).to.deep.equal([["GU073", "warning"]]);
  });
});
