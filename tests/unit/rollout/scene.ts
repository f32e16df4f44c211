/** A garden with one Shoot that a test plays, and a rollout that runs on it. */
import type {
  Garden,
  ShootCluster,
  ShootEvent,
  ShootNode,
  UpgradePreparation,
  WriteResult,
} from "../../../provider/garden/garden";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { RolloutOptions } from "../../../provider/model/declaration";
import { type Change, type Step, type Target } from "../../../provider/model/plan";
import { UserError, type Problem } from "../../../provider/model/problem";
import type { Shoot } from "../../../provider/model/shoot";
import { pending } from "../../../provider/plan";
import { rollOut, type RolloutOutcome, type RolloutRequest } from "../../../provider/rollout";
import { everyCapability } from "../builders";
import { fakeClock, quiet, type FakeClock } from "./clock";
import { createStream, type Stream } from "./stream";
import { REF, operation, aCluster, OLD_NODES } from "./fixtures";

export * from "./fixtures";

type Answer = (change: Change, live: Shoot) => WriteResult;

export interface Scene {
  readonly clock: FakeClock;
  /** The Shoot as the garden has it. */
  live: Shoot;
  readonly changes: Change[];
  readonly accepted: Change[];
  /** The Shoot before and after each of these. */
  readonly written: { readonly before: Shoot; readonly after: Shoot }[];
  /** How the next writes are answered; after these: accepted. */
  readonly answers: Answer[];
  readonly statuses: string[];
  readonly infos: string[];
  readonly warnings: Problem[];
  /** Undefined: the nodes may not be listed. */
  nodes: readonly ShootNode[] | undefined;
  /** Thrown by the next attempts to open the cluster. */
  readonly openErrors: Error[];
  readonly clusterOpens: () => number;
  readonly reads: () => number;
  /** Happens right before the next read. */
  onRead(what: () => void): void;
  start(target: Target, more?: Starting): Running;
  /** Changes the live Shoot, and sends it to the watches. */
  move(more: Partial<Shoot>): Promise<void>;
  /** Gardener starts to reconcile the newest spec. */
  begin(more?: Partial<Shoot>): Promise<void>;
  succeed(): Promise<void>;
  send(event: ShootEvent): Promise<void>;
  breakWatch(error: Error): Promise<void>;
  endWatch(): Promise<void>;
  setNodes(nodes: readonly ShootNode[]): Promise<void>;
  breakNodesWatch(error: Error): Promise<void>;
  watchers(): number;
}

export interface Starting extends Partial<Omit<RolloutRequest, "options">> {
  readonly options?: Partial<RolloutOptions>;
  readonly signal?: AbortSignal;
  readonly assertMayWrite?: () => Promise<void>;
}

export interface Running {
  readonly ended: Promise<RolloutOutcome>;
  outcome(): RolloutOutcome | undefined;
  error(): unknown;
  /** Neither ended nor failed. */
  readonly running: () => boolean;
}

/** A garden that can do less than a Gardener API server, or requires a preparation. */
export interface Limits {
  readonly capabilities?: GardenCapabilities;
  readonly preparation?: UpgradePreparation;
  readonly assertWatchable?: () => Promise<void>;
}

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

function next(shoot: Shoot): string {
  return String(Number(shoot.resourceVersion) + 1);
}

function acceptUnlessChanged(change: Change, live: Shoot): WriteResult {
  return change.resourceVersion === live.resourceVersion && change.uid === live.uid
    ? accept(change, live)
    : { kind: "conflict", message: "the object has been modified" };
}

/** As an API server does: a spec that changes raises the generation, unless it is confined. */
export function accept(change: Change, live: Shoot): WriteResult & { kind: "accepted" } {
  const confined = live.maintenance.confineSpecUpdateRollout;
  return {
    kind: "accepted",
    warnings: [],
    shoot: {
      ...live,
      resourceVersion: next(live),
      generation: live.generation + (confined ? 0 : 1),
      kubernetesVersion: change.kubernetesVersion ?? live.kubernetesVersion,
      workers: live.workers.map((pool) => {
        const changed = change.workers.find(({ name }) => name === pool.name);
        return {
          ...pool,
          machineImage: changed?.machineImage ?? pool.machineImage,
          kubernetesVersion: changed?.kubernetesVersion ?? pool.kubernetesVersion,
        };
      }),
    },
  };
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
