/** A garden with one Shoot that accepts every change and applies it at once, and a context that records messages. */
import type {
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
import type { Change } from "../../../provider/model/plan";
import { UserError } from "../../../provider/model/problem";
import type { Shoot, ShootRef } from "../../../provider/model/shoot";
import { createRolloutLimiter } from "../../../provider/rollout";
import { aCloudProfile, aShoot, everyCapability, NOW } from "../builders";

export class FakeGarden implements Garden {
  readonly description = "the garden https://garden.example";
  capabilities = everyCapability;
  preparation?: UpgradePreparation;
  shoot: Shoot | undefined = aShoot();
  profile: CloudProfile = aCloudProfile();
  /** Results of the next dry runs; accepted when empty. */
  readonly dryRunResults: WriteResult[] = [];
  /** The Shoot at the end of Gardener's operation, sent to a watch. */
  completed: Shoot | undefined;
  /** A write does not raise the generation: the change waits for the maintenance window. */
  confined = false;
  readonly dryRuns: Change[] = [];
  readonly writes: Change[] = [];

  /** Other Shoots of the same project; they are never written. */
  others: readonly Shoot[] = [];

  locate({ name }: ShootReference) {
    return Promise.resolve({ namespace: "garden-demo", name });
  }

  getShoot(ref?: ShootRef) {
    const other = this.others.find((shoot) => shoot.ref.name === ref?.name);
    if (other !== undefined) return Promise.resolve(other);
    if (this.shoot !== undefined) return Promise.resolve(this.shoot);
    return Promise.reject(new UserError("GU010", "there is no Shoot garden-demo/web"));
  }

  getCloudProfile() {
    return Promise.resolve(this.profile);
  }

  async dryRun(change: Change): Promise<WriteResult> {
    this.dryRuns.push(change);
    return this.dryRunResults.shift() ?? { kind: "accepted", shoot: await this.getShoot(), warnings: [] };
  }

  async apply(change: Change): Promise<WriteResult> {
    this.writes.push(change);
    const before = await this.getShoot();
    const shoot = {
      ...applied(before, change),
      ...(this.confined && { generation: before.generation, observedGeneration: before.generation }),
    };
    this.shoot = shoot;
    return { kind: "accepted", shoot, warnings: [] };
  }

  async *watchShoot(): AsyncIterable<ShootEvent> {
    yield { kind: "seen", shoot: await this.getShoot() };
    const { completed } = this;
    if (completed === undefined) return;
    this.shoot = completed;
    yield { kind: "seen", shoot: completed };
  }

  /** The nodes of the Shoot; undefined: they are not visible. */
  nodes: readonly ShootNode[] | undefined;
  nodeReads = 0;

  openCluster(): Promise<ShootCluster | undefined> {
    this.nodeReads += 1;
    const { nodes } = this;
    if (nodes === undefined) return Promise.resolve(undefined);
    return Promise.resolve({
      kubernetesVersion: () => Promise.resolve("1.33.7"),
      nodes: () => Promise.resolve(nodes),
      watchNodes: async function* () {
        yield await Promise.resolve(nodes);
      },
    });
  }

  clusterAccess() {
    return Promise.resolve(undefined);
  }

  requestKubeconfig(): never {
    throw new Error("not expected here");
  }
}

function applied(shoot: Shoot, change: Change): Shoot {
  return {
    ...shoot,
    generation: shoot.generation + 1,
    observedGeneration: shoot.generation + 1,
    resourceVersion: String(Number(shoot.resourceVersion) + 1),
    kubernetesVersion: change.kubernetesVersion ?? shoot.kubernetesVersion,
    workers: shoot.workers.map((pool) => {
      const changed = change.workers.find(({ name }) => name === pool.name);
      return { ...pool, machineImage: changed?.machineImage ?? pool.machineImage };
    }),
  };
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
