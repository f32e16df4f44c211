/** A garden with one Shoot that takes every change and rolls it at once, and a host that remembers what it was told. */
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
import type { Change } from "../../../provider/model/plan";
import { UserError } from "../../../provider/model/problem";
import type { Shoot } from "../../../provider/model/shoot";
import { createRolloutLimiter } from "../../../provider/rollout";
import { aCloudProfile, aShoot, everyCapability, NOW } from "../builders";

export class FakeGarden implements Garden {
  readonly description = "the garden https://garden.example";
  capabilities = everyCapability;
  preparation?: UpgradePreparation;
  shoot: Shoot | undefined = aShoot();
  profile: CloudProfile = aCloudProfile();
  /** What the server says to the next dry runs; accepted when empty. */
  readonly verdicts: WriteResult[] = [];
  /** How Gardener's work ends while somebody watches. */
  ends: Shoot | undefined;
  /** A write does not raise the generation: the change waits for the maintenance window. */
  confined = false;
  readonly dryRuns: Change[] = [];
  readonly writes: Change[] = [];

  locate() {
    return Promise.resolve({ namespace: "garden-demo", name: "web" });
  }

  getShoot() {
    if (this.shoot !== undefined) return Promise.resolve(this.shoot);
    return Promise.reject(new UserError("GU010", "there is no Shoot garden-demo/web"));
  }

  getCloudProfile() {
    return Promise.resolve(this.profile);
  }

  async dryRun(change: Change): Promise<WriteResult> {
    this.dryRuns.push(change);
    return this.verdicts.shift() ?? { kind: "accepted", shoot: await this.getShoot(), warnings: [] };
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
    const ended = this.ends;
    if (ended === undefined) return;
    this.shoot = ended;
    yield { kind: "seen", shoot: ended };
  }

  /** The nodes of the Shoot; undefined: they cannot be seen. */
  nodes: readonly ShootNode[] | undefined;
  looks = 0;

  openCluster(): Promise<ShootCluster | undefined> {
    this.looks += 1;
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
    throw new Error("not asked for here");
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

export interface FakeHost extends LifecycleContext {
  readonly told: { readonly urn: string; readonly severity: string; readonly message: string }[];
}

export function aHost(garden: Garden): FakeHost {
  const told: { urn: string; severity: string; message: string }[] = [];
  const tell = (severity: string) => (urn: string, message: string) => {
    told.push({ urn, severity, message });
    return Promise.resolve();
  };
  return {
    garden: () => garden,
    told,
    engine: noEngine,
    log: {
      info: tell("info"),
      warn: tell("warning"),
      status: (urn, message) => void tell("status")(urn, message),
      flush: () => Promise.resolve(),
    },
    clock: { now: () => NOW, sleep: () => new Promise(() => undefined) },
    rolloutLimiter: createRolloutLimiter(5),
    checked: new CheckedShoots(),
  };
}
