import { expect } from "chai";
import { check, create, update } from "../../../provider/lifecycle";
import { UserError } from "../../../provider/model/problem";
import { HOLD_ANNOTATION } from "../../../provider/model/shoot";
import { aShoot } from "../builders";
import { aHost, FakeGarden } from "./fakes";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const minor = { shoot: { namespace: "garden-demo", name: "web" }, kubernetes: { version: "1.34" } };
const request = (declaration: object) => ({ declaration, reportTo: urn, preview: false });

describe("update", () => {
  it("writes nothing where no plan was checked in this process", async () => {
    const garden = new FakeGarden();
    const context = aHost(garden);
    const adopted = await check(context, {}, request(minor));
    const { outs } = await create(context, adopted.inputs);
    const checked = await check(aHost(garden), adopted.inputs, request(minor));
    const error = await update(aHost(garden), outs, checked.inputs).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: "GU038" });
    expect(garden.writes).to.deep.equal([]);
  });

  it("leaves a Shoot under hold pending, without a failure", async () => {
    const garden = new FakeGarden();
    const adopted = await check(aHost(garden), {}, request(minor));
    const { outs } = await create(aHost(garden), adopted.inputs);
    garden.shoot = aShoot({ annotations: { [HOLD_ANNOTATION]: "" } });
    const host = aHost(garden);
    const checked = await check(host, adopted.inputs, request(minor));
    const updated = await update(host, outs, checked.inputs);
    expect(updated.outs).to.include({ kubernetesVersion: "1.33.4", state: "pending" });
    expect(updated.outs.target.kubernetesVersion).to.equal("1.34.3");
    expect(
      host.told
        .filter(({ severity }) => severity === "warning")
        .map(({ message }) => message)
        .join(),
    ).to.contain("[GU045]");
    expect(garden.writes).to.deep.equal([]);
  });
});

describe("an adoption that upgrades at once", () => {
  it("and fails says in a sentence of its own that the cluster is not adopted", async () => {
    const garden = new FakeGarden();
    garden.apply = () => Promise.reject(new UserError("GU013", "the answer makes no sense"));
    const host = aHost(garden);
    const checked = await check(host, {}, request({ ...minor, adopt: "upgrade" }));
    const refused = await create(host, checked.inputs).catch((thrown: unknown) => thrown);
    expect(refused)
      .to.have.property("message")
      .that.matches(/\. The cluster is not adopted yet\.$/);
  });
});
