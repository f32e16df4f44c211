/** Shoots that are several minors behind, in the states in which a rollout may have left them. */
import * as fc from "fast-check";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { CloudProfile } from "../../../provider/model/cloudprofile";
import { UNMANAGED, type Route, type Step, type Target } from "../../../provider/model/plan";
import {
  effectiveKubernetesVersion,
  ROLLOUT_ANNOTATION,
  type Shoot,
  type WorkerPool,
} from "../../../provider/model/shoot";
import { stepsTo } from "../../../provider/plan";
import { kubeletConstraint } from "../../../provider/plan/suitability";
import { aCloudProfile, anImage, anImageVersion, aPool, aShoot, everyCapability } from "../builders";

export interface SequenceScene {
  readonly shoot: Shoot;
  readonly target: Target;
  readonly route: Route;
  readonly capabilities: GardenCapabilities;
}

const OLD = "1592.10.0";
const OTHER = "1700.0.0";
const NEW = "1877.3.0";
const NAMES = ["a", "b", "c"];

const NEWEST = "1877.4.0";
const constraints = fc.constantFrom(
  ...[undefined, undefined, undefined, undefined],
  ...["< 1.33", "< 1.34", "< 1.35", ">= 1.33", ">= 1.34", ">= 1.35"],
);

interface RandomPool {
  /** How many minors it is held back; 0: it follows. */
  readonly behind: number;
  readonly kind: "ours" | "pinned" | "inPlace";
  readonly order: number;
  /** What it runs. */
  readonly at: string;
  readonly to: string;
}

const pools: fc.Arbitrary<readonly RandomPool[]> = fc.array(
  fc.record({
    behind: fc.constantFrom(0, 0, 0, 1, 2),
    kind: fc.constantFrom("ours", "ours", "ours", "pinned", "inPlace"),
    order: fc.constantFrom(-1, 0, 0, 1),
    at: fc.constantFrom(OLD, OLD, OTHER),
    to: fc.constantFrom(UNMANAGED, NEW, NEW, NEWEST),
  }),
  { minLength: 1, maxLength: 3 },
);

const patch = (minor: number) => `1.${minor}.${(minor * 7) % 10}`;

const parts = fc.record({
  minor: fc.constantFrom(30, 31, 32, 33),
  minors: fc.integer({ min: 0, max: 5 }),
  newerPatch: fc.boolean(),
  pools,
  mostMinorsBehind: fc.constantFrom(2, 3),
  workers: fc.constantFrom("holdBack", "holdBack", "holdBack", "everyMinor"),
  old: constraints,
  other: constraints,
  new: constraints,
  newest: constraints,
});

/**
 * On a garden whose writes carry all at once, or one that takes one change at a time and pins no pool. The images serve
 * today's kubelets: otherwise Gardener refuses every change.
 */
export function scenes(oneByOne = false): fc.Arbitrary<SequenceScene> {
  return randomScenes(oneByOne).filter(({ shoot, route }) =>
    shoot.workers.every((pool) =>
      route.profile.machineImages[0]?.versions.every(
        (image) =>
          image.version !== pool.machineImage.version ||
          kubeletConstraint(image, effectiveKubernetesVersion(shoot, pool)) === undefined,
      ),
    ),
  );
}

function randomScenes(oneByOne: boolean): fc.Arbitrary<SequenceScene> {
  return parts.map((random) => {
    const capabilities = oneByOne
      ? { ...everyCapability, combinedWrites: false, poolKubernetesVersions: false }
      : everyCapability;
    const kubernetesVersion = random.newerPatch ? `1.${random.minor}.11` : patch(random.minor);
    const behind = Math.min(random.mostMinorsBehind, 2);
    const workers = random.pools.map((pool, index): WorkerPool => {
      const minors = pool.kind === "inPlace" ? Math.min(pool.behind, 1) : Math.min(pool.behind, behind);
      const pin = oneByOne || minors === 0 ? undefined : patch(random.minor - minors);
      return aPool({
        name: NAMES[index],
        kubernetesVersion: pool.kind === "pinned" && !oneByOne ? (pin ?? kubernetesVersion) : pin,
        machineImage: { name: "gardenlinux", version: pool.at },
        updateStrategy: pool.kind === "inPlace" ? "AutoInPlaceUpdate" : "AutoRollingUpdate",
      });
    });
    const held = workers.filter(
      ({ kubernetesVersion: pin }, index) => random.pools[index]?.kind !== "pinned" && pin !== undefined,
    );
    const heldBack = Object.fromEntries(held.map(({ name, kubernetesVersion: pin }) => [name, pin]));
    const shoot = aShoot({
      kubernetesVersion,
      workers,
      annotations: {
        "example.com/other": "kept",
        ...(held.length > 0 && {
          [ROLLOUT_ANNOTATION]: JSON.stringify({ pools: heldBack, target: patch(random.minor + 1) }),
        }),
      },
    });
    const versions = Array.from({ length: random.minors }, (_, index) => patch(random.minor + index + 1));
    const last = versions.at(-1) ?? kubernetesVersion;
    return {
      shoot,
      capabilities,
      target: {
        kubernetesVersion: last,
        workers: Object.fromEntries(
          workers.map((pool, index) => [
            pool.name,
            {
              kubernetesVersion:
                random.pools[index]?.kind === "pinned" ? (pool.kubernetesVersion ?? last) : last,
              machineImage: { name: "gardenlinux", version: random.pools[index]?.to ?? UNMANAGED },
            },
          ]),
        ),
      },
      route: {
        versions,
        mostMinorsBehind: random.mostMinorsBehind,
        workers: random.workers,
        orders: Object.fromEntries(random.pools.map(({ order }, index) => [NAMES[index] ?? "", order])),
        profile: offering(
          [OLD, random.old],
          [OTHER, random.other],
          [NEW, random.new],
          [NEWEST, random.newest],
        ),
      },
    };
  });
}

function offering(...images: readonly (readonly [string, string | undefined])[]): CloudProfile {
  const versions = images.map(([text, kubeletVersionConstraint]) =>
    anImageVersion(text, { kubeletVersionConstraint }),
  );
  return aCloudProfile({ machineImages: [anImage({ versions })] });
}

/** The steps; undefined where there is no way. */
export function sequence({ target, shoot, route, capabilities }: SequenceScene): readonly Step[] | undefined {
  const result = stepsTo(target, shoot, route, capabilities);
  return result.kind === "steps" ? result.steps : undefined;
}
