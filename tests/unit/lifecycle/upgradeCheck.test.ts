import { expect } from "chai";
import type { UpgradeReadiness } from "../../../provider/model/readiness";
import { check, create, reportReadiness } from "../../../provider/lifecycle";
import { UserError } from "../../../provider/model/problem";
import { pending } from "../../../provider/plan";
import { aShoot, everyCapability } from "../builders";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";

describe("a garden with its own check before Kubernetes versions", () => {
  let garden: FakeGarden;
  let context: FakeContext;
  let requested: string[];
  let answer: () => UpgradeReadiness;

  beforeEach(() => {
    requested = [];
    answer = () => ({ outcome: "ready", details: ["Cluster is ready for upgrade."] });
    const refuse = () => Promise.reject(new Error("A preview changes nothing"));
    garden = new FakeGarden();
    garden.capabilities = { ...everyCapability, dryRun: false, combinedWrites: false };
    garden.preparation = {
      async check(_ref, version) {
        requested.push(version);
        return answer();
      },
      prepare: refuse,
      revert: refuse,
    };
    context = aContext(garden);
  });

  function request(declaration: object, preview = true, readiness?: unknown) {
    return {
      declaration: { shoot: { namespace: "garden-demo", name: "web" }, ...declaration },
      run: { reportTo: urn, preview, found: JSON.stringify({ readiness }) },
    };
  }

  async function adopted() {
    const checked = await check(context, {}, request({ kubernetes: { version: "1.33.4" } }, false));
    await create(context, checked.inputs);
    context = aContext(garden);
    return checked.inputs;
  }

  function messagesOf(severity: string): string {
    return context.messages.flatMap((line) => (line.severity === severity ? line.message : [])).join("\n");
  }

  const minor = { kubernetes: { version: "1.34" } };

  it("is requested in a preview for the pending version, and its details are shown", async () => {
    const olds = await adopted();
    await check(context, olds, request(minor));
    expect(requested).to.deep.equal(["1.34.3"]);
    expect(
      messagesOf("info")
        .split("\n")
        .map((line) => line.trim()),
    )
      .to.include("the garden's check for Kubernetes 1.34.3 reports ready:")
      .and.include("Cluster is ready for upgrade");
  });

  it("reports what will be done to the cluster sentence by sentence, none of them shortened", async () => {
    const olds = await adopted();
    const details = [
      "We will install the ShootResourceReservation extension; CPU and memory are reserved on each node. ".repeat(
        9,
      ),
      "We will apply all needed changes automatically to your cluster during upgrade.",
    ];
    answer = () => ({ outcome: "ready", details });
    await check(context, olds, request(minor));
    const lines = messagesOf("info")
      .split("\n")
      .map((line) => line.trim());
    for (const detail of details) expect(lines).to.include(detail.trim().replace(/\.$/, ""));
  });

  it("is not requested where only images are pending, and not in an update, which prepares instead", async () => {
    const olds = await adopted();
    await check(context, olds, request({ machineImage: { version: "1877.3.0" } }));
    await check(aContext(garden), olds, request(minor, false));
    expect(requested).to.deep.equal([]);
  });

  it("refuses the plan of a cluster that is not ready, with its details", async () => {
    const olds = await adopted();
    answer = () => ({ outcome: "notReady", details: ["PSPs are in use", "Webhook x fails"] });
    const { failures } = await check(context, olds, request(minor));
    expect(failures.map(({ reason }) => reason)).to.deep.equal([
      "[GU044] kubernetes: garden-demo/web: the garden's check for Kubernetes 1.34.3 reports not ready:\n" +
        "  PSPs are in use.\n  Webhook x fails.\nFix this, then run `pulumi preview` again.",
    ]);
  });

  it("does not refuse an adoption, which writes nothing", async () => {
    answer = () => ({ outcome: "notReady", details: ["PSPs are in use"] });
    const { failures } = await check(context, {}, request(minor));
    expect(failures).to.deep.equal([]);
    expect(messagesOf("warning")).to.contain("reports not ready:\n  PSPs are in use.");
  });

  it("warns where the check reports not yet ready, and where it fails", async () => {
    const olds = await adopted();
    answer = () => ({ outcome: "pending", details: [] });
    await check(context, olds, request(minor));
    expect(messagesOf("warning")).to.contain("reports not yet ready.");

    context = aContext(garden);
    answer = () => {
      throw new UserError("GU005", "Cleura cannot be reached.");
    };
    await check(context, olds, request(minor));
    expect(messagesOf("warning")).to.contain(
      "the garden's check for Kubernetes 1.34.3 failed: Cleura cannot be reached.",
    );
  });

  it("reports its notes, unless the plan has their link already", async () => {
    const olds = await adopted();
    const known = "https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.34.md";
    answer = () => ({ outcome: "ready", details: [], notes: `See ${known}` });
    await check(context, olds, request(minor));
    expect(messagesOf("info")).not.to.contain("the garden's notes");

    context = aContext(garden);
    answer = () => ({ outcome: "ready", details: [], notes: "Flannel is removed." });
    await check(context, olds, request(minor));
    expect(messagesOf("info")).to.contain("the garden's notes for Kubernetes 1.34.3: Flannel is removed");
  });

  describe("that the component has requested", () => {
    /** Of the component, on the Shoot as it is then; the request is forgotten. */
    async function report() {
      const shoot = await garden.getShoot();
      const steps = pending({ kubernetesVersion: "1.34.3", workers: {} }, shoot);
      const made = await reportReadiness(garden, steps, shoot);
      expect(requested.splice(0)).to.deep.equal(["1.34.3"]);
      return made;
    }

    it("is not requested again, and refuses with the same message", async () => {
      const olds = await adopted();
      answer = () => ({ outcome: "notReady", details: ["PSPs are in use"], notes: "Flannel is removed." });
      const { failures } = await check(context, olds, request(minor, true, await report()));
      expect(requested).to.deep.equal([]);
      expect(failures).to.have.length(1);
      expect(failures).to.deep.equal((await check(aContext(garden), olds, request(minor))).failures);
    });

    it("is requested again where the Shoot has changed since", async () => {
      const olds = await adopted();
      const made = await report();
      garden.shoot = aShoot({ resourceVersion: "4711" });
      await check(context, olds, request(minor, true, made));
      expect(requested).to.deep.equal(["1.34.3"]);
    });

    it("is requested again where it is of another cluster or version", async () => {
      const olds = await adopted();
      const made = await report();
      for (const of of [made?.of.replace(aShoot().uid, "another"), made?.of.replace("1.34.3", "1.34.1")]) {
        await check(aContext(garden), olds, request(minor, true, { ...made, of }));
      }
      expect(requested).to.deep.equal(["1.34.3", "1.34.3"]);
    });

    it("is requested again where the report cannot be read", async () => {
      const olds = await adopted();
      await check(
        context,
        olds,
        request(minor, true, { ...(await report()), readiness: { outcome: "fine" } }),
      );
      expect(requested).to.deep.equal(["1.34.3"]);
    });

    it("is none where no version is pending, and where the garden has no such check", async () => {
      const shoot = await garden.getShoot();
      const images = pending({ kubernetesVersion: shoot.kubernetesVersion, workers: {} }, shoot);
      expect(await reportReadiness(garden, images, shoot)).to.equal(undefined);
      const steps = pending({ kubernetesVersion: "1.34.3", workers: {} }, shoot);
      garden.preparation = undefined;
      expect(await reportReadiness(garden, steps, shoot)).to.equal(undefined);
      expect(requested).to.deep.equal([]);
    });
  });

  it("reports that the plan is not verified where the garden has no dry run", async () => {
    const olds = await adopted();
    await check(context, olds, request(minor));
    expect(messagesOf("info")).to.contain("not verified by the garden, whose API has no dry run");
    expect(garden.dryRuns).to.deep.equal([]);
  });
});
