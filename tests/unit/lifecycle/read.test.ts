import { expect } from "chai";
import { check, create, read } from "../../../provider/lifecycle";
import type { Code } from "../../../provider/model/codes";
import { UserError } from "../../../provider/model/problem";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const ID = "garden-demo/web";

describe("a refresh that cannot read the Shoot", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    context = aContext(garden);
  });

  async function adopted() {
    const { inputs } = await check(
      context,
      {},
      {
        declaration: { shoot: { id: ID }, kubernetes: { version: "1.33" } },
        run: { reportTo: "urn:pulumi:dev::stack::gardener:index:ShootVersions::web", preview: false },
      },
    );
    return (await create(context, inputs)).outs;
  }

  it("removes the resource where the garden reports that there is no such Shoot", async () => {
    const state = await adopted();
    garden.getShoot = () => Promise.reject(new UserError("GU010", "there is no Shoot garden-demo/web"));
    expect(await read(context, ID, state)).to.deep.equal({ id: "" });
  });

  const codes: readonly Code[] = ["GU002", "GU005", "GU006", "GU007", "GU008", "GU009", "GU011", "GU013"];
  for (const code of codes) {
    it(`fails, and keeps the resource, for any other error of the garden: ${code}`, async () => {
      const state = await adopted();
      garden.getShoot = () => Promise.reject(new UserError(code, "the garden cannot answer"));
      const error = await read(context, ID, state).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UserError).that.includes({ code });
    });
  }

  it("fails where the garden's credentials are not found", async () => {
    const state = await adopted();
    const unauthorized = new UserError("GU002", "no kubeconfig");
    const without = { ...context, garden: () => Promise.reject(unauthorized) };
    const error = await read(without, ID, state).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError).that.includes({ code: "GU002" });
  });

  it("fails for an error that is no report of the garden", async () => {
    const state = await adopted();
    garden.getShoot = () => Promise.reject(new TypeError("a defect"));
    const error = await read(context, ID, state).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(TypeError);
  });
});
