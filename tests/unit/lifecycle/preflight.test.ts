import { expect } from "chai";
import { check, create, planOn, reportPreflight, update } from "../../../provider/lifecycle";
import { defaultPreflight } from "../../../provider/model/preflight";
import type { Shoot } from "../../../provider/model/shoot";
import type { ShootCluster } from "../../../provider/garden/garden";
import { rollOfAllNodes } from "../../../provider/preflight";
import { lists, readObjects } from "../../../provider/preflight/read";
import { aDeclaration, aShoot, NOW, version } from "../builders";
import { aBudget, cart, clusterOf, fill } from "../preflight/scene";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const minor = { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.34" } };
const waiver = {
  check: "podDisruptionBudget",
  object: "shop/cart",
  until: "2027-01-31",
  reason: "by design",
};

const noStatus = () => undefined;

describe("the preflight checks of a run", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    garden.nodes = [];
    context = aContext(garden);
  });

  const offend = () =>
    fill(garden, {
      ...cart,
      budgets: [aBudget({ spec: { maxUnavailable: 0 }, status: { disruptionsAllowed: 0 } })],
    });

  /** Adopted before, so that it is an update. */
  async function run(declaration: object, more: object = {}) {
    const request = { declaration: minor, run: { reportTo: urn, preview: true } };
    const adopted = aContext(new FakeGarden());
    const { inputs } = await check(
      adopted,
      {},
      { ...request, declaration: { shoot: minor.shoot, kubernetes: { version: "1.33.4" } } },
    );
    const { outs } = await create(adopted, inputs);
    const result = await check(context, inputs, {
      declaration,
      run: { ...request.run, ...more },
    });
    return { ...result, outs };
  }

  /** As a component does. */
  async function reportOn(shoot: Shoot) {
    const planned = await planOn(garden, aDeclaration({ kubernetes: version("1.34") }), shoot, NOW);
    return planned.kind === "plan"
      ? reportPreflight(garden, planned.plan.steps, shoot, defaultPreflight, new Date())
      : undefined;
  }

  const messages = () => context.messages.map(({ message }) => message).join("\n");

  it("show what they find under the plan", async () => {
    fill(garden, cart);
    expect((await run(minor)).failures).to.deep.equal([]);
    expect(messages()).to.contain("web: preflight: nothing found\n  passed: podDisruptionBudget, drain");
  });

  it("fail the preview at what blocks", async () => {
    offend();
    const { failures } = await run(minor);
    expect(failures.map(({ reason }) => reason.slice(0, 7))).to.deep.equal(["[GU070]"]);
    expect(failures[0]?.reason).to.contain("PodDisruptionBudget shop/cart");
  });

  it("do not fail it under a waiver", async () => {
    offend();
    const { failures } = await run({ ...minor, preflight: { waivers: [waiver] } });
    expect(failures).to.deep.equal([]);
    expect(messages()).to.contain("(until 2027-01-31: by design)");
  });

  it("fail it under an expired waiver, which is reported", async () => {
    offend();
    const { failures } = await run({
      ...minor,
      preflight: { waivers: [{ ...waiver, until: "2026-11-22" }] },
    });
    expect(failures).to.have.length(1);
    expect(messages()).to.contain("[GU073]");
  });

  it("do not fail the preview of an adoption, which writes nothing", async () => {
    offend();
    const { failures } = await check(
      context,
      {},
      { declaration: minor, run: { reportTo: urn, preview: true } },
    );
    expect(failures).to.deep.equal([]);
    expect(messages()).to.contain("block podDisruptionBudget");
  });

  it("are not run where nothing is pending, or the Shoot is held", async () => {
    await run({ shoot: minor.shoot, kubernetes: { version: "1.33.4" } });
    garden.shoot = aShoot({ annotations: { "pulumi-gardener.io/hold": "" } });
    await run(minor);
    expect([garden.nodeReads, messages().includes("preflight")]).to.deep.equal([0, false]);
  });

  it("are not visible where the API cannot be read, and stop nothing", async () => {
    garden.nodes = undefined;
    expect((await run(minor)).failures).to.deep.equal([]);
    expect(messages()).to.contain("[GU072] not visible all checks: the Shoot has no API at the moment");
  });

  it("read nothing with an administrator's kubeconfig unless the program asks for it", async () => {
    garden.capabilities = { ...garden.capabilities, viewerKubeconfig: false };
    offend();
    await run(minor);
    expect(garden.nodeReads).to.equal(0);
    expect(messages()).to.contain('with preflight: { access: "admin" } one is used');
    const { failures } = await run({ ...minor, preflight: { access: "admin" } });
    expect([garden.nodeReads, failures.length]).to.deep.equal([1, 1]);
  });

  it("are run by the component for check", async () => {
    offend();
    const preflight = await reportOn(aShoot());
    const { failures } = await run(minor, { found: JSON.stringify({ preflight }) });
    expect([garden.nodeReads, failures.length]).to.deep.equal([1, 1]);
  });

  it("are run by check where the component's are of another state of the Shoot", async () => {
    offend();
    const preflight = await reportOn(aShoot({ resourceVersion: "999" }));
    await run(minor, { found: JSON.stringify({ preflight }) });
    expect(garden.nodeReads).to.equal(2);
  });

  it("are run by check where the component's are malformed", async () => {
    offend();
    const { failures } = await run(minor, {
      found: JSON.stringify({ preflight: { of: "x", result: { checks: [{}], findings: 1 } } }),
    });
    expect(failures).to.have.length(1);
  });

  it("run again before the first write, and stop it", async () => {
    fill(garden, cart);
    const { inputs, outs } = await run(minor, { preview: false });
    offend();
    let failure: unknown;
    try {
      await update(context, outs, inputs);
    } catch (error) {
      failure = error;
    }
    expect(failure).to.include({ code: "GU070" });
    expect(String(failure)).to.contain("Nothing was written.");
    expect(garden.writes).to.deep.equal([]);
  });

  it("stop it under a waiver that has expired since the preview", async () => {
    offend();
    const { failures, inputs, outs } = await run(
      { ...minor, preflight: { waivers: [{ ...waiver, until: "2026-11-23" }] } },
      { preview: false },
    );
    expect(failures).to.deep.equal([]);
    const nextDay = { ...context, clock: { ...context.clock, now: () => new Date("2026-11-24T00:00:00Z") } };
    expect(await update(nextDay, outs, inputs).catch((thrown: unknown) => thrown)).to.include({
      code: "GU070",
    });
    expect(garden.writes).to.deep.equal([]);
  });

  it("let other Shoots be upgraded where they stop one: its rollout has not failed", async () => {
    fill(garden, cart);
    const { inputs, outs } = await run(minor, { preview: false });
    offend();
    expect(await update(context, outs, inputs).catch((thrown: unknown) => thrown)).to.include({
      code: "GU070",
    });
    const other = context.rolloutLimiter.run("other", noStatus, () => Promise.resolve("started"));
    expect(await other).to.equal("started");
  });

  it("never read Secrets, whichever minors are on the way", async () => {
    const requested: string[] = [];
    const cluster = clusterOf({ metrics: "" });
    const recording: ShootCluster = {
      ...cluster,
      list: (request, signal) => {
        requested.push(request.path);
        return cluster.list(request, signal);
      },
      read: (path, signal) => {
        requested.push(path);
        return cluster.read(path, signal);
      },
    };
    const minors = Array.from({ length: 15 }, (_, index) => `1.${30 + index}`);
    const work = { ...rollOfAllNodes(aShoot()), minors, kubernetesVersion: "1.44.0" };
    await readObjects(recording, work, { metrics: true, signal: AbortSignal.timeout(10_000) });
    expect(requested).to.include.members([...Object.values(lists).map(({ path }) => path), "/metrics"]);
    expect(requested.filter((path) => /secret/i.test(path))).to.deep.equal([]);
  });
});
