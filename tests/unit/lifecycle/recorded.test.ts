import { expect } from "chai";
import { check, create, update } from "../../../provider/lifecycle";
import type { LifecycleContext } from "../../../provider/lifecycle";
import type { RolloutResult, RunSummary } from "../../../provider/lifecycle/runSummary";
import { HOLD_ANNOTATION } from "../../../provider/model/shoot";
import { aLastOperation, aShoot } from "../builders";
import { aNode } from "../rollout/fixtures";
import { aContext, FakeGarden } from "../support/fakeGarden";
import { urn } from "./declared";

describe("what an update or an adoption records for the run's summary", () => {
  let garden: FakeGarden;
  let recorded: RolloutResult[];

  beforeEach(() => {
    garden = new FakeGarden();
    recorded = [];
  });

  /** Of a new process. */
  function context(): LifecycleContext {
    const summary: RunSummary = {
      active: () => undefined,
      record: (_, result) => void recorded.push(result),
      expect: () => undefined,
      unchanged: () => Promise.resolve(),
      during: (_, task) => task(),
    };
    return { ...aContext(garden), summary };
  }

  const request = (more: object) => ({
    declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.33.4" }, ...more },
    run: { reportTo: urn, preview: false },
  });

  async function adopt(more: object = {}) {
    const one = context();
    const { inputs } = await check(one, {}, request(more));
    const { outs } = await create(one, inputs);
    return { inputs, outs };
  }

  async function upgrade(more: object): Promise<void> {
    const { inputs, outs } = await adopt(more);
    recorded = [];
    const one = context();
    await update(one, outs, (await check(one, inputs, request(more))).inputs);
  }

  it("is nothing for an adoption of what runs", async () => {
    await adopt();
    expect(recorded).to.deep.equal([]);
  });

  it("is in progress for an adoption while Gardener reconciles", async () => {
    garden.shoot = aShoot({ lastOperation: aLastOperation({ state: "Processing", progress: 40 }) });
    await adopt({ rollout: { wait: false } });
    expect(recorded).to.deep.equal([{ kind: "in progress" }]);
  });

  it("is pending for an adoption of a Shoot whose old nodes wait for its maintenance window", async () => {
    garden.shoot = aShoot({ maintenance: { ...aShoot().maintenance, confineSpecUpdateRollout: true } });
    garden.nodes = [aNode("node-0", { kubeletVersion: "1.32.4" })];
    await adopt();
    expect(recorded.map(({ kind }) => kind)).to.deep.equal(["pending"]);
  });

  it("is done for a rollout to the declared versions", async () => {
    await upgrade({ kubernetes: { version: "1.34" } });
    expect(recorded).to.deep.equal([{ kind: "done" }]);
  });

  it("is pending for a rollout after which minors are left", async () => {
    await upgrade({ kubernetes: { version: "1.35" }, rollout: { maxMinors: 1 } });
    expect(recorded).to.deep.equal([{ kind: "pending", detail: "further minors, by rollout.maxMinors" }]);
  });

  it("is held for a Shoot with a hold annotation", async () => {
    garden.shoot = aShoot({ annotations: { [HOLD_ANNOTATION]: "audit" } });
    await upgrade({ kubernetes: { version: "1.34" } });
    expect(recorded.map(({ kind }) => kind)).to.deep.equal(["held"]);
  });
});
