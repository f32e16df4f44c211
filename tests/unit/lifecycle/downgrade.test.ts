import { expect } from "chai";
import { check, create, diff, read, update } from "../../../provider/lifecycle";
import { FIELD_MANAGER, type Shoot } from "../../../provider/model/shoot";
import { aLastOperation, aPool, aShoot } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const ID = "garden-demo/web";

const running = (version: string, parts: Partial<Shoot> = {}): Shoot =>
  aShoot({ workers: [aPool({ machineImage: { name: "gardenlinux", version } })], ...parts });

const request = (preview = false) => ({
  declaration: {
    shoot: { id: ID },
    workers: {
      "pool-a": {
        machineImage: {
          version: "1592.14.0",
          allowDowngrade: { until: "2027-01-31", reason: "1877.3.0 loses the network" },
        },
      },
    },
    rollout: { wait: false },
  },
  run: { reportTo: urn, preview },
});

describe("a stack in which an image goes down", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    garden.shoot = running("1877.3.0");
    context = aContext(garden);
  });

  async function adopted() {
    const { inputs } = await check(context, {}, request());
    const { outs } = await create(context, inputs);
    context = aContext(garden);
    return { inputs, state: outs };
  }

  it("adopts the pool as it runs, and is pending, also for a refresh", async () => {
    const { inputs, state } = await adopted();
    expect(inputs).to.have.nested.property("workers.pool-a.machineImage.version", "1877.3.0");
    expect(state.state).to.equal("pending");
    expect((await read(context, ID, state)).props).to.have.property("state", "pending");
    expect(garden.writes).to.deep.equal([]);
  });

  it("warns in the preview, and lets the inputs show it", async () => {
    const { inputs } = await adopted();
    const checked = await check(context, inputs, request(true));
    expect(checked.inputs).to.deep.include({ downgrades: ["pool-a"] });
    expect(context.messages.map(({ message }) => message).join("\n")).to.contain(
      "goes down to 1592.14.0 from 1877.3.0, allowed until 2027-01-31: 1877.3.0 loses the network",
    );
  });

  it("writes it in the next run, and nothing after that", async () => {
    const { inputs, state } = await adopted();
    const checked = await check(context, inputs, request());
    expect(await diff(context, state, checked.inputs)).to.deep.equal({});
    await update(context, state, checked.inputs);
    expect(garden.writes.map(({ workers }) => workers)).to.deep.equal([
      [{ name: "pool-a", machineImage: { name: "gardenlinux", version: "1592.14.0" } }],
    ]);
    context = aContext(garden);
    garden.shoot = running("1592.14.0");
    const again = await check(context, checked.inputs, request());
    expect(again.inputs).not.to.have.property("downgrades");
  });

  it("reports the lower version after a run that was killed when it had written it", async () => {
    const { inputs, state } = await adopted();
    const verified = { ...state, state: "upToDate" as const };
    garden.shoot = running("1592.14.0", {
      owners: [
        {
          manager: FIELD_MANAGER,
          operation: "Update",
          field: "spec.provider.workers[pool-a].machine.image.version",
        },
      ],
      lastOperation: aLastOperation({ state: "Succeeded", progress: 100 }),
    });
    const checked = await check(context, inputs, request());
    expect(await diff(context, verified, checked.inputs)).to.deep.equal({ changes: true });
    const { outs } = await update(context, verified, checked.inputs);
    expect(outs).to.have.nested.property("workers.pool-a.machineImage.version", "1592.14.0");
    expect(garden.writes).to.deep.equal([]);
  });
});
