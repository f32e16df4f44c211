/** A garden with one Shoot that a test plays, and a rollout that runs on it. */
import type {
  Garden,
  ShootCluster,
  ShootEvent,
  ShootNode,
  WriteResult,
} from "../../../provider/garden/garden";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import { type Step, type Target } from "../../../provider/model/plan";
import { UserError } from "../../../provider/model/problem";
import type { Shoot } from "../../../provider/model/shoot";
import { pending } from "../../../provider/plan";
import { rollOut, type RolloutOutcome } from "../../../provider/rollout";
import { everyCapability } from "../builders";
import { fakeClock, quiet } from "./clock";
import { createStream, type Stream } from "./stream";
import { REF, operation, aCluster, OLD_NODES } from "./fixtures";
import type { Scene, Running, Limits } from "./scene-types";
import { next, acceptUnlessChanged } from "./answers";

export * from "./fixtures";
export * from "./scene-types";
export { accept } from "./answers";

/** As Cleura's. */
export const ONE_AT_A_TIME: GardenCapabilities = {
  dryRun: false,
  watch: false,
  optimisticLocking: false,
  combinedWrites: false,
  poolKubernetesVersions: false,
  annotations: false,
};

export function aScene(
  shoot: Shoot = aCluster(),
  { capabilities = everyCapability, preparation, assertWatchable }: Limits = {},
): Scene {
  const clock = fakeClock();
  const watches = new Set<Stream<ShootEvent>>();
  const nodeWatches = new Set<Stream<readonly ShootNode[]>>();
  let reads = 0;
  const beforeRead: (() => void)[] = [];
  let opened = 0;

  const cluster: ShootCluster = {
    kubernetesVersion: () => Promise.resolve(scene.live.kubernetesVersion),
    nodes: () => Promise.resolve(scene.nodes ?? []),
    watchNodes: (signal) => {
      const stream = createStream<readonly ShootNode[]>(signal);
      nodeWatches.add(stream);
      signal.addEventListener("abort", () => nodeWatches.delete(stream));
      stream.send(scene.nodes ?? []);
      return stream;
    },
  };
  const unexpected = (): never => {
    throw new Error("a rollout does not call this");
  };
  const garden: Garden = {
    description: "the garden",
    capabilities,
    ...(preparation && { preparation }),
    ...(assertWatchable && { assertWatchable }),
    locate: unexpected,
    getCloudProfile: unexpected,
    dryRun: unexpected,
    clusterAccess: unexpected,
    requestKubeconfig: unexpected,
    getShoot: () => {
      reads += 1;
      try {
        beforeRead.splice(0).forEach((what) => what());
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
      return Promise.resolve(scene.live);
    },
    apply: (change) => {
      scene.changes.push(change);
      let result: WriteResult;
      try {
        result = (scene.answers.shift() ?? acceptUnlessChanged)(change, scene.live);
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
      if (result.kind === "accepted") {
        scene.accepted.push(change);
        scene.written.push({ before: scene.live, after: result.shoot });
        scene.live = result.shoot;
        watches.forEach((watch) => watch.send({ kind: "seen", shoot: scene.live }));
      }
      return Promise.resolve(result);
    },
    watchShoot: (_ref, signal) => {
      const stream = createStream<ShootEvent>(signal);
      watches.add(stream);
      signal.addEventListener("abort", () => watches.delete(stream));
      stream.send({ kind: "seen", shoot: scene.live });
      return stream;
    },
    openCluster: () => {
      opened += 1;
      const error = scene.openErrors.shift();
      if (error !== undefined) return Promise.reject(error);
      return Promise.resolve(scene.nodes === undefined ? undefined : cluster);
    },
  };

  const scene: Scene = {
    clock,
    live: shoot,
    changes: [],
    accepted: [],
    written: [],
    answers: [],
    statuses: [],
    infos: [],
    warnings: [],
    nodes: OLD_NODES,
    openErrors: [],
    clusterOpens: () => opened,
    reads: () => reads,
    onRead: (what) => void beforeRead.push(what),
    watchers: () => watches.size + nodeWatches.size,
    start(target, { options, signal, assertMayWrite, ...more } = {}) {
      let outcome: RolloutOutcome | undefined;
      let error: unknown;
      const ended = rollOut(
        {
          ref: REF,
          uid: "uid-1",
          target,
          checked: checkedFor(target, scene.live),
          label: "web",
          position: { index: 1, total: 1 },
          ...more,
          options: { wait: true, progressDeadlineMs: 9_000_000, prepare: "minor", ...options },
        },
        {
          garden,
          clock,
          status: (text) => scene.statuses.push(text),
          info: (text) => scene.infos.push(text),
          warn: (problem) => scene.warnings.push(problem),
          signal,
          assertMayWrite,
        },
      );
      ended.then(
        (value) => (outcome = value),
        (reason: unknown) => (error = reason),
      );
      return {
        ended,
        outcome: () => outcome,
        error: () => error,
        running: () => outcome === undefined && error === undefined,
      };
    },
    async move(more) {
      scene.live = { ...scene.live, resourceVersion: next(scene.live), ...more };
      await scene.send({ kind: "seen", shoot: scene.live });
    },
    begin: (more = {}) =>
      scene.move({
        observedGeneration: scene.live.generation,
        lastOperation: operation("Processing", 0, { lastUpdateTime: clock.now() }),
        lastErrors: [],
        ...more,
      }),
    succeed: () =>
      scene.move({
        observedGeneration: scene.live.generation,
        lastOperation: operation("Succeeded", 100, { lastUpdateTime: clock.now() }),
        lastErrors: [],
      }),
    async send(event) {
      await quiet();
      watches.forEach((watch) => watch.send(event));
      await quiet();
    },
    async breakWatch(error) {
      await quiet();
      watches.forEach((watch) => watch.fail(error));
      await quiet();
    },
    async endWatch() {
      await quiet();
      watches.forEach((watch) => watch.end());
      await quiet();
    },
    async setNodes(nodes) {
      scene.nodes = nodes;
      await quiet();
      nodeWatches.forEach((stream) => stream.send(nodes));
      await quiet();
    },
    async breakNodesWatch(error) {
      await quiet();
      nodeWatches.forEach((stream) => stream.fail(error));
      nodeWatches.clear();
      await quiet();
    },
  };
  return scene;
}

/** What a preview would have planned. */
function checkedFor(target: Target, shoot: Shoot): readonly Step[] {
  return pending(target, shoot);
}

/** What a rollout that has to fail has failed with. */
export function failure(running: Running): UserError {
  const error = running.error();
  if (error instanceof UserError) return error;
  throw error instanceof Error ? error : new Error(`no failure, but ${JSON.stringify(running.outcome())}`);
}

/** A rollout that is written and that Gardener has started to reconcile. */
export async function underWay(scene: Scene, ...start: Parameters<Scene["start"]>): Promise<Running> {
  const running = scene.start(...start);
  await quiet();
  await scene.begin();
  return running;
}
