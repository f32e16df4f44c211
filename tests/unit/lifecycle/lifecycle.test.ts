import { expect } from "chai";
import { check, create, read, remove, update } from "../../../provider/lifecycle";
import { aPool, aShoot } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";
import { adopt, minor, patch, request } from "./declared";

describe("the lifecycle", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    context = aContext(garden);
  });

  /** A stack in which the Shoot was adopted, in a new process. */
  async function adopted(declaration: object) {
    const stack = await adopt(context, declaration);
    context = aContext(garden);
    return stack;
  }

  describe("adoption", () => {
    it("has the spec versions as the target", async () => {
      const { inputs, failures } = await check(context, {}, request(minor));
      expect(failures).to.deep.equal([]);
      expect(inputs).to.deep.equal({
        shoot: "garden-demo/web",
        shootUid: aShoot().uid,
        kubernetesVersion: "1.33.4",
        workers: {
          "pool-a": {
            kubernetesVersion: "1.33.4",
            machineImage: { name: "gardenlinux", version: "1592.10.0" },
          },
        },
      });
    });

    it("writes nothing, requests no dry run and reports what is pending", async () => {
      const { state } = await adopted(minor);
      expect(garden.writes).to.deep.equal([]);
      expect(garden.dryRuns).to.deep.equal([]);
      expect(state.state).to.equal("pending");
      expect(state.target.kubernetesVersion).to.equal("1.34.3");
      expect(state.kubernetesVersion).to.equal("1.33.4");
    });

    it('performs at once with adopt: "upgrade"', async () => {
      const { state } = await adopted({ ...minor, adopt: "upgrade" });
      expect(garden.writes).to.have.length(1);
      expect(state).to.include({ kubernetesVersion: "1.34.3", state: "upToDate" });
    });

    for (const adopt of ["observe", "upgrade"]) {
      it(`refuses a cluster that was created again since the check, with adopt: "${adopt}"`, async () => {
        const { inputs } = await check(context, {}, request({ ...minor, adopt }));
        garden.shoot = aShoot({ uid: "another" });
        const error = await create(context, inputs).catch((thrown: unknown) => thrown);
        expect(error).to.include({ code: "GU052" });
        expect(garden.writes).to.deep.equal([]);
      });
    }

    it("is repeated when the program names another Shoot", async () => {
      const { inputs } = await adopted(patch);
      const result = await check(context, { ...inputs, shoot: "garden-demo/old" }, request(minor));
      expect(result.inputs).to.include({ kubernetesVersion: "1.33.4" });
    });
  });

  describe("update", () => {
    it("performs what was checked in one write", async () => {
      const { inputs, state } = await adopted(minor);
      const checked = await check(context, inputs, request(minor, { preview: false }));
      const { outs } = await update(context, state, checked.inputs);
      expect(garden.writes).to.have.length(1);
      expect(garden.writes[0]).to.deep.include({ kubernetesVersion: "1.34.3" });
      expect(outs).to.deep.include({ kubernetesVersion: "1.34.3", state: "upToDate" });
    });

    it("writes nothing in a process that has checked no plan", async () => {
      const { inputs, state } = await adopted(minor);
      const checked = await check(context, inputs, request(minor, { preview: false }));
      context = aContext(garden);
      const error = await update(context, state, checked.inputs).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "GU038" });
      expect(garden.writes).to.deep.equal([]);
    });

    it("does nothing when Gardener has reached the target meanwhile", async () => {
      const { inputs, state } = await adopted(patch);
      const checked = await check(context, inputs, request(patch, { preview: false }));
      garden.shoot = aShoot({ kubernetesVersion: "1.33.9" });
      const { outs } = await update(context, state, checked.inputs);
      expect(garden.writes).to.deep.equal([]);
      expect(outs.kubernetesVersion).to.equal("1.33.9");
    });

    it("refuses a step more than was checked", async () => {
      const { inputs, state } = await adopted({
        kubernetes: { version: "1.33" },
        machineImage: { version: "1592.10.0" },
      });
      const checked = await check(
        context,
        inputs,
        request({ kubernetes: { version: "1.33" }, machineImage: { version: "1592.10.0" } }),
      );
      garden.shoot = aShoot({
        workers: [aPool({ machineImage: { name: "gardenlinux", version: "1443.3.0" } })],
      });
      const error = await update(context, state, checked.inputs).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "GU038" });
      expect(garden.writes).to.deep.equal([]);
    });

    it("refuses another cluster under the same name", async () => {
      const { inputs, state } = await adopted(minor);
      const checked = await check(context, inputs, request(minor));
      garden.shoot = aShoot({ uid: "another" });
      const error = await update(context, state, checked.inputs).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "GU052" });
      expect(garden.writes).to.deep.equal([]);
    });
  });

  describe("read", () => {
    it("returns the spec versions as outputs and as inputs", async () => {
      const { state } = await adopted(patch);
      garden.shoot = aShoot({ kubernetesVersion: "1.33.9" });
      const result = await read(context, "garden-demo/web", state);
      expect(result.props).to.deep.include({ kubernetesVersion: "1.33.9", state: "upToDate" });
      expect(result.inputs).to.deep.include({ kubernetesVersion: "1.33.9" });
    });

    it("leaves what is not managed marked as such in the inputs", async () => {
      const { state } = await adopted(patch);
      const { inputs } = await read(context, "garden-demo/web", state);
      expect(inputs?.workers["pool-a"]?.machineImage.version).to.equal("unmanaged");
    });

    it("removes a Shoot from state that does not exist any more", async () => {
      const { state } = await adopted(patch);
      garden.shoot = undefined;
      expect(await read(context, "garden-demo/web", state)).to.deep.equal({ id: "" });
    });

    it("refuses another cluster under the same name, since an adoption of it could write", async () => {
      const { state } = await adopted(patch);
      garden.shoot = aShoot({ uid: "another" });
      const error = await read(context, "garden-demo/web", state).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: "GU052" });
    });
  });

  it("stops managing without a request to the garden", async () => {
    garden.shoot = undefined;
    await remove();
    expect(garden.writes).to.deep.equal([]);
  });

  it("never returns undefined, which the engine's protocol cannot carry", async () => {
    const { inputs, state } = await adopted(patch);
    const checked = await check(context, inputs, request(patch));
    for (const value of [inputs, state, checked, await read(context, "garden-demo/web", state)]) {
      expect(holes(value)).to.deep.equal([]);
    }
  });
});

function holes(value: unknown, path = ""): string[] {
  if (value === undefined) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => holes(inner, `${path}.${key}`));
}
