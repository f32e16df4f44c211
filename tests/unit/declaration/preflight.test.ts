import { expect } from "chai";
import { kubernetes, onlyProblem, parsed, shoot } from "./parsed";

const given = (preflight: unknown) => ({ shoot, kubernetes, preflight });
const waiver = { check: "drain", object: "shop/cart", until: "2027-01-31", reason: "by design" };

describe("preflight of a declaration", () => {
  it("has access, waivers and severities", () => {
    const preflight = { access: "admin", waivers: [waiver], severity: { drain: "info" } };
    expect(parsed(given(preflight)).preflight).to.deep.equal(preflight);
  });

  it("has waivers without an object", () => {
    const all = { check: "drain", until: "2027-01-31", reason: "by design" };
    expect(parsed(given({ waivers: [all] })).preflight.waivers).to.deep.equal([all]);
  });

  for (const [preflight, code, property, text] of [
    [{ acces: "admin" }, "GU020", "preflight.acces", 'did you mean "access"'],
    [{ access: "root" }, "GU021", "preflight.access", '"viewer" or "admin"'],
    [{ waivers: waiver }, "GU021", "preflight.waivers", "expected a list"],
    [
      { waivers: [{ ...waiver, check: "pdb" }] },
      "GU021",
      "preflight.waivers[0].check",
      '"podDisruptionBudget"',
    ],
    [
      { waivers: [{ ...waiver, until: "31.01.2027" }] },
      "GU028",
      "preflight.waivers[0].until",
      '"2027-01-31"',
    ],
    [
      { waivers: [{ ...waiver, until: "2027-02-30" }] },
      "GU028",
      "preflight.waivers[0].until",
      "is not a date",
    ],
    [{ waivers: [waiver, { ...waiver, reason: undefined }] }, "GU021", "preflight.waivers[1]", "reason"],
    [{ waivers: [{ ...waiver, reason: " " }] }, "GU021", "preflight.waivers[0].reason", "expected a text"],
    [{ severity: { drain: "none" } }, "GU021", "preflight.severity.drain", '"block", "warn" or "info"'],
    [{ severity: { all: "info" } }, "GU020", "preflight.severity.all", "unknown argument"],
  ] as const) {
    it(`refuses ${JSON.stringify(preflight)}`, () => {
      const problem = onlyProblem(given(preflight));
      expect(problem).to.deep.include({ code, property });
      expect(problem.message).to.contain(text);
    });
  }
});
