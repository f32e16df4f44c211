import { expect } from "chai";
import type { Answer } from "./api";
import { expectAccepted, expectForbidden, expectInvalid, forbiddenCause, nameOf } from "./expectations";
import { type ContractWorld, operation } from "./world";

const OPERATION = "gardener.cloud/operation";

export function generation(world: () => ContractWorld): void {
  const annotate = (path: string, value: string | null, spec: object = {}): Promise<Answer> =>
    world().admin.patch(path, "merge", { metadata: { annotations: { [OPERATION]: value } }, spec });
  const upgrade = { kubernetes: { version: "1.33.8" } };
  const confined = () => world().reconciled({ maintenance: { confineSpecUpdateRollout: true } });
  const expectGeneration = (answer: Answer, generation: number, annotation?: string) => {
    expectAccepted(answer);
    expect(answer.body.at("metadata", "generation")).to.equal(generation);
    expect(answer.body.at("metadata", "annotations", OPERATION)).to.equal(annotation);
  };

  describe("the generation", () => {
    it("is 1 at first", async () => {
      const { body } = await world().admin.get(await world().shoot());
      expect(body.at("metadata", "generation")).to.equal(1);
    });

    it("is raised by every change of the spec", async () => {
      expectGeneration(await world().admin.patch(await world().shoot(), "merge", { spec: upgrade }), 2);
    });

    it("is not raised where only metadata or status change", async () => {
      const path = await world().reconciled();
      const answer = await world().admin.patch(path, "merge", { metadata: { labels: { a: "b" } } });
      expectGeneration(answer, 1);
    });

    it("cannot be set", async () => {
      const answer = await world().admin.patch(await world().shoot(), "merge", {
        metadata: { generation: 7 },
      });
      expectGeneration(answer, 1);
    });

    it("does not change the status, which has a subresource", async () => {
      const answer = await world().admin.patch(await world().reconciled(), "merge", {
        status: { hibernated: true },
      });
      expect(answer.body.at("status", "hibernated")).to.equal(false);
    });

    it("does not change the spec through the status subresource", async () => {
      const path = await world().reconciled();
      const answer = await world().admin.patch(`${path}/status`, "merge", { spec: upgrade });
      expect(answer.body.text("spec", "kubernetes", "version")).to.equal("1.33.4");
    });
  });

  describe("a confined specification", () => {
    it("changes without a new generation", async () => {
      const answer = await world().admin.patch(await confined(), "merge", { spec: upgrade });
      expectGeneration(answer, 1);
      expect(answer.body.text("spec", "kubernetes", "version")).to.equal("1.33.8");
    });

    it("rolls out at once with the operation reconcile, which is used up", async () => {
      expectGeneration(await annotate(await confined(), "reconcile", upgrade), 2);
    });

    it("rolls out when it is no longer confined", async () => {
      const answer = await world().admin.patch(await confined(), "merge", {
        spec: { maintenance: { confineSpecUpdateRollout: false } },
      });
      expectGeneration(answer, 2);
    });

    it("falls asleep at once", async () => {
      const answer = await world().admin.patch(await confined(), "merge", {
        spec: { hibernation: { enabled: true } },
      });
      expectGeneration(answer, 2);
    });

    it("needs a retry when it changes after a failure", async () => {
      const path = await confined();
      await operation(world().admin, path, { state: "Failed" });
      const answer = await world().admin.patch(path, "merge", { spec: upgrade });
      expectGeneration(answer, 1);
      expect(
        answer.body.at("metadata", "annotations", "maintenance.shoot.gardener.cloud/needs-retry-operation"),
      ).to.equal("true");
    });
  });

  describe("the operation reconcile", () => {
    for (const state of ["Succeeded", "Processing", "Error", "Pending"]) {
      it(`is used up and counted when the last operation is ${state}`, async () => {
        const path = await world().shoot();
        await operation(world().admin, path, { state });
        expectGeneration(await annotate(path, "reconcile"), 2);
      });
    }

    it("is not raised when the last operation has failed", async () => {
      const path = await world().shoot();
      await operation(world().admin, path, { state: "Failed" });
      expectGeneration(await annotate(path, "reconcile"), 1, "reconcile");
    });

    it("is not raised before the first operation", async () => {
      expectGeneration(await annotate(await world().shoot(), "reconcile"), 1, "reconcile");
    });

    it("stays when the spec changes in the same write, and raises the generation at the next write", async () => {
      const path = await world().reconciled();
      expectGeneration(await annotate(path, "reconcile", upgrade), 2, "reconcile");
      expectGeneration(await world().admin.patch(path, "merge", { metadata: { labels: { a: "b" } } }), 3);
    });
  });

  describe("the operation retry", () => {
    it("is used up and counted after a failure", async () => {
      const path = await world().shoot();
      await operation(world().admin, path, { state: "Failed" });
      expectGeneration(await annotate(path, "retry"), 2);
    });

    for (const state of ["Succeeded", "Error"]) {
      it(`just stays when the last operation is ${state}`, async () => {
        const path = await world().shoot();
        await operation(world().admin, path, { state });
        expectGeneration(await annotate(path, "retry"), 1, "retry");
      });
    }
  });

  describe("the operation rollout-workers", () => {
    it("raises the generation and stays for the gardenlet", async () => {
      expectGeneration(
        await annotate(await world().reconciled(), "rollout-workers=a"),
        2,
        "rollout-workers=a",
      );
    });

    it("must name pools that are there", async () => {
      const path = await world().reconciled();
      expectInvalid(await annotate(path, "rollout-workers=b"), nameOf(path), [
        {
          field: `metadata.annotations[${OPERATION}]`,
          reason: "FieldValueInvalid",
          message: 'Invalid value: "b": worker pool name b does not exist in .spec.provider.workers[]',
        },
      ]);
    });
  });

  describe("an operation", () => {
    it("that is not known is refused with those that are", async () => {
      const path = await world().reconciled();
      const answer = await annotate(path, "upgrade");
      expect(answer.code).to.equal(422);
      expect(answer.body.at("details", "causes", 0, "reason")).to.equal("FieldValueNotSupported");
      expect(answer.body.at("details", "causes", 0, "field")).to.equal(`metadata.annotations[${OPERATION}]`);
      expect(answer.body.text("message")).to.match(
        /Unsupported value: "upgrade": supported values: "force-in-place-update", "maintain", "reconcile", "retry", "rollout-workers", /,
      );
    });

    it("such as retry is not combined with others", async () => {
      const path = await world().reconciled();
      expectInvalid(await annotate(path, "retry;rollout-workers=a"), nameOf(path), [
        forbiddenCause(
          `metadata.annotations[${OPERATION}]`,
          "operation 'retry' is not permitted to be run in parallel with other operations",
        ),
      ]);
    });
  });

  describe("a deletion", () => {
    it("must be confirmed before", async () => {
      const path = await world().shoot();
      expectForbidden(
        await world().admin.delete(path),
        nameOf(path),
        'must have a "confirmation.gardener.cloud/deletion" annotation to delete',
      );
    });

    it("freezes the specification", async () => {
      const path = await world().shoot();
      const metadata = {
        finalizers: ["gardener"],
        annotations: { "confirmation.gardener.cloud/deletion": "true" },
      };
      expectAccepted(await world().admin.patch(path, "merge", { metadata }));
      const deleted = await world().admin.delete(path);
      expectAccepted(deleted);
      expect(deleted.body.at("metadata", "generation")).to.equal(2);
      expectInvalid(await world().admin.patch(path, "merge", { spec: upgrade }), nameOf(path), [
        forbiddenCause(
          "spec",
          "cannot update shoot spec if deletion timestamp is set. Requested changes: Kubernetes.Version: 1.33.8 != 1.33.4",
        ),
      ]);
    });
  });

  describe("hibernation", () => {
    it("does not stop a version change", async () => {
      const path = await world().shoot({ more: { hibernation: { enabled: true } } });
      expectAccepted(await world().admin.patch(path, "merge", { spec: upgrade }));
    });

    it("is refused while its constraint does not hold", async () => {
      const path = await world().reconciled();
      const constraint = {
        type: "HibernationPossible",
        status: "False",
        reason: "Webhook",
        message: "a webhook is in the way",
        lastTransitionTime: "2026-01-01T00:00:00Z",
        lastUpdateTime: "2026-01-01T00:00:00Z",
      };
      expectAccepted(
        await world().admin.patch(`${path}/status`, "merge", { status: { constraints: [constraint] } }),
      );
      expectForbidden(
        await world().admin.patch(path, "merge", { spec: { hibernation: { enabled: true } } }),
        nameOf(path),
        "'HibernationPossible' constraint is 'False': a webhook is in the way",
      );
    });
  });
}
