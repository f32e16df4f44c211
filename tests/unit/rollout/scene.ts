/** A rollout on a fake garden, whose operations and clock the test controls. */
import type { ShootEvent, ShootNode, UpgradePreparation } from "../../../provider/garden/garden";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { RolloutOptions } from "../../../provider/model/declaration";
import type { Change, Step, Target } from "../../../provider/model/plan";
import { UserError, type Problem } from "../../../provider/model/problem";
import type { Shoot } from "../../../provider/model/shoot";
import { stepsTo } from "../../../provider/plan";
import {
  rollOut,
  type RolloutContext,
  type RolloutOutcome,
  type RolloutRequest,
} from "../../../provider/rollout";
import { aRoute, everyCapability } from "../builders";
import { FakeGarden, nextVersion, type Answer, type Written } from "../support/fakeGarden";
import { fakeClock, quiet, type FakeClock } from "./clock";
import { REF, operation, aCluster, OLD_NODES } from "./fixtures";

export * from "./fixtures";
export { accept } from "../support/fakeGarden";

export interface Scene {
  readonly clock: FakeClock;
  /** The Shoot as the garden has it. */
  live: Shoot;
  readonly changes: Change[];
  readonly accepted: Change[];
  /** The Shoot before and after each of these. */
  readonly written: Written[];
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
  readonly explain?: RolloutContext["explain"];
  readonly preflight?: RolloutContext["preflight"];
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
  viewerKubeconfig: false,
};

/** What is planned for a garden that can do so much. */
export function stepsFor(target: Target, shoot: Shoot, capabilities = everyCapability): readonly Step[] {
  const sequence = stepsTo(target, shoot, aRoute(), capabilities);
  return sequence.kind === "steps" ? sequence.steps : [];
}

export function aScene(
  shoot: Shoot = aCluster(),
  { capabilities = everyCapability, preparation, assertWatchable }: Limits = {},
): Scene {
  const clock = fakeClock();
  const garden = new RolloutGarden();
  garden.shoot = shoot;
  garden.nodes = OLD_NODES;
  garden.capabilities = capabilities;
  garden.preparation = preparation;
  garden.assertWatchable = assertWatchable;

  const scene: Scene = {
    clock,
    get live() {
      return garden.shoot ?? shoot;
    },
    set live(live) {
      garden.shoot = live;
    },
    get nodes() {
      return garden.nodes;
    },
    set nodes(nodes) {
      garden.nodes = nodes;
    },
    changes: garden.writes,
    accepted: garden.accepted,
    written: garden.written,
    answers: garden.answers,
    openErrors: garden.openErrors,
    statuses: [],
    infos: [],
    warnings: [],
    clusterOpens: () => garden.nodeReads,
    reads: () => garden.reads,
    onRead: (call) => void garden.beforeRead.push(call),
    watchers: () => garden.watches.size + garden.nodeWatches.size,
    start(target, { options, signal, assertMayWrite, explain, preflight, ...more } = {}) {
      let outcome: RolloutOutcome | undefined;
      let error: unknown;
      const ended = rollOut(
        {
          ref: REF,
          uid: "uid-1",
          target,
          declared: { target, route: aRoute() },
          checked: stepsFor(target, scene.live, capabilities),
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
          explain,
          preflight,
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
      scene.live = { ...scene.live, resourceVersion: nextVersion(scene.live), ...more };
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
      garden.watches.forEach((watch) => watch.send(event));
      await quiet();
    },
    async breakWatch(error) {
      await quiet();
      garden.watches.forEach((watch) => watch.fail(error));
      await quiet();
    },
    async endWatch() {
      await quiet();
      garden.watches.forEach((watch) => watch.end());
      await quiet();
    },
    async setNodes(nodes) {
      scene.nodes = nodes;
      await quiet();
      garden.nodeWatches.forEach((stream) => stream.send(nodes));
      await quiet();
    },
    async breakNodesWatch(error) {
      await quiet();
      garden.nodeWatches.forEach((stream) => stream.fail(error));
      garden.nodeWatches.clear();
      await quiet();
    },
  };
  return scene;
}

const unexpected = (): never => {
  throw new Error("a rollout does not call this");
};

/** Gardener's operations are those of the test, and only what a rollout may call is there. */
class RolloutGarden extends FakeGarden {
  override description = "the garden";
  override reconcilesAtOnce = false;
  override locate = unexpected;
  override getCloudProfile = unexpected;
  override dryRun = unexpected;
  override clusterAccess = unexpected;
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
