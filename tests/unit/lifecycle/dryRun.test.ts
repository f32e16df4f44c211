import { expect } from "chai";
import { check, create, reportDryRun } from "../../../provider/lifecycle";
import { pending } from "../../../provider/plan";
import { aShoot } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const target = { kubernetesVersion: "1.33.9", workers: {} };

describe("a dry run that the component has made", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    context = aContext(garden);
  });

  const request = (dryRun?: unknown) => ({
    declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.33" } },
    run: { reportTo: urn, preview: true, found: JSON.stringify({ dryRun }) },
  });

  async function adopted(): Promise<unknown> {
    const { inputs } = await check(context, {}, request());
    await create(context, inputs);
    context = aContext(garden);
    garden.dryRuns.length = 0;
    return inputs;
  }

  /** The garden's result of the dry run of the component, made on the Shoot as it is then. */
  async function report() {
    const shoot = await garden.getShoot();
    const { inputs } = await check(aContext(garden), await adopted(), request());
    const version = "kubernetesVersion" in inputs ? inputs.kubernetesVersion : "";
    garden.dryRuns.length = 0;
    return reportDryRun(garden, pending({ ...target, kubernetesVersion: version }, shoot), shoot);
  }

  it("is not repeated by check", async () => {
    const olds = await adopted();
    const dryRun = await report();
    expect(garden.dryRuns).to.have.length(1);
    expect((await check(context, olds, request(dryRun))).failures).to.deep.equal([]);
    expect(garden.dryRuns).to.have.length(1);
  });

  it("fails check with the server's message where the server refused", async () => {
    const olds = await adopted();
    const made = await report();
    const dryRun = made && { ...made, outcome: { kind: "refused", message: "the version is not allowed" } };
    const { failures } = await check(context, olds, request(dryRun));
    expect(failures.map(({ reason }) => reason).join()).to.match(/^\[GU050\].*the version is not allowed/);
  });

  it("is repeated where the Shoot has changed since", async () => {
    const olds = await adopted();
    const dryRun = await report();
    garden.shoot = aShoot({ resourceVersion: "4711" });
    garden.dryRuns.length = 0;
    await check(context, olds, request(dryRun));
    expect(garden.dryRuns).to.have.length(1);
  });

  it("is repeated where it was made for another cluster", async () => {
    const olds = await adopted();
    const dryRun = await report();
    const other = dryRun && { ...dryRun, change: dryRun.change.replace(aShoot().uid, "another-uid") };
    garden.dryRuns.length = 0;
    await check(context, olds, request(other));
    expect(garden.dryRuns).to.have.length(1);
  });

  it("is repeated where the report cannot be read", async () => {
    const olds = await adopted();
    await check(context, olds, request({ change: 4, outcome: "accepted" }));
    expect(garden.dryRuns).to.have.length(1);
  });

  it("is none where nothing is pending", async () => {
    expect(await reportDryRun(garden, [], aShoot())).to.equal(undefined);
    expect(garden.dryRuns).to.deep.equal([]);
  });

  it("is not kept in the inputs", async () => {
    const { inputs } = await check(context, await adopted(), request(await report()));
    expect(Object.keys(inputs)).not.to.include("dryRun");
  });
});
