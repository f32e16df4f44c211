/** Planning one large Shoot on a large CloudProfile, in this process. */
import { plan } from "../provider/plan";
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
} from "../tests/unit/builders";
import { figure, type Figure } from "./figures";

const POOLS = 50;
const VERSIONS = 300;
const RUNS = 20;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** In seconds: 50 worker pools, 300 versions of Kubernetes and 300 of the machine image, both a step behind. */
export function measurePlanning(): Figure {
  const profile = aCloudProfile({
    kubernetesVersions: numbers(VERSIONS).map((index) =>
      aVersion(`1.${String(26 + Math.floor(index / 30))}.${String(index % 30)}`),
    ),
    machineImages: [
      anImage({ versions: numbers(VERSIONS).map((index) => anImageVersion(`${String(1_600 + index)}.0.0`)) }),
    ],
  });
  const machineImage = { name: "gardenlinux", version: "1600.0.0" };
  const shoot = aShoot({
    workers: numbers(POOLS).map((index) => aPool({ name: `pool-${String(index)}`, machineImage })),
  });
  const declaration = aDeclaration({
    kubernetes: version("1.34"),
    machineImage: version("1899.0.0"),
  });
  return figure(
    numbers(RUNS).map(() => {
      const began = performance.now();
      const { kind } = plan(declaration, shoot, profile, NOW, everyCapability);
      if (kind !== "plan") throw new Error("The plan of the benchmark is refused.");
      return (performance.now() - began) / 1_000;
    }),
  );
}
