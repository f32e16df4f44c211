import { expect } from "chai";
import { check, create, diff, read, update } from "../../../provider/lifecycle";
import { UNKNOWN } from "../../../provider/lifecycle/state";
import { FIELD_MANAGER, HOLD_ANNOTATION } from "../../../provider/model/shoot";
import { aShoot, NOW } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";
import { urn } from "./declared";

const ID = "garden-demo/web";
const EARLIER = "2026-11-20T12:00:00.000Z";

describe("the completion of a rollout, and what waits for others", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    context = aContext(garden);
  });

  const request = (more: object, after: readonly string[] = [], preview = false) => ({
    declaration: { shoot: { id: ID }, kubernetes: { version: "1.33.4" }, ...more },
    run: { reportTo: urn, preview, after },
  });

  async function adopted(more: object = {}) {
    const { inputs } = await check(context, {}, request(more));
    const { outs } = await create(context, inputs);
    context = aContext(garden);
    return { inputs, outs };
  }

  async function updated(
    old: { inputs: unknown; outs: object },
    more: object,
    after: readonly string[] = [],
  ) {
    const { inputs } = await check(context, old.inputs, request(more, after));
    return { inputs, outs: (await update(context, old.outs, inputs)).outs };
  }

  const minor = { kubernetes: { version: "1.34" } };
  const texts = () => context.messages.map(({ message }) => message).join("\n");

  it("is at the moment of the adoption where the declared versions run", async () => {
    expect((await adopted()).outs.completedAt).to.equal(NOW.toISOString());
  });

  it("is empty while something is pending", async () => {
    expect((await adopted(minor)).outs.completedAt).to.equal("");
  });

  it("is when the rollout was verified, with its duration", async () => {
    const { outs } = await updated(await adopted(minor), minor);
    expect(outs.state).to.equal("upToDate");
    expect(new Date(outs.completedAt).getTime()).to.be.at.least(NOW.getTime());
    expect(outs.rolloutSeconds).to.be.a("number");
  });

  it("stays the same for as long as the versions do", async () => {
    const old = await adopted();
    const earlier = { ...old, outs: { ...old.outs, completedAt: EARLIER } };
    expect((await updated(earlier, {})).outs.completedAt).to.equal(EARLIER);
    expect((await read(context, ID, earlier.outs)).props?.completedAt).to.equal(EARLIER);
  });

  it("is empty after an earlier one while the Shoot is held", async () => {
    const old = await adopted();
    garden.shoot = aShoot({ annotations: { [HOLD_ANNOTATION]: "audit" } });
    const earlier = { ...old, outs: { ...old.outs, completedAt: EARLIER } };
    const held = await updated(earlier, minor);
    expect(held.outs).to.include({ state: "pending", completedAt: "" });
    expect((await read(context, ID, held.outs)).props?.completedAt).to.equal("");
  });

  it("is empty while the rollout is not awaited", async () => {
    const more = { ...minor, rollout: { wait: false } };
    expect((await updated(await adopted(more), more)).outs).to.include({
      state: "inProgress",
      completedAt: "",
    });
  });

  for (const [owners, name] of [
    [[{ manager: FIELD_MANAGER, operation: "Update", field: "spec.kubernetes.version" }], "by us"],
    [undefined, "by whom is not reported"],
  ] as const) {
    it(`is renewed where Gardener completes after a run that failed, written ${name}`, async () => {
      const old = await adopted();
      const earlier = { ...old.outs, completedAt: EARLIER };
      garden.shoot = aShoot({ kubernetesVersion: "1.34.3", owners });
      const { inputs } = await check(context, old.inputs, request(minor));
      expect(await diff(context, earlier, inputs)).to.deep.equal({ changes: true });
      const { outs } = await update(context, earlier, inputs);
      expect(new Date(outs.completedAt).getTime()).to.be.at.least(NOW.getTime());
      expect(garden.writes).to.deep.equal([]);
      expect(await diff(context, outs, inputs)).to.deep.equal({ changes: false });
    });
  }

  describe("of another Shoot", () => {
    const waiting = (after: string, soak?: string) => ({
      ...minor,
      rollout: { after: [after], ...(soak !== undefined && { soak }) },
    });

    it("is waited for: nothing is written, and the target stays pending", async () => {
      const more = waiting("");
      const { outs } = await updated(await adopted(more), more, ["canary"]);
      expect(garden.writes).to.deep.equal([]);
      expect(outs).to.include({ state: "pending", completedAt: "", kubernetesVersion: "1.33.4" });
      expect(outs.target.kubernetesVersion).to.equal("1.34.3");
      expect(texts()).to.contain(
        "[GU081] web: pending (after canary, whose rollout is not complete). Nothing was written",
      );
    });

    it("is waited for by an adoption that upgrades, too", async () => {
      const more = { ...waiting(""), adopt: "upgrade" };
      expect((await adopted(more)).outs).to.include({ state: "pending", completedAt: "" });
      expect(garden.writes).to.deep.equal([]);
    });

    it("lets the rollout start once it has soaked", async () => {
      const more = waiting(EARLIER, "24h");
      expect((await updated(await adopted(more), more)).outs.state).to.equal("upToDate");
      expect(garden.writes).to.have.length(1);
    });

    it("changes something in each preview for as long as it is waited for", async () => {
      const more = waiting("");
      const { inputs, outs } = await updated(await adopted(more), more);
      context = aContext(garden);
      const checked = await check(context, inputs, request(more));
      expect(await diff(context, outs, checked.inputs)).to.deep.equal({ changes: true });
    });

    it("need not be known in a preview, which shows the target", async () => {
      const { inputs } = await adopted(waiting(EARLIER, "24h"));
      const checked = await check(context, inputs, request(waiting(UNKNOWN, "24h"), ["canary"], true));
      expect(checked.inputs).to.include({ kubernetesVersion: "1.34.3" });
      expect(texts()).to.contain("web: Kubernetes 1.33.4 → 1.34.3 pending (1d after canary, whose");
    });

    it("need not be known as a whole list either", async () => {
      const more = { ...minor, rollout: { after: UNKNOWN, soak: "24h" } };
      expect((await check(context, {}, request(more, [], true))).inputs).to.include({ shoot: ID });
      expect(texts()).to.contain("pending (1d after another Shoot, whose rollout is not complete)");
    });
  });

  it("reports that the last rollout took longer than the window is open", async () => {
    const more = { ...minor, rollout: { when: "maintenanceWindow" } };
    const timeWindow = { begin: "110000+0000", end: "130000+0000" };
    garden.shoot = aShoot({ maintenance: { ...aShoot().maintenance, timeWindow } });
    const { inputs, outs } = await adopted(more);
    const checked = await check(context, inputs, request(more));
    await diff(context, { ...outs, rolloutSeconds: 2 * 3600 }, checked.inputs);
    expect(texts()).to.contain(
      "[GU082] web: the last rollout took 2h, and the maintenance window closes in 1h",
    );
  });
});
