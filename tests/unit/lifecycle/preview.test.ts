import { expect } from "chai";
import { check, diff, update } from "../../../provider/lifecycle";
import { aPool, aShoot } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";
import { adopt, minor, patch, request, urn } from "./declared";

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

  function reasons(result: { failures: readonly { reason: string }[] }): string {
    return result.failures.map(({ reason }) => reason).join("\n");
  }

  describe("a preview", () => {
    it("resolves the declaration and requests a dry run of exactly that", async () => {
      const { inputs } = await adopted(minor);
      const result = await check(context, inputs, request(minor));
      expect(result.inputs).to.include({ kubernetesVersion: "1.34.3" });
      expect(garden.dryRuns).to.have.length(1);
      expect(garden.dryRuns[0]).to.deep.include({ kubernetesVersion: "1.34.3", uid: aShoot().uid });
      expect(garden.writes).to.deep.equal([]);
    });

    it("reports the steps from the Shoot as it is, in the component's row", async () => {
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

    it("does not resolve values that are not known yet", async () => {
      const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
      garden.shoot = undefined;
      const result = await check(
        context,
        {},
        request({ shoot: { namespace: unknown, name: "web" }, ...patch }),
      );
      expect(result).to.deep.equal({
        inputs: {
          shoot: unknown,
          shootUid: unknown,
          apiServer: unknown,
          kubernetesVersion: unknown,
          workers: unknown,
        },
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

    it("assigns no message to a row that does not exist", async () => {
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

    it("finds the same Shoot declared twice, through any kubeconfig, and names both", async () => {
      await check(context, {}, request(patch));
      const again = { ...patch, garden: { context: "demo" } };
      const second = await check(context, {}, request(again, { reportTo: urn.replace("::web", "::copy") }));
      expect(reasons(second)).to.contain("[GU026]").and.to.contain('"web"').and.to.contain('"copy"');
    });
  });

  describe("diff", () => {
    it("leaves the differences to the engine when steps are pending", async () => {
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

    it("finds nothing to do after Gardener has updated the Shoot by itself", async () => {
      const current = { kubernetes: { version: "1.33.4" } };
      const { inputs, state } = await adopted(current);
      garden.shoot = aShoot({ kubernetesVersion: "1.33.9", workers: [aPool()] });
      const checked = await check(context, inputs, request(current));
      expect(await diff(context, state, checked.inputs)).to.deep.equal({ changes: false });
    });

    it("records once that Gardener has reached by itself what was pending", async () => {
      const { inputs, state } = await adopted(patch);
      garden.shoot = aShoot({ kubernetesVersion: "1.33.9", workers: [aPool()] });
      const checked = await check(context, inputs, request(patch));
      expect(await diff(context, state, checked.inputs)).to.deep.equal({ changes: true });
      const { outs } = await update(context, state, checked.inputs);
      expect(await diff(context, outs, checked.inputs)).to.deep.equal({ changes: false });
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
});
