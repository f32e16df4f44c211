import { expect } from "chai";
import { check, create, diff, update } from "../../../provider/lifecycle";
import { UserError } from "../../../provider/model/problem";
import { aMaintenance, aShoot } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";

describe("a rollout of a resource", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    context = aContext(garden);
  });

  const request = (more: object = {}) => ({
    declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.34" }, ...more },
    run: { reportTo: urn, preview: false },
  });

  async function adopted(more: object = {}) {
    const { inputs } = await check(context, {}, request(more));
    const { outs } = await create(context, inputs);
    return { inputs, outs };
  }

  async function updated(more: object = {}) {
    const { inputs, outs } = await adopted(more);
    context = aContext(garden);
    const checked = await check(context, inputs, request(more));
    return (await update(context, outs, checked.inputs)).outs;
  }

  it("reports what is pending when an adoption writes nothing", async () => {
    await adopted();
    expect(context.messages).to.deep.include({
      urn,
      severity: "info",
      message:
        "web: adopted, nothing was written. Pending for the next `pulumi up`: Kubernetes 1.33.4 → 1.34.3: pool-a, 3 nodes, 1 at a time",
    });
  });

  it("is not announced by an adoption with nothing pending", async () => {
    await adopted({ kubernetes: { version: "1.33.4" } });
    expect(context.messages).to.deep.equal([]);
  });

  it("shows its progress and its result in the component's row", async () => {
    await updated();
    const severities = context.messages.map(({ severity }) => severity);
    expect(severities).to.include("status").and.to.include("info");
    expect(new Set(context.messages.map((message) => message.urn))).to.deep.equal(new Set([urn]));
    for (const { message } of context.messages) expect(message).to.match(/^(\[1\/1\] )?web\b/);
  });

  it("that the program does not await ends in progress, with the versions from before", async () => {
    const outs = await updated({ rollout: { wait: false } });
    expect(outs).to.include({ state: "inProgress", kubernetesVersion: "1.33.4" });
    expect(garden.writes).to.have.length(1);
  });

  it("that waits for the maintenance window is pending, with the versions from before", async () => {
    garden.shoot = aShoot({ maintenance: aMaintenance({ confineSpecUpdateRollout: true }) });
    const outs = await updated();
    expect(outs).to.include({ state: "pending", kubernetesVersion: "1.33.4" });
  });

  it("writes nothing once the engine has ended", async () => {
    const { inputs, outs } = await adopted();
    const ended = new UserError("GU058", "The Pulumi engine has ended.");
    context = aContext(garden);
    const stopped = {
      ...context,
      engine: { ended: new AbortController().signal, assertRunning: () => Promise.reject(ended) },
    };
    const checked = await check(stopped, inputs, request());
    const error = await update(stopped, outs, checked.inputs).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU058" });
    expect(garden.writes).to.deep.equal([]);
  });

  it("of an adoption that fails for a reason of ours is not reworded", async () => {
    garden.apply = () => Promise.reject(new TypeError("a defect"));
    const { inputs } = await check(context, {}, request({ adopt: "upgrade" }));
    const error = await create(context, inputs).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(TypeError).with.property("message", "a defect");
  });

  it("is compared by the engine where another kubeconfig or another address is declared", async () => {
    const { inputs, outs } = await adopted({ kubernetes: { version: "1.33.4" } });
    const moved = await check(
      context,
      inputs,
      request({ kubernetes: { version: "1.33.4" }, garden: { context: "demo" } }),
    );
    expect(await diff(context, outs, moved.inputs)).to.deep.equal({});
    const found = { ...inputs, apiServer: { server: "https://api.example" } };
    expect(await diff(context, outs, found)).to.deep.equal({});
  });
});
