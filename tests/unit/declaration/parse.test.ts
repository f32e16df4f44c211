import { expect } from "chai";
import fc from "fast-check";
import { defaultRollout, parseDeclaration } from "../../../provider/declaration/parse";
import { kubernetes, onlyProblem, parsed, problems, shoot } from "./parsed";

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
      preflight: { access: "viewer", waivers: [], severity: {} },
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

  it("reads a Cleura location, complete or in part", () => {
    const cleura = { cloud: "public", region: "Sto2", projectId: "0123abcd" };
    expect(parsed({ shoot, kubernetes, garden: { cleura } }).garden).to.deep.equal({ cleura });
    expect(parsed({ shoot, kubernetes, garden: { cleura: {} } }).garden).to.deep.equal({ cleura: {} });
  });

  it("refuses a kubeconfig beside cleura, and values that cannot be part of a URL", () => {
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

  it("suggests the nearest argument for an unknown one", () => {
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

  it("is refused if it declares nothing", () => {
    expect(onlyProblem({ shoot }).code).to.equal("GU023");
    expect(onlyProblem({ shoot, workers: { "pool-a": {} } }).code).to.equal("GU023");
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
    it(`accepts ${progressDeadline} as a progress deadline: it is a limit of the range`, () => {
      const { rollout } = parsed({ shoot, kubernetes, rollout: { progressDeadline } });
      expect(rollout.progressDeadlineMs).to.equal(ms);
    });
  }

  it("requires a unit for a timeout that is a number", () => {
    const problem = onlyProblem({ shoot, kubernetes, rollout: { timeout: 45 } });
    expect([problem.code, problem.property]).to.deep.equal(["GU025", "rollout.timeout"]);
    expect(problem.message).to.contain("45 has no unit");
  });

  it("has no problem GU023 beside another one", () => {
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

  it("never throws, whatever a program passes", () => {
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
