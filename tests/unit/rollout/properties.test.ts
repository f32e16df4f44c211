import { expect } from "chai";
import fc from "fast-check";
import type { ShootNode } from "../../../provider/garden/garden";
import { UserError } from "../../../provider/model/problem";
import { UNMANAGED, type Target } from "../../../provider/model/plan";
import type { LastOperation, OperationState, OperationType, Shoot } from "../../../provider/model/shoot";
import { quiet } from "./clock";
import { aCluster, aNode, aScene, IMAGE, MINOR, operation, PATCH, targetOf, type Scene } from "./scene";

/** Whatever may happen to a Shoot while a rollout runs. */
type Step =
  | { readonly kind: "operation"; readonly operation: LastOperation; readonly observed: number }
  | { readonly kind: "condition"; readonly status: "True" | "False" | "Progressing" }
  | { readonly kind: "error"; readonly code: string }
  | { readonly kind: "nodes"; readonly fresh: number; readonly old: number }
  | { readonly kind: "spec"; readonly version: string }
  | { readonly kind: "hold" | "release" | "replaced" | "deleted" | "gone" | "interrupted" | "stale" }
  | { readonly kind: "conflict"; readonly times: number }
  | { readonly kind: "time"; readonly ms: number };

// Values that are listed more than once are drawn more often.
const types: readonly OperationType[] = ["Reconcile", "Reconcile", "Reconcile", "Restore", "Migrate"];
const usual: readonly OperationState[] = ["Succeeded", "Succeeded", "Succeeded", "Processing", "Processing"];
const states: readonly OperationState[] = [...usual, ...usual, "Error", "Pending", "Failed"];

const anOperation = fc.record({
  kind: fc.constant("operation" as const),
  operation: fc
    .record({ type: fc.constantFrom(...types), state: fc.constantFrom(...states), progress: fc.nat(100) })
    .map(({ type, state, progress }) => operation(state, progress, { type })),
  observed: fc.constantFrom(-1, 0, 0),
});

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: anOperation },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("nodes" as const),
      fresh: fc.nat(3),
      old: fc.constantFrom(0, 0, 1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.nat(3_600_000) }) },
  {
    arbitrary: fc.record({
      kind: fc.constant("condition" as const),
      status: fc.constantFrom("True", "False", "Progressing"),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("error" as const),
      code: fc.constantFrom("", "ERR_INFRA_QUOTA_EXCEEDED", "ERR_INFRA_RATE_LIMITS_EXCEEDED"),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("spec" as const),
      version: fc.constantFrom("1.33.4", "1.33.9", "1.34.3", "1.34.9"),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constant("conflict" as const), times: fc.nat(12) }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(["hold", "release", "interrupted", "stale", "hold", "release", "interrupted", "stale"] as const),
        ...(["replaced", "deleted", "gone"] as const),
      ),
    }),
    weight: 2,
  },
);

const aTarget: fc.Arbitrary<Target> = fc.constantFrom(PATCH, MINOR, IMAGE, targetOf("1.34.3", "1877.3.0"));

const aBeginning = fc.record({
  state: fc.constantFrom(...states),
  uid: fc.constantFrom(...Array<string>(7).fill("uid-1"), "uid-2"),
  held: fc.constantFrom(...Array<boolean>(7).fill(false), true),
  confined: fc.constantFrom(...Array<boolean>(7).fill(false), true),
  visible: fc.boolean(),
  conflicts: fc.nat(3),
});

async function take(scene: Scene, step: Step): Promise<void> {
  const { live } = scene;
  switch (step.kind) {
    case "operation":
      return scene.move({
        lastOperation: step.operation,
        observedGeneration: live.generation + step.observed,
      });
    case "condition":
      return scene.move({
        conditions: [{ type: "EveryNodeReady", status: step.status, reason: "x", message: "" }],
      });
    case "error":
      return scene.move({ lastErrors: [{ description: "x", codes: step.code === "" ? [] : [step.code] }] });
    case "spec":
      return scene.move({ kubernetesVersion: step.version, generation: live.generation + 1 });
    case "nodes":
      return scene.setNodes(nodes(step.fresh, step.old));
    case "hold":
      return scene.move({ annotations: { "pulumi-gardener.io/hold": "stop" } });
    case "release":
      return scene.move({ annotations: {} });
    case "replaced":
      return scene.move({ uid: "uid-2" });
    case "deleted":
      return scene.move({ deletionTimestamp: scene.clock.now() });
    case "gone":
      return scene.send({ kind: "gone" });
    case "interrupted":
      return scene.send({ kind: "interrupted", message: "connection reset" });
    case "stale":
      return scene.send({ kind: "seen", shoot: { ...aCluster(), uid: live.uid } });
    case "conflict":
      for (let time = 0; time < step.times; time += 1) {
        scene.answers.push(() => ({ kind: "conflict", message: "modified" }));
      }
      return;
    case "time":
      return scene.clock.advance(step.ms);
  }
}

function nodes(fresh: number, old: number): readonly ShootNode[] {
  const created = new Date("2030-01-01T00:00:00Z");
  return [
    ...Array.from({ length: fresh }, (_, index) =>
      aNode(`new-${index}`, { kubeletVersion: "1.34.9", created }),
    ),
    ...Array.from({ length: old }, (_, index) => aNode(`old-${index}`, { kubeletVersion: "1.33.4" })),
  ];
}

/** The definition of done once more, written down independently. */
function mayBeDone(live: Shoot, target: Target, written: number): boolean {
  const { lastOperation: operation, observedGeneration = -1 } = live;
  const image = target.workers["pool-a"]?.machineImage.version;
  return (
    live.deletionTimestamp === undefined &&
    live.uid === "uid-1" &&
    observedGeneration >= written &&
    operation?.state === "Succeeded" &&
    operation.type !== "Migrate" &&
    (target.kubernetesVersion === UNMANAGED || live.kubernetesVersion >= target.kubernetesVersion) &&
    (image === UNMANAGED || live.workers[0]?.machineImage.version === image)
  );
}

describe("whatever happens", function () {
  this.timeout(60_000);
  const runs = { numRuns: 300 };

  it("a rollout reports completion only at a moment when it is complete", async () => {
    let done = 0;
    await fc.assert(
      fc.asyncProperty(
        aTarget,
        aBeginning,
        fc.array(aStep, { maxLength: 25 }),
        async (target, beginning, steps) => {
          const { scene, running } = await begin(target, beginning);
          const written = (): number => scene.written.at(-1)?.after.generation ?? 5;
          for (const step of steps) {
            if (!running.running()) break;
            await take(scene, step);
          }
          await scene.clock.advance(60_000);
          const outcome = running.outcome();
          if (outcome?.kind !== "done") return;
          done += 1;
          expect(mayBeDone(outcome.shoot, target, written())).to.equal(true);
          if (outcome.nodes === "verified") {
            expect(scene.nodes?.filter(({ name }) => name.startsWith("old"))).to.deep.equal([]);
            expect(scene.nodes?.length).to.be.greaterThan(0);
          }
        },
      ),
      runs,
    );
    expect(done, "the property is not empty").to.be.greaterThan(0);
  });

  it("at most one write is accepted, and none to another cluster or to one that is held", async () => {
    let writes = 0;
    await fc.assert(
      fc.asyncProperty(
        aTarget,
        aBeginning,
        fc.array(aStep, { maxLength: 25 }),
        async (target, beginning, steps) => {
          const { scene } = await begin(target, beginning);
          for (const step of steps) await take(scene, step);
          await scene.clock.advance(60_000);
          expect(scene.accepted.length).to.be.at.most(1);
          writes += scene.accepted.length;
          for (const { before } of scene.written) {
            expect(before.uid).to.equal("uid-1");
            expect(before.annotations).not.to.have.property("pulumi-gardener.io/hold");
          }
        },
      ),
      runs,
    );
    expect(writes, "the property is not empty").to.be.greaterThan(0);
  });

  it("a rollout ends with an outcome or with an error that a user can read, and leaves nothing running", async () => {
    await fc.assert(
      fc.asyncProperty(
        aTarget,
        aBeginning,
        fc.array(aStep, { maxLength: 25 }),
        async (target, beginning, steps) => {
          const { scene, running } = await begin(target, beginning);
          for (const step of steps) await take(scene, step);
          // Whatever it still waits for, nothing moves any more.
          await scene.clock.advance(10_000_000);
          expect(running.running()).to.equal(false);
          if (running.outcome() === undefined) {
            expect(running.error()).to.be.instanceOf(UserError);
            expect(running.error()).to.have.property("message").that.includes("web");
          }
          expect(scene.watchers()).to.equal(0);
          expect(scene.clock.sleepers()).to.equal(0);
        },
      ),
      runs,
    );
  });
});

async function begin(target: Target, beginning: typeof aBeginning extends fc.Arbitrary<infer T> ? T : never) {
  const shoot = aCluster();
  const scene = aScene({
    ...shoot,
    uid: beginning.uid,
    annotations: beginning.held ? { "pulumi-gardener.io/hold": "stop" } : {},
    maintenance: { ...shoot.maintenance, confineSpecUpdateRollout: beginning.confined },
    lastOperation: operation(beginning.state, 50),
  });
  if (!beginning.visible) scene.nodes = undefined;
  for (let time = 0; time < beginning.conflicts; time += 1) {
    scene.answers.push(() => ({ kind: "conflict", message: "modified" }));
  }
  const running = scene.start(target);
  await quiet();
  return { scene, running };
}
