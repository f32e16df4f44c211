import { expect } from "chai";
import { check, create, update } from "../../../provider/lifecycle";
import { UserError } from "../../../provider/model/problem";
import { HOLD_ANNOTATION } from "../../../provider/model/shoot";
import { aShoot } from "../builders";
import { aContext, FakeGarden } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const minor = { shoot: { namespace: "garden-demo", name: "web" }, kubernetes: { version: "1.34" } };
const request = (declaration: object) => ({ declaration, run: { reportTo: urn, preview: false } });

describe("update", () => {
  it("writes nothing where no plan was checked in this process", async () => {
    const garden = new FakeGarden();
    const context = aContext(garden);
    const adopted = await check(context, {}, request(minor));
    const { outs } = await create(context, adopted.inputs);
    const checked = await check(aContext(garden), adopted.inputs, request(minor));
    const error = await update(aContext(garden), outs, checked.inputs).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU038" });
    expect(garden.writes).to.deep.equal([]);
  });

  it("leaves a Shoot under hold pending, without a failure", async () => {
    const garden = new FakeGarden();
    const adopted = await check(aContext(garden), {}, request(minor));
    const { outs } = await create(aContext(garden), adopted.inputs);
    garden.shoot = aShoot({ annotations: { [HOLD_ANNOTATION]: "" } });
    const context = aContext(garden);
    const checked = await check(context, adopted.inputs, request(minor));
    const updated = await update(context, outs, checked.inputs);
    expect(updated.outs).to.include({ kubernetesVersion: "1.33.4", state: "pending" });
    expect(updated.outs.target.kubernetesVersion).to.equal("1.34.3");
    expect(
      context.messages
        .filter(({ severity }) => severity === "warning")
        .map(({ message }) => message)
        .join(),
    ).to.contain("[GU045]");
    expect(garden.writes).to.deep.equal([]);
  });
});

describe("an adoption that upgrades at once", () => {
  it("and fails reports in a separate sentence that the cluster is not adopted", async () => {
    const garden = new FakeGarden();
    garden.apply = () => Promise.reject(new UserError("GU013", "the answer makes no sense"));
    const context = aContext(garden);
    const checked = await check(context, {}, request({ ...minor, adopt: "upgrade" }));
    const refused = await create(context, checked.inputs).catch((thrown: unknown) => thrown);
    expect(refused)
      .to.have.property("message")
      .that.matches(/\. The cluster is not adopted yet\.$/);
  });
});
