/** A garden with one Shoot, whose operations a test controls, and a context that records messages. */
import type {
  FoundShoot,
  Garden,
  ShootCluster,
  ShootEvent,
  ShootNode,
  UpgradePreparation,
  WriteResult,
} from "../../../provider/garden/garden";
import { noEngine } from "../../../provider/engine/liveness";
import { CheckedShoots, type LifecycleContext } from "../../../provider/lifecycle";
import type { CloudProfile } from "../../../provider/model/cloudprofile";
import type { ShootReference } from "../../../provider/model/declaration";
import { encodeRecord } from "../../../provider/model/heldBack";
import type { Change } from "../../../provider/model/plan";
import { UserError } from "../../../provider/model/problem";
import { ROLLOUT_ANNOTATION, type Shoot, type ShootRef } from "../../../provider/model/shoot";
import { createRolloutLimiter } from "../../../provider/rollout";
import { aCloudProfile, aShoot, everyCapability, NOW } from "../builders";
import { createStream, type Stream } from "./stream";

export type Answer = (change: Change, shoot: Shoot) => WriteResult;

/** A change that the garden has accepted, with the Shoot before and after it. */
export interface Written {
  readonly before: Shoot;
  readonly after: Shoot;
}

export class FakeGarden implements Garden {
  description = "the garden https://garden.example";
  capabilities = everyCapability;
  preparation?: UpgradePreparation;
  assertWatchable?: () => Promise<void>;
  isManagedSeed?: () => Promise<boolean>;
  shoot: Shoot | undefined = aShoot();
  /** Other Shoots of the same project; they are never written. */
  others: readonly Shoot[] = [];
  profile: CloudProfile = aCloudProfile();
  /** Results of the next dry runs; accepted when empty. */
  readonly dryRunResults: WriteResult[] = [];
  readonly dryRuns: Change[] = [];

  /** Results of the next writes; accepted when empty, unless the Shoot has changed since it was read. */
  readonly answers: Answer[] = [];
  /** All changes, accepted or not. */
  readonly writes: Change[] = [];
  readonly accepted: Change[] = [];
  readonly written: Written[] = [];
  /** Gardener completes each operation at once; otherwise the test sends the Shoot. */
  reconcilesAtOnce = true;
  /** The Shoot at the end of Gardener's operation, sent to a watch. */
  completed: Shoot | undefined;

  reads = 0;
  /** Called once, before the next read. */
  readonly beforeRead: (() => void)[] = [];

  /** The nodes of the Shoot; undefined: they are not visible. */
  nodes: readonly ShootNode[] | undefined;
  nodeReads = 0;
  /** What the Shoot's own API lists, by path. */
  readonly objects: Record<string, readonly unknown[]> = {};
  /** Thrown by the next attempts to open the cluster. */
  readonly openErrors: Error[] = [];

  readonly watches = new Set<Stream<ShootEvent>>();
  readonly nodeWatches = new Set<Stream<readonly ShootNode[]>>();

  locate({ name }: ShootReference): Promise<ShootRef> {
    return Promise.resolve({ namespace: "garden-demo", name });
  }

  async getShoot(ref?: ShootRef): Promise<Shoot> {
    this.reads += 1;
    this.beforeRead.splice(0).forEach((call) => call());
    const other = this.others.find((shoot) => shoot.ref.name === ref?.name);
    return Promise.resolve(other ?? this.current());
  }

  async findShoots(): Promise<readonly FoundShoot[]> {
    return [await this.getShoot(), ...this.others].map((shoot) => ({ kind: "shoot", shoot }));
  }

  getCloudProfile(): Promise<CloudProfile> {
    return Promise.resolve(this.profile);
  }

  async dryRun(change: Change): Promise<WriteResult> {
    this.dryRuns.push(change);
    return this.dryRunResults.shift() ?? { kind: "accepted", shoot: await this.getShoot(), warnings: [] };
  }

  async apply(change: Change): Promise<WriteResult> {
    this.writes.push(change);
    const result = (this.answers.shift() ?? acceptUnlessChanged)(change, this.current());
    if (result.kind !== "accepted") return Promise.resolve(result);
    const { shoot } = result;
    const after = this.reconcilesAtOnce ? { ...shoot, observedGeneration: shoot.generation } : shoot;
    this.accepted.push(change);
    this.written.push({ before: this.current(), after });
    this.shoot = after;
    this.watches.forEach((watch) => watch.send({ kind: "seen", shoot: after }));
    return { ...result, shoot: after };
  }

  watchShoot(_ref: ShootRef, signal: AbortSignal): AsyncIterable<ShootEvent> {
    const stream = createStream<ShootEvent>(signal);
    add(this.watches, stream, signal);
    stream.send({ kind: "seen", shoot: this.current() });
    const { completed } = this;
    if (completed !== undefined)
      stream.sendResultOf(() => {
        this.shoot = completed;
        return { kind: "seen", shoot: completed };
      });
    return stream;
  }

  async openCluster(): Promise<ShootCluster | undefined> {
    this.nodeReads += 1;
    const error = this.openErrors.shift();
    if (error !== undefined) throw error;
    return Promise.resolve(this.nodes === undefined ? undefined : this.cluster());
  }

  clusterAccess() {
    return Promise.resolve(undefined);
  }

  requestKubeconfig(): never {
    throw new Error("not expected here");
  }

  private current(): Shoot {
    if (this.shoot === undefined) throw new UserError("GU010", "there is no Shoot garden-demo/web");
    return this.shoot;
  }

  private cluster(): ShootCluster {
    return {
      kubernetesVersion: () => Promise.resolve(this.current().kubernetesVersion),
      nodes: () => Promise.resolve(this.nodes ?? []),
      watchNodes: (signal) => {
        const stream = createStream<readonly ShootNode[]>(signal);
        add(this.nodeWatches, stream, signal);
        stream.send(this.nodes ?? []);
        return stream;
      },
      list: ({ path }) => Promise.resolve({ kind: "listed", items: this.objects[path] ?? [] }),
      read: (path) => Promise.resolve({ kind: "notVisible", reason: `there is no ${path}` }),
    };
  }
}

/** Until the signal. */
function add<Item>(watches: Set<Stream<Item>>, stream: Stream<Item>, signal: AbortSignal): void {
  watches.add(stream);
  signal.addEventListener("abort", () => watches.delete(stream));
}

function acceptUnlessChanged(change: Change, shoot: Shoot): WriteResult {
  return change.resourceVersion === shoot.resourceVersion && change.uid === shoot.uid
    ? accept(change, shoot)
    : { kind: "conflict", message: "the object has been modified" };
}

export function nextVersion({ resourceVersion }: Shoot): string {
  return String(Number(resourceVersion) + 1);
}

/** As an API server does: a spec that changes raises the generation, unless it is confined. */
export function accept(change: Change, shoot: Shoot): WriteResult & { kind: "accepted" } {
  const confined = shoot.maintenance.confineSpecUpdateRollout;
  return {
    kind: "accepted",
    warnings: [],
    shoot: {
      ...shoot,
      resourceVersion: nextVersion(shoot),
      generation: shoot.generation + (confined ? 0 : 1),
      kubernetesVersion: change.kubernetesVersion ?? shoot.kubernetesVersion,
      annotations: annotationsAfter(change, shoot),
      workers: shoot.workers.map((pool) => {
        const changed = change.workers.find(({ name }) => name === pool.name);
        const pin =
          changed?.kubernetesVersion === undefined ? pool.kubernetesVersion : changed.kubernetesVersion;
        return {
          ...pool,
          machineImage: changed?.machineImage ?? pool.machineImage,
          kubernetesVersion: pin ?? undefined,
        };
      }),
    },
  };
}

function annotationsAfter({ heldBack }: Change, { annotations }: Shoot): Shoot["annotations"] {
  if (heldBack === undefined) return annotations;
  const others = Object.entries(annotations).filter(([name]) => name !== ROLLOUT_ANNOTATION);
  const record = encodeRecord(heldBack);
  return Object.fromEntries(record === null ? others : [...others, [ROLLOUT_ANNOTATION, record]]);
}

export interface FakeContext extends LifecycleContext {
  readonly messages: { readonly urn: string; readonly severity: string; readonly message: string }[];
}

export function aContext(garden: Garden): FakeContext {
  const messages: { urn: string; severity: string; message: string }[] = [];
  const record = (severity: string) => (urn: string, message: string) => {
    messages.push({ urn, severity, message });
    return Promise.resolve();
  };
  return {
    garden: () => Promise.resolve(garden),
    messages,
    engine: noEngine,
    log: {
      info: record("info"),
      warn: record("warning"),
      status: (urn, message) => void record("status")(urn, message),
      flush: () => Promise.resolve(),
    },
    clock: { now: () => NOW, sleep: () => new Promise(() => undefined) },
    rolloutLimiter: createRolloutLimiter(5),
    checked: new CheckedShoots(),
  };
}
