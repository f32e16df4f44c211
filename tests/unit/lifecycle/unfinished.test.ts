import { expect } from "chai";
import { check, create, diff, read, update } from "../../../provider/lifecycle";
import { FIELD_MANAGER, type LastOperation, type Shoot } from "../../../provider/model/shoot";
import { aLastOperation, aPool, aShoot } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const ID = "garden-demo/web";

const processing = aLastOperation({ state: "Processing", progress: 40 });
const failed = aLastOperation({ state: "Failed", progress: 54 });

/** The Shoot with 1.33.9 in its spec. */
function written(manager: string, lastOperation: LastOperation, parts: Partial<Shoot> = {}): Shoot {
  return aShoot({
    kubernetesVersion: "1.33.9",
    workers: [aPool()],
    owners: [{ manager, operation: "Update", field: "spec.kubernetes.version" }],
    lastOperation,
    ...parts,
  });
}

describe("a rollout that is not complete", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    context = aContext(garden);
  });

  const request = (more: object = {}) => ({
    declaration: { shoot: { id: ID }, kubernetes: { version: "1.33" }, ...more },
    run: { reportTo: urn, preview: false },
  });

  /** A stack that has adopted the Shoot at 1.33.4, seen by a new process. */
  async function adopted() {
    const { inputs } = await check(context, {}, request());
    const { outs } = await create(context, inputs);
    context = aContext(garden);
    return { inputs, state: outs };
  }

  async function differs(inputs: unknown, state: unknown, more: object = {}) {
    const checked = await check(context, inputs, request(more));
    return diff(context, state, checked.inputs);
  }

  for (const [name, operation] of Object.entries({ processing, failed })) {
    it(`is pending work for the next run when we began it: ${name}`, async () => {
      const { inputs, state } = await adopted();
      garden.shoot = written(FIELD_MANAGER, operation);
      expect(await differs(inputs, state)).to.deep.equal({});
    });

    it(`is not awaited when another client started it: ${name}`, async () => {
      const { inputs, state } = await adopted();
      garden.shoot = written("gardener-controller-manager", operation);
      expect(await differs(inputs, state)).to.deep.equal({ changes: false });
    });

    it(`is pending work for the next run when it is not reported who began it: ${name}`, async () => {
      const { inputs, state } = await adopted();
      garden.shoot = { ...written(FIELD_MANAGER, operation), owners: undefined };
      expect(await differs(inputs, state)).to.deep.equal({});
    });

    it(`stays visible to a refresh when we began it: ${name}`, async () => {
      const { inputs, state } = await adopted();
      garden.shoot = written(FIELD_MANAGER, operation);
      const refreshed = await read(context, ID, state);
      expect(refreshed.props).to.include({ kubernetesVersion: "1.33.4", state: "inProgress" });
      expect(refreshed.inputs).to.include({ kubernetesVersion: "1.33.4" });
      expect(await differs(refreshed.inputs, refreshed.props)).to.deep.equal({});
      expect(inputs).to.include({ kubernetesVersion: "1.33.4" });
    });

    it(`does not come back once it was confirmed, though the outputs may be older: ${name}`, async () => {
      const adoption = await adopted();
      const state = { ...adoption.state, state: "upToDate", completedAt: "2026-11-23T12:00:00.000Z" };
      garden.shoot = written(FIELD_MANAGER, aLastOperation());
      const confirmed = (await check(context, (await check(context, {}, request())).inputs, request()))
        .inputs;
      context = aContext(garden);
      garden.shoot = written(FIELD_MANAGER, operation);
      expect(await differs(confirmed, state)).to.deep.equal({ changes: false });
    });
  }

  it("fails the next run when the operation has failed for good", async () => {
    const { inputs, state } = await adopted();
    garden.shoot = written(FIELD_MANAGER, failed);
    const checked = await check(context, inputs, request());
    const error = await update(context, state, checked.inputs).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU053" });
    expect(garden.writes).to.deep.equal([]);
  });

  it("is no success of an adoption that was to upgrade and broke off", async () => {
    garden.shoot = written(FIELD_MANAGER, failed);
    const checked = await check(context, {}, request({ adopt: "upgrade" }));
    const error = await create(context, checked.inputs).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU053" });
  });

  it("is awaited to its end by an adoption that was to upgrade", async () => {
    garden.shoot = written(FIELD_MANAGER, processing);
    garden.completed = written(FIELD_MANAGER, aLastOperation());
    const checked = await check(context, {}, request({ adopt: "upgrade" }));
    const { outs } = await create(context, checked.inputs);
    expect(outs).to.include({ kubernetesVersion: "1.33.9", state: "upToDate" });
    expect(garden.writes).to.deep.equal([]);
  });

  it("is reported as in progress by an adoption that only observes", async () => {
    garden.shoot = written(FIELD_MANAGER, processing);
    const checked = await check(context, {}, request());
    expect((await create(context, checked.inputs)).outs.state).to.equal("inProgress");
  });

  it("is not waited for when the program does not wait", async () => {
    const { inputs, state } = await adopted();
    garden.shoot = written(FIELD_MANAGER, processing);
    expect(await differs(inputs, state, { rollout: { wait: false } })).to.deep.equal({ changes: false });
  });

  it("is awaited to its end where the version was not declared before", async () => {
    const { inputs, state } = await adopted();
    const image = { name: "gardenlinux", version: "1592.14.0" };
    garden.shoot = aShoot({
      workers: [aPool({ machineImage: image })],
      owners: [
        {
          manager: FIELD_MANAGER,
          operation: "Update",
          field: "spec.provider.workers[pool-a].machine.image.version",
        },
      ],
      lastOperation: failed,
    });
    const checked = await check(context, inputs, request({ machineImage: { version: "1592.14.0" } }));
    const error = await update(context, state, checked.inputs).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU053" });
  });

  it("is not called up to date by an adoption, whichever client started it", async () => {
    garden.shoot = written("gardener-controller-manager", processing);
    const checked = await check(context, {}, request({ adopt: "upgrade" }));
    expect((await create(context, checked.inputs)).outs.state).to.equal("inProgress");
  });

  it("is not called up to date by a refresh, whichever client started it", async () => {
    const { state } = await adopted();
    garden.shoot = written("gardener-controller-manager", processing);
    const { props } = await read(context, ID, state);
    expect(props).to.include({ kubernetesVersion: "1.33.4", state: "inProgress" });
  });

  it("has completed meanwhile: the next run renews the state and writes nothing", async () => {
    const { inputs, state } = await adopted();
    const old = { ...state, state: "inProgress" };
    garden.shoot = written(FIELD_MANAGER, aLastOperation());
    const checked = await check(context, inputs, request());
    expect(await diff(context, old, checked.inputs)).to.deep.equal({ changes: true });
    const { outs } = await update(context, old, checked.inputs);
    expect(outs.state).to.equal("upToDate");
    const again = await check(aContext(garden), checked.inputs, request());
    expect(await diff(aContext(garden), outs, again.inputs)).to.deep.equal({ changes: false });
    expect(garden.writes).to.deep.equal([]);
  });

  it("keeps what waits for its window pending, whatever else changes in the program", async () => {
    const { state } = await adopted();
    const maintenance = { ...aShoot().maintenance, confineSpecUpdateRollout: true };
    garden.shoot = written(FIELD_MANAGER, aLastOperation(), {
      maintenance,
      owners: [
        {
          manager: FIELD_MANAGER,
          operation: "Update",
          field: "spec.kubernetes.version",
          time: new Date("2026-11-23T11:00:00Z"),
        },
      ],
    });
    const checked = await check(context, state, request({ garden: { context: "demo" } }));
    const { outs } = await update(context, state, checked.inputs);
    expect(outs).to.include({ kubernetesVersion: "1.33.4", state: "pending" });
  });
});
