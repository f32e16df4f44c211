import { expect } from "chai";
import { check, create, diff, read, remove, update } from "../../../provider/lifecycle";
import { aPool, aShoot } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const shoot = { namespace: "garden-demo", name: "web" };

function request(declaration: object, { preview = true, reportTo = urn } = {}) {
  return { declaration: { shoot, ...declaration }, reportTo, preview };
}

const patch = { kubernetes: { version: "1.33" } };
const minor = { kubernetes: { version: "1.34" }, machineImage: { version: "1877.3.0" } };

describe("the lifecycle", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    context = aContext(garden);
  });

  /** A stack in which the Shoot was adopted, seen by a new process. */
  async function adopted(declaration: object) {
    const checked = await check(context, {}, request(declaration));
    const { outs } = await create(context, checked.inputs);
    context = aContext(garden);
    return { inputs: checked.inputs, state: outs };
  }

  function reasons(result: { failures: readonly { reason: string }[] }): string {
    return result.failures.map(({ reason }) => reason).join("\n");
  }

  describe("adoption", () => {
    it("takes what runs as the target", async () => {
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
      it(`refuses a cluster that was made anew since the check, with adopt: "${adopt}"`, async () => {
        const { inputs } = await check(context, {}, request({ ...minor, adopt }));
        garden.shoot = aShoot({ uid: "another" });
        const error = await create(context, inputs).catch((thrown: unknown) => thrown);
        expect(error).to.include({ code: "GU052" });
        expect(garden.writes).to.deep.equal([]);
      });
    }

    it("happens anew when the program names another Shoot", async () => {
      const { inputs } = await adopted(patch);
      const result = await check(context, { ...inputs, shoot: "garden-demo/old" }, request(minor));
      expect(result.inputs).to.include({ kubernetesVersion: "1.33.4" });
    });
  });

  describe("a preview", () => {
    it("resolves the declaration and requests a dry run of exactly that", async () => {
      const { inputs } = await adopted(minor);
      const result = await check(context, inputs, request(minor));
      expect(result.inputs).to.include({ kubernetesVersion: "1.34.3" });
      expect(garden.dryRuns).to.have.length(1);
      expect(garden.dryRuns[0]).to.deep.include({ kubernetesVersion: "1.34.3", uid: aShoot().uid });
      expect(garden.writes).to.deep.equal([]);
    });

    it("reports the steps from the live Shoot, in the component's row", async () => {
      const { inputs } = await adopted(minor);
      await check(context, inputs, request(minor));
      const message = context.messages.find(({ severity }) => severity === "info");
      expect(message?.urn).to.equal(urn);
      expect(message?.message).to.contain(
        "Kubernetes 1.33.4 → 1.34.3 and gardenlinux 1592.10.0 → 1877.3.0 in one roll: pool-a, 3 nodes, 1 at a time",
      );
    });

    it("fails with the garden's message when it would refuse", async () => {
      const { inputs } = await adopted(minor);
      garden.dryRunResults.push({ kind: "refused", message: "spec.kubernetes.version: quota exceeded" });
      const result = await check(context, inputs, request(minor));
      expect(reasons(result)).to.contain("[GU050]").and.to.contain("quota exceeded");
    });

    it("warns that the server has not verified it where the user may not write", async () => {
      const { inputs } = await adopted(minor);
      garden.dryRunResults.push({ kind: "forbidden", message: 'User "ci" cannot patch resource "shoots"' });
      const result = await check(context, inputs, request(minor));
      expect(result.failures).to.deep.equal([]);
      const warning = context.messages.find(({ message }) => message.includes("GU043"));
      expect(warning).to.include({ severity: "warning", urn });
      expect(warning?.message).to.contain("cannot patch");
    });

    it("reads and plans again when the Shoot has changed meanwhile", async () => {
      const { inputs } = await adopted(minor);
      garden.dryRunResults.push({ kind: "conflict", message: "the object has been modified" });
      const result = await check(context, inputs, request(minor));
      expect(result.failures).to.deep.equal([]);
      expect(garden.dryRuns).to.have.length(2);
    });

    it("leaves what is not known yet alone", async () => {
      const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
      garden.shoot = undefined;
      const result = await check(
        context,
        {},
        request({ shoot: { namespace: unknown, name: "web" }, ...patch }),
      );
      expect(result).to.deep.equal({
        inputs: { shoot: unknown, shootUid: unknown, kubernetesVersion: unknown, workers: unknown },
        failures: [],
      });
      expect(await diff(context, {}, result.inputs)).to.deep.equal({});
    });

    it("names the property in the reason, never as property", async () => {
      const { failures } = await check(context, {}, request({ kubernetes: { version: "latest" } }));
      expect(failures).to.have.length(1);
      expect(failures[0]).to.include({ property: "" });
      expect(failures[0]?.reason).to.match(/^\[GU024\] kubernetes\.version: /);
    });

    it("refuses another cluster under the same name", async () => {
      const { inputs } = await adopted(patch);
      garden.shoot = aShoot({ uid: "another" });
      expect(reasons(await check(context, inputs, request(patch))))
        .to.contain("[GU052]")
        .and.to.contain("another");
    });

    it("adopts the Shoot of the same name in another garden", async () => {
      const { inputs, state } = await adopted(patch);
      garden.shoot = aShoot({ uid: "another" });
      const elsewhere = { ...patch, garden: { context: "elsewhere" } };
      const checked = await check(context, inputs, request(elsewhere));
      expect(checked.failures).to.deep.equal([]);
      expect(checked.inputs).to.include({ kubernetesVersion: "1.33.4", shootUid: "another" });
      expect(await diff(context, state, checked.inputs)).to.deep.include({ replaces: ["shootUid"] });
    });

    it("keeps messages out of a row that is none", async () => {
      await check(context, {}, request(patch, { reportTo: "web" }));
      expect(context.messages.map((message) => message.urn))
        .to.include("")
        .and.not.to.include("web");
    });

    it("refuses a minor of a hibernated Shoot", async () => {
      garden.shoot = aShoot({ hibernation: { enabled: true, hibernated: true } });
      expect(reasons(await check(context, {}, request(minor))))
        .to.contain("[GU044]")
        .and.to.contain("hibernated");
      expect((await check(context, {}, request(patch))).failures).to.deep.equal([]);
    });

    it("finds the same Shoot declared twice, through whichever kubeconfig, and names both", async () => {
      await check(context, {}, request(patch));
      const again = { ...patch, garden: { context: "demo" } };
      const second = await check(context, {}, request(again, { reportTo: urn.replace("::web", "::copy") }));
      expect(reasons(second)).to.contain("[GU026]").and.to.contain('"web"').and.to.contain('"copy"');
    });
  });

  describe("diff", () => {
    it("lets the engine name what differs when steps are pending", async () => {
      const { inputs, state } = await adopted(minor);
      const checked = await check(context, inputs, request(minor));
      expect(await diff(context, state, checked.inputs)).to.deep.equal({});
    });

    it("reports changes itself when steps are pending and the inputs are the old ones", async () => {
      const { state } = await adopted(minor);
      const first = await check(context, {}, request({ ...minor, adopt: "upgrade" }));
      const checked = await check(context, first.inputs, request(minor));
      expect(await diff(context, state, checked.inputs)).to.deep.equal({ changes: true });
    });

    it("finds nothing to do where nothing is pending", async () => {
      const { inputs, state } = await adopted({ kubernetes: { version: "1.33.4" } });
      const checked = await check(context, inputs, request({ kubernetes: { version: "1.33.4" } }));
      expect(await diff(context, state, checked.inputs)).to.deep.equal({ changes: false });
    });

    it("finds nothing to do after Gardener has moved the Shoot on by itself", async () => {
      const { inputs, state } = await adopted(patch);
      garden.shoot = aShoot({ kubernetesVersion: "1.33.9", workers: [aPool()] });
      const checked = await check(context, inputs, request(patch));
      expect(await diff(context, state, checked.inputs)).to.deep.equal({ changes: false });
    });

    it("replaces the resource, not the cluster, for another Shoot", async () => {
      const { inputs, state } = await adopted(patch);
      const other = { ...inputs, shoot: "garden-demo/other" };
      expect(await diff(context, state, other)).to.deep.equal({
        replaces: ["shoot"],
        deleteBeforeReplace: false,
      });
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
    it("returns what is live as outputs and as inputs", async () => {
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
