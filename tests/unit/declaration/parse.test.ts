import { expect } from "chai";
import fc from "fast-check";
import { defaultRollout, parseDeclaration } from "../../../provider/declaration/parse";
import type { Declaration } from "../../../provider/model/declaration";
import type { Problem } from "../../../provider/model/problem";

const shoot = { project: "demo", name: "web" };
const kubernetes = { version: "1.34" };

function parsed(args: unknown): Declaration {
  const result = parseDeclaration(args, "web");
  if (result.kind === "problems") throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.declaration;
}

function problems(args: unknown): readonly Problem[] {
  const result = parseDeclaration(args, "web");
  return result.kind === "problems" ? result.problems : [];
}

function onlyProblem(args: unknown): Problem {
  const found = problems(args);
  expect(found.map(({ code, property }) => `${code} ${property ?? ""}`)).to.have.length(1);
  const [first] = found;
  if (first === undefined) throw new Error("no problem");
  return first;
}

describe("a declaration", () => {
  it("has documented defaults", () => {
    expect(parsed({ shoot, kubernetes })).to.deep.equal({
      shoot: { kind: "project", project: "demo", name: "web" },
      garden: {},
      kubernetes: { kind: "version", version: "1.34" },
      machineImage: undefined,
      workers: {},
      whenNewer: "warn",
      adopt: "observe",
      rollout: defaultRollout,
    });
  });

  it("names the Shoot by project, by namespace or by id", () => {
    expect(parsed({ shoot: { namespace: "garden-demo", name: "web" }, kubernetes }).shoot).to.deep.equal({
      kind: "namespace",
      namespace: "garden-demo",
      name: "web",
    });
    expect(parsed({ shoot: { id: "garden-demo/web" }, kubernetes }).shoot).to.deep.equal({
      kind: "namespace",
      namespace: "garden-demo",
      name: "web",
    });
  });

  for (const wrong of [
    {},
    { project: "a" },
    { project: "a", namespace: "b", name: "web" },
    { id: "a/b", name: "c" },
  ]) {
    it(`refuses to guess the Shoot from ${JSON.stringify(wrong)}`, () => {
      const { code, property, message } = onlyProblem({ shoot: wrong, kubernetes });
      expect([code, property]).to.deep.equal(["GU021", "shoot"]);
      expect(message).to.contain("{ project, name }").and.to.contain("{ namespace, name }");
    });
  }

  it("accepts a name alone, where the garden's location names the project", () => {
    expect(parsed({ shoot: { name: "web" }, kubernetes }).shoot).to.deep.equal({ kind: "name", name: "web" });
  });

  it("reads a place in Cleura Cloud, whole or in parts", () => {
    const place = { cloud: "public", region: "Sto2", projectId: "0123abcd" };
    expect(parsed({ shoot, kubernetes, garden: { cleura: place } }).garden).to.deep.equal({ cleura: place });
    expect(parsed({ shoot, kubernetes, garden: { cleura: {} } }).garden).to.deep.equal({ cleura: {} });
  });

  it("refuses a kubeconfig beside Cleura, and what cannot be part of an address there", () => {
    const both = onlyProblem({ shoot, kubernetes, garden: { cleura: {}, kubeconfig: "/garden.yaml" } });
    expect([both.code, both.property]).to.deep.equal(["GU021", "garden"]);
    const path = onlyProblem({ shoot, kubernetes, garden: { cleura: { region: "../Sto2" } } });
    expect([path.code, path.property]).to.deep.equal(["GU021", "garden.cleura.region"]);
    const unknown = onlyProblem({ shoot, kubernetes, garden: { cleura: { project: "x" } } });
    expect([unknown.code, unknown.property]).to.deep.equal(["GU020", "garden.cleura.project"]);
  });

  it("reads which upgrades are to be prepared", () => {
    expect(parsed({ shoot, kubernetes, rollout: { prepare: "never" } }).rollout.prepare).to.equal("never");
    expect(onlyProblem({ shoot, kubernetes, rollout: { prepare: "patch" } }).property).to.equal(
      "rollout.prepare",
    );
  });

  it("reads channels", () => {
    const { kubernetes: desired } = parsed({ shoot, kubernetes: { channel: "patch" } });
    expect(desired).to.deep.equal({ kind: "channel", channel: "patch" });
  });

  it("reads timeouts as durations", () => {
    const { rollout } = parsed({
      shoot,
      kubernetes,
      rollout: { wait: false, progressDeadline: "1h30m", timeout: "2h" },
    });
    expect(rollout).to.deep.equal({
      wait: false,
      progressDeadlineMs: 5_400_000,
      timeoutMs: 7_200_000,
      prepare: "minor",
    });
  });

  it("accepts a version with a leading v", () => {
    expect(parsed({ shoot, kubernetes: { version: "v1.34.3" } }).kubernetes).to.deep.equal({
      kind: "version",
      version: "1.34.3",
    });
  });

  it("suggests the argument that was meant for an unknown one", () => {
    const problem = onlyProblem({ shoot, kubernetes, machineimage: { version: "1.2.3" } });
    expect(problem.code).to.equal("GU020");
    expect(problem.property).to.equal("machineimage");
    expect(problem.message).to.contain('did you mean "machineImage"?').and.to.contain('"web"');
  });

  it("finds an unknown argument at any depth", () => {
    expect(onlyProblem({ shoot, kubernetes, rollout: { progresDeadline: "1h" } }).property).to.equal(
      "rollout.progresDeadline",
    );
    expect(
      onlyProblem({ shoot, workers: { "pool-a": { image: {}, machineImage: { version: "1" } } } }).property,
    ).to.equal('workers["pool-a"].image');
  });

  it("reports all problems at once", () => {
    const codes = problems({
      shoot,
      kubernetes: { version: "latest" },
      whenNewer: "ignore",
      rollout: { wait: "yes" },
    });
    expect(codes.map(({ code }) => code)).to.have.members(["GU024", "GU021", "GU021"]);
  });

  for (const [found, given] of [
    ["both", { version: "1.34", channel: "patch" }],
    ["neither", {}],
  ] as const) {
    it(`wants exactly one of version and channel, not ${found}`, () => {
      const problem = onlyProblem({ shoot, kubernetes: given });
      expect([problem.code, problem.property]).to.deep.equal(["GU022", "kubernetes"]);
      expect(problem.message).to.contain(found);
    });
  }

  it("needs something to be declared", () => {
    expect(onlyProblem({ shoot }).code).to.equal("GU023");
    expect(onlyProblem({ shoot, workers: { "pool-a": {} } }).code).to.equal("GU023");
  });

  for (const version of ["latest", "1", "1.34.3.2", "1.x", ">=1.34"]) {
    it(`refuses "${version}" as a Kubernetes version`, () => {
      const problem = onlyProblem({ shoot, kubernetes: { version } });
      expect([problem.code, problem.property]).to.deep.equal(["GU024", "kubernetes.version"]);
      expect(problem.message).to.contain(version).and.to.contain('"1.34"');
    });
  }

  it("explains how to write a version that was given as a number", () => {
    const problem = onlyProblem({ shoot, kubernetes: { version: 1.34 } });
    expect([problem.code, problem.property]).to.deep.equal(["GU021", "kubernetes.version"]);
    expect(problem.message).to.contain('"1.34"');
  });

  for (const progressDeadline of ["soon", "-5m", "5", "1s", "30d", ""]) {
    it(`refuses "${progressDeadline}" as a progress deadline`, () => {
      const problem = onlyProblem({ shoot, kubernetes, rollout: { progressDeadline } });
      expect(problem.property).to.equal("rollout.progressDeadline");
    });
  }

  for (const [progressDeadline, ms] of [
    ["1m", 60_000],
    ["7d", 7 * 86_400_000],
  ] as const) {
    it(`takes ${progressDeadline} as a progress deadline: it is a limit of what is allowed`, () => {
      const { rollout } = parsed({ shoot, kubernetes, rollout: { progressDeadline } });
      expect(rollout.progressDeadlineMs).to.equal(ms);
    });
  }

  it("requires a unit for a timeout that is a number", () => {
    const problem = onlyProblem({ shoot, kubernetes, rollout: { timeout: 45 } });
    expect([problem.code, problem.property]).to.deep.equal(["GU025", "rollout.timeout"]);
    expect(problem.message).to.contain("45 has no unit");
  });

  it("takes null for what is not given, as other languages write it", () => {
    const absent = {
      kubernetes: null,
      machineImage: null,
      workers: null,
      garden: null,
      whenNewer: null,
      adopt: null,
    };
    expect(onlyProblem({ shoot, ...absent }).code).to.equal("GU023");
    expect(onlyProblem({ shoot, workers: { "pool-a": { machineImage: null } } }).code).to.equal("GU023");
    expect(
      parsed({
        shoot,
        ...absent,
        kubernetes,
        rollout: { wait: null, prepare: null, progressDeadline: null, timeout: null },
      }),
    ).to.deep.equal(parsed({ shoot, kubernetes }));
  });

  it("shows how to write a version that was given without its object", () => {
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
    it(`takes "${version}" as a machine image version`, () => {
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

  it("holds what is declared for single pools, by their names", () => {
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

  it("holds whatever a pool is called", () => {
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

  it("has no second complaint about a pool whose machine image is wrong", () => {
    expect(onlyProblem({ shoot, workers: { gpu: { machineImage: { version: "latest" } } } }).code).to.equal(
      "GU024",
    );
    expect(onlyProblem({ shoot, workers: { gpu: { machineImage: { channel: "latest" } } } }).code).to.equal(
      "GU021",
    );
  });

  it("has no complaint of nothing declared beside another one", () => {
    expect(onlyProblem({ shoot, whenNewer: "ignore" }).property).to.equal("whenNewer");
  });

  it("never repeats a kubeconfig that was given instead of its path", () => {
    const problem = onlyProblem({
      shoot,
      kubernetes,
      garden: { kubeconfig: "apiVersion: v1\nusers: [{token: s3cr3t}]" },
    });
    expect(problem.property).to.equal("garden.kubeconfig");
    expect(problem.message).not.to.contain("s3cr3t");
    expect(problem.message).to.contain("pulumi config set --secret gardener:kubeconfig");
  });

  it("is never the cause of a crash, whatever a program passes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
        for (const args of [
          a,
          { shoot: a, kubernetes: b, machineImage: c },
          { shoot, workers: a, rollout: b, garden: c },
        ]) {
          expect(parseDeclaration(args, "web").kind).to.be.oneOf(["declaration", "problems"]);
        }
      }),
    );
  });
});
