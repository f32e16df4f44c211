/** The images that a refusal names, held to the planner itself. */
import { expect } from "chai";
import * as fc from "fast-check";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { CloudProfile, MachineImageVersion } from "../../../provider/model/cloudprofile";
import type { Declaration } from "../../../provider/model/declaration";
import type { Shoot } from "../../../provider/model/shoot";
import { afterSteps, plan } from "../../../provider/plan";
import { newest, preferred } from "../../../provider/plan/catalogue";
import { unsuitableToStay } from "../../../provider/plan/suitability";
import { isNewer } from "../../../provider/plan/versions";
import {
  aCloudProfile,
  aDeclaration,
  anImage,
  anImageVersion,
  aPool,
  aShoot,
  aVersion,
  everyCapability,
  NOW,
  version,
} from "../builders";

interface Scene {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly declaration: Declaration;
  readonly capabilities: GardenCapabilities;
}

const TEXTS = ["1592.10.0", "1592.14.0", "1700.0.0", "1800.0.0", "1877.3.0"];
const minors = [32, 33, 34, 35, 36];
const patch = (minor: number) => `1.${minor}.4`;

const image = fc.record({
  classification: fc.constantFrom("supported", "supported", "deprecated", "preview"),
  kubeletVersionConstraint: fc.constantFrom(undefined, "< 1.34", "< 1.35", ">= 1.33", ">= 1.34", ">= 1.35"),
  inPlaceUpdates: fc.constantFrom(undefined, ...TEXTS).map((minVersionForUpdate) => ({
    supported: true,
    ...(minVersionForUpdate !== undefined && { minVersionForUpdate }),
  })),
});

const random = fc.record({
  images: fc.tuple(image, image, image, image, image),
  from: fc.constantFrom(32, 33, 34),
  to: fc.constantFrom(33, 34, 35, 36),
  pools: fc.array(
    fc.record({
      at: fc.nat(2),
      declared: fc.constantFrom(3, 4, 4),
      updateStrategy: fc.constantFrom("AutoRollingUpdate" as const, "AutoInPlaceUpdate" as const),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  gardenerVersion: fc.constantFrom(undefined, "v1.150.0"),
  workers: fc.constantFrom("holdBack" as const, "everyMinor" as const),
  oneByOne: fc.boolean(),
});

/** Images that serve today's kubelets: otherwise Gardener refuses every change. */
const scenes = random
  .map(({ images, from, to, pools, gardenerVersion, workers, oneByOne }): Scene => ({
    shoot: aShoot({
      kubernetesVersion: patch(from),
      gardenerVersion,
      workers: pools.map(({ at, updateStrategy }, index) =>
        aPool({
          name: `pool-${index}`,
          updateStrategy,
          machineImage: { name: "gardenlinux", version: TEXTS[at] ?? "" },
        }),
      ),
    }),
    profile: aCloudProfile({
      kubernetesVersions: minors.map((minor) => aVersion(patch(minor))),
      machineImages: [
        anImage({ versions: images.map((parts, index) => anImageVersion(TEXTS[index] ?? "", parts)) }),
      ],
    }),
    declaration: aDeclaration({
      kubernetes: version(patch(Math.max(from, to))),
      workers: Object.fromEntries(
        pools.map(({ declared }, index) => [
          `pool-${index}`,
          { machineImage: version(TEXTS[declared] ?? "") },
        ]),
      ),
      rollout: { ...aDeclaration().rollout, workers },
    }),
    capabilities: oneByOne
      ? { ...everyCapability, combinedWrites: false, poolKubernetesVersions: false }
      : everyCapability,
  }))
  .filter(({ shoot, profile }) =>
    shoot.workers.every((pool) => {
      const entry = offered(profile).find(({ version: text }) => text === pool.machineImage.version);
      return entry && unsuitableToStay(entry, pool, shoot.kubernetesVersion, profile) === undefined;
    }),
  );

const offered = ({ machineImages }: CloudProfile): readonly MachineImageVersion[] =>
  machineImages.flatMap(({ versions }) => versions);

const planOf = ({ declaration, shoot, profile, capabilities }: Scene) =>
  plan(declaration, shoot, profile, NOW, capabilities);

/** The Shoot after a declaration of nothing but this image of the pool; undefined where it is refused. */
function after(scene: Scene, pool: string, image: string): Shoot | undefined {
  const declaration = aDeclaration({ workers: { [pool]: { machineImage: version(image) } } });
  const result = planOf({ ...scene, declaration });
  return result.kind === "plan" ? afterSteps(scene.shoot, result.plan.steps) : undefined;
}

interface Named {
  readonly pools: readonly string[];
  readonly images: readonly string[];
}

/** What the refusal says to declare first. */
function namedIn(messages: readonly string[]): readonly Named[] {
  return messages.flatMap((message) => {
    const pools = /worker pool ([a-z\d, -]+?)(?: cannot go|:)/.exec(message)?.[1]?.split(", ") ?? [];
    const text = /eclare gardenlinux ([^;:]+?) for it first/.exec(message)?.[1];
    const images = text?.split(", then ").map((one) => one.replace(/ \(.*\)$/, "")) ?? [];
    return images.length === 0 ? [] : [{ pools, images }];
  });
}

describe("the images that a refusal names", () => {
  it("are accepted by the planner, one after the other, and after them the declared ones are", () => {
    let named = 0;
    fc.assert(
      fc.property(scenes, (scene) => {
        const result = planOf(scene);
        if (result.kind === "plan") return;
        const messages = result.problems.map(({ message }) => message);
        const found = namedIn(messages);
        let live: Shoot = scene.shoot;
        for (const { pools, images } of found) {
          for (const pool of pools) {
            for (const image of images) {
              const next = after({ ...scene, shoot: live }, pool, image);
              if (next === undefined) throw new Error(`${pool} ${image} is refused: ${messages.join("\n")}`);
              live = next;
              named += 1;
            }
          }
        }
        if (found.length < result.problems.length) return;
        const again = planOf({ ...scene, shoot: live });
        // The planner finds pools that have no way only where each declared image suits its pool.
        const others = again.kind === "refused" ? again.problems.map(({ message }) => message) : [];
        const poolsNamed = found.flatMap(({ pools }) => pools);
        for (const message of others) {
          const pools = /worker pool ([a-z\d, -]+?)(?: cannot go|:)/.exec(message)?.[1]?.split(", ") ?? [];
          expect(
            pools.filter((pool) => poolsNamed.includes(pool)),
            message,
          ).to.deep.equal([]);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(named).to.be.greaterThan(100);
  }).timeout(60_000);

  it("are the newest of those that lead there, and are missing only where there is none", () => {
    const counts = { named: 0, none: 0 };
    fc.assert(
      fc.property(
        scenes.filter(({ shoot }) => shoot.workers.length === 1),
        (scene) => {
          const result = planOf(scene);
          const [pool] = scene.shoot.workers;
          if (result.kind === "plan" || pool === undefined) return;
          const [problem] = result.problems;
          // Then no other image is needed.
          if (problem?.message.includes("Leave out rollout.workers") === true) return;
          const declared = scene.declaration.workers[pool.name]?.machineImage;
          const to = declared?.kind === "version" ? declared.version : "";
          const leading = offered(scene.profile).filter(({ version: text }) => {
            if (!isNewer(text, pool.machineImage.version) || !isNewer(to, text)) return false;
            const shoot = after(scene, pool.name, text);
            return shoot !== undefined && planOf({ ...scene, shoot }).kind === "plan";
          });
          const [first] = namedIn(result.problems.map(({ message }) => message));
          const best = preferred(leading, NOW) ?? newest(leading);
          if (best !== undefined) {
            expect(first?.images, problem?.message).to.deep.equal([best.version]);
            counts.named += 1;
          } else if (first === undefined) counts.none += 1;
          else expect(first.images.length, problem?.message).to.be.greaterThan(1);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(counts.named).to.be.greaterThan(50);
    expect(counts.none).to.be.greaterThan(50);
  }).timeout(60_000);
});
