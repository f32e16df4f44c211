import { expect } from "chai";
import { onlyProblem, parsed, shoot } from "./parsed";

const allowDowngrade = { until: "2027-01-31", reason: "1877.3.0 loses the network" };
const given = (machineImage: unknown) => ({ shoot, workers: { gpu: { machineImage } } });

describe("allowDowngrade of a declaration", () => {
  it("stands beside the version of a worker pool", () => {
    expect(parsed(given({ version: "1592.14.0", allowDowngrade })).workers).to.deep.equal({
      gpu: { machineImage: { kind: "version", version: "1592.14.0" }, allowDowngrade },
    });
  });

  it("is not known beside the image of all pools, nor beside Kubernetes", () => {
    for (const [property, value] of [
      ["machineImage", { version: "1592.14.0", allowDowngrade }],
      ["kubernetes", { version: "1.33", allowDowngrade }],
    ] as const) {
      expect(onlyProblem({ shoot, [property]: value })).to.deep.include({
        code: "GU020",
        property: `${property}.allowDowngrade`,
      });
    }
  });

  for (const [more, code, property, text] of [
    [{ allowDowngrade: true }, "GU021", "workers.gpu.machineImage.allowDowngrade", '"until" or "reason"'],
    [{ allowDowngrade: {} }, "GU021", "workers.gpu.machineImage.allowDowngrade", "missing: until, reason"],
    [
      { allowDowngrade: { until: "2027-01-31" } },
      "GU021",
      "workers.gpu.machineImage.allowDowngrade",
      "missing: reason",
    ],
    [
      { allowDowngrade: { ...allowDowngrade, reason: " " } },
      "GU021",
      "workers.gpu.machineImage.allowDowngrade.reason",
      "expected a text",
    ],
    [
      { allowDowngrade: { ...allowDowngrade, until: "2027-02-30" } },
      "GU028",
      "workers.gpu.machineImage.allowDowngrade.until",
      "is not a date",
    ],
    [
      { allowDowngrade: { ...allowDowngrade, from: "1877.3.0" } },
      "GU020",
      "workers.gpu.machineImage.allowDowngrade.from",
      "unknown argument",
    ],
    [
      { version: undefined, channel: "major", allowDowngrade },
      "GU022",
      "workers.gpu.machineImage.allowDowngrade",
      "a channel never goes down",
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(more)}`, () => {
      const problem = onlyProblem(given({ version: "1592.14.0", ...more }));
      expect(problem).to.deep.include({ code, property });
      expect(problem.message).to.contain(text);
    });
  }
});
