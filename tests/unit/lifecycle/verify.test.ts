import { expect } from "chai";
import type { WriteResult } from "../../../provider/garden/garden";
import { check, create } from "../../../provider/lifecycle";
import type { Change } from "../../../provider/model/plan";
import type { Shoot } from "../../../provider/model/shoot";
import { aShoot, everyCapability } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const request = (preview: boolean) => ({
  declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.34" } },
  run: { reportTo: urn, preview },
});

const conflict: WriteResult = { kind: "conflict", message: "the object has been modified" };

/** Another client changes the Shoot before the first dry run, which conflicts. */
class ChangedMeanwhile extends FakeGarden {
  constructor(private readonly changed: Shoot) {
    super();
  }

  override dryRun(change: Change): Promise<WriteResult> {
    if (this.dryRuns.length === 0) {
      this.shoot = this.changed;
      this.dryRunResults.push(conflict);
    }
    return super.dryRun(change);
  }
}

describe("the dry run of a plan", () => {
  let context: FakeContext;

  /** The preview of a stack that has adopted the Shoot. */
  async function preview(garden: FakeGarden) {
    const { inputs } = await check(aContext(garden), {}, request(false));
    await create(aContext(garden), inputs);
    context = aContext(garden);
    return check(context, inputs, request(true));
  }

  const messages = (severity: string) =>
    context.messages.filter((message) => message.severity === severity).map(({ message }) => message);

  for (const kind of ["conflict", "busy"] as const) {
    it(`is tried five times, then the plan is shown with a warning: ${kind}`, async () => {
      const garden = new FakeGarden();
      const result: WriteResult = { kind, message: "another operation is in progress" };
      garden.dryRunResults.push(...Array.from({ length: 8 }, () => result));
      const { failures, inputs } = await preview(garden);
      expect(garden.dryRuns).to.have.length(5);
      expect(failures).to.deep.equal([]);
      expect(inputs).to.include({ kubernetesVersion: "1.34.3" });
      expect(messages("info").join()).to.contain("Kubernetes 1.33.4 → 1.34.3");
      expect(messages("warning")).to.have.length(1);
      expect(messages("warning")[0])
        .to.contain("[GU043]")
        .and.to.contain("the garden has not verified this plan")
        .and.to.contain("another operation is in progress");
    });
  }

  it("that is accepted after four conflicts verifies the plan", async () => {
    const garden = new FakeGarden();
    garden.dryRunResults.push(conflict, conflict, conflict, conflict);
    expect((await preview(garden)).failures).to.deep.equal([]);
    expect(garden.dryRuns).to.have.length(5);
    expect(messages("warning")).to.deep.equal([]);
  });

  it("that conflicts is followed by one of the plan on the changed Shoot", async () => {
    const garden = new ChangedMeanwhile(aShoot({ resourceVersion: "1001", kubernetesVersion: "1.33.9" }));
    expect((await preview(garden)).failures).to.deep.equal([]);
    expect(garden.dryRuns.map(({ resourceVersion }) => resourceVersion)).to.deep.equal(["1000", "1001"]);
    expect(messages("info").join()).to.contain("Kubernetes 1.33.9 → 1.34.3");
  });

  it("fails check where the changed Shoot refuses the plan", async () => {
    const hibernated = aShoot({ hibernation: { enabled: true, hibernated: true } });
    const garden = new ChangedMeanwhile(hibernated);
    const { failures, inputs } = await preview(garden);
    expect(failures).to.have.length(1);
    expect(failures[0]?.reason).to.contain("[GU044]").and.to.contain("hibernated");
    expect(inputs).to.deep.equal({});
    expect(garden.dryRuns).to.have.length(1);
    expect(context.messages).to.deep.equal([]);
  });

  it("is not needed where the changed Shoot has reached the target", async () => {
    const garden = new ChangedMeanwhile(aShoot({ kubernetesVersion: "1.34.3" }));
    expect((await preview(garden)).failures).to.deep.equal([]);
    expect(garden.dryRuns).to.have.length(1);
    expect(messages("warning")).to.deep.equal([]);
  });

  it("that is accepted with warnings has each of them reported beside the plan", async () => {
    const garden = new FakeGarden();
    const warnings = ["The version is deprecated", "The pool has one zone"];
    garden.dryRunResults.push({ kind: "accepted", shoot: aShoot(), warnings });
    expect((await preview(garden)).failures).to.deep.equal([]);
    expect(messages("warning")).to.have.length(2);
    for (const [index, warning] of warnings.entries()) {
      expect(messages("warning")[index]).to.contain("[GU043]").and.to.contain(`the garden warns: ${warning}`);
    }
  });

  it("is not requested of a garden whose API has none, and the plan shows that", async () => {
    const garden = new FakeGarden();
    garden.capabilities = { ...everyCapability, dryRun: false };
    expect((await preview(garden)).failures).to.deep.equal([]);
    expect(garden.dryRuns).to.deep.equal([]);
    expect(messages("info").join()).to.contain("not verified by the garden, whose API has no dry run");
    expect(messages("warning")).to.deep.equal([]);
  });
});
