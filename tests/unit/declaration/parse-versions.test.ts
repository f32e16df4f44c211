import { expect } from "chai";
import { onlyProblem, parsed, shoot } from "./parsed";

describe("a declaration", () => {
  it("reads channels", () => {
    const { kubernetes: declared } = parsed({ shoot, kubernetes: { channel: "patch" } });
    expect(declared).to.deep.equal({ kind: "channel", channel: "patch" });
  });

  it("accepts a version with a leading v", () => {
    expect(parsed({ shoot, kubernetes: { version: "v1.34.3" } }).kubernetes).to.deep.equal({
      kind: "version",
      version: "1.34.3",
    });
  });

  for (const [found, given] of [
    ["both", { version: "1.34", channel: "patch" }],
    ["neither", {}],
  ] as const) {
    it(`requires exactly one of version and channel, not ${found}`, () => {
      const problem = onlyProblem({ shoot, kubernetes: given });
      expect([problem.code, problem.property]).to.deep.equal(["GU022", "kubernetes"]);
      expect(problem.message).to.contain(found);
    });
  }

  for (const version of ["latest", "1", "1.34.3.2", "1.x", ">=1.34"]) {
    it(`refuses "${version}" as a Kubernetes version`, () => {
      const problem = onlyProblem({ shoot, kubernetes: { version } });
      expect([problem.code, problem.property]).to.deep.equal(["GU024", "kubernetes.version"]);
      expect(problem.message).to.contain(version).and.to.contain('"1.34"');
    });
  }

  it("shows how to write a version that is a number", () => {
    const problem = onlyProblem({ shoot, kubernetes: { version: 1.34 } });
    expect([problem.code, problem.property]).to.deep.equal(["GU021", "kubernetes.version"]);
    expect(problem.message).to.contain('"1.34"');
  });

  it("shows how to write a version without its object", () => {
    const problem = onlyProblem({ shoot, kubernetes: "1.34" });
    expect([problem.code, problem.property]).to.deep.equal(["GU021", "kubernetes"]);
    expect(problem.message).to.contain('kubernetes: { version: "1.34" }');
  });

  for (const version of [
    "1877",
    "1877.3",
    "1877.3.0",
    "20.04.20260101",
    "1.2.3-rc.1",
    "1.2.3-beta-2",
    "1.2+b_7",
  ]) {
    it(`accepts "${version}" as a machine image version`, () => {
      expect(parsed({ shoot, machineImage: { version } }).machineImage).to.deep.equal({
        kind: "version",
        version,
      });
    });
  }

  for (const version of [
    "latest",
    "x1877",
    "1877.x",
    "1.2.3.4",
    "1.2.3-",
    "1.2.3 ubuntu",
    "-1",
    "1.2.3-a/b",
    "1.2.3+a/b",
  ]) {
    it(`refuses "${version}" as a machine image version`, () => {
      const problem = onlyProblem({ shoot, machineImage: { version } });
      expect([problem.code, problem.property]).to.deep.equal(["GU024", "machineImage.version"]);
      expect(problem.message).to.contain('"1877.3.0"');
    });
  }

  it("keeps a v inside a version", () => {
    expect(parsed({ shoot, machineImage: { version: "v1.2.3-dev" } }).machineImage).to.deep.equal({
      kind: "version",
      version: "1.2.3-dev",
    });
  });

  it("contains the versions of single pools, by their names", () => {
    const { workers } = parsed({
      shoot,
      workers: {
        gpu: { machineImage: { version: "1592.14.0" } },
        "pool-a": { machineImage: { channel: "patch" } },
      },
    });
    expect(workers).to.deep.equal({
      gpu: { machineImage: { kind: "version", version: "1592.14.0" } },
      "pool-a": { machineImage: { kind: "channel", channel: "patch" } },
    });
  });

  it("contains a pool of any name", () => {
    const args: unknown = JSON.parse(
      '{ "shoot": { "id": "a/b" }, "workers": { "__proto__": { "machineImage": { "version": "1" } } } }',
    );
    expect(Object.keys(parsed(args).workers)).to.deep.equal(["__proto__"]);
  });

  for (const workers of ["pool-a", [], 1]) {
    it(`refuses ${JSON.stringify(workers)} for the worker pools`, () => {
      const problem = onlyProblem({ shoot, workers });
      expect([problem.code, problem.property]).to.deep.equal(["GU021", "workers"]);
    });
  }

  it("has no second problem for a pool whose machine image is invalid", () => {
    expect(onlyProblem({ shoot, workers: { gpu: { machineImage: { version: "latest" } } } }).code).to.equal(
      "GU024",
    );
    expect(onlyProblem({ shoot, workers: { gpu: { machineImage: { channel: "latest" } } } }).code).to.equal(
      "GU021",
    );
  });
});
