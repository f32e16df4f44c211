/** Short forms of planning for tests. */
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { CloudProfile, MachineImageVersion } from "../../../provider/model/cloudprofile";
import type { Code } from "../../../provider/model/codes";
import type { Declaration } from "../../../provider/model/declaration";
import type { Plan } from "../../../provider/model/plan";
import type { Problem } from "../../../provider/model/problem";
import type { Shoot } from "../../../provider/model/shoot";
import { plan } from "../../../provider/plan";
import { aCloudProfile, aDeclaration, anImage, aShoot, everyCapability, NOW } from "../builders";

export interface Scene {
  readonly shoot?: Shoot;
  readonly profile?: CloudProfile;
  readonly now?: Date;
  readonly capabilities?: GardenCapabilities;
}

export function planned(declared: Partial<Declaration>, scene: Scene = {}): Plan {
  const { shoot = aShoot(), profile = aCloudProfile(), now = NOW, capabilities = everyCapability } = scene;
  const result = plan(aDeclaration(declared), shoot, profile, now, capabilities);
  if (result.kind === "refused") throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.plan;
}

export function refused(declared: Partial<Declaration>, scene: Scene = {}): readonly Problem[] {
  const { shoot = aShoot(), profile = aCloudProfile(), now = NOW, capabilities = everyCapability } = scene;
  const result = plan(aDeclaration(declared), shoot, profile, now, capabilities);
  if (result.kind === "plan") throw new Error(`planned: ${JSON.stringify(result.plan.target)}`);
  return result.problems;
}

/** What the message of the plan reports under a code. */
export function noticesOf({ notices, offers }: Plan, code: Code): readonly Problem[] {
  return [...notices, ...offers].filter((notice) => notice.code === code);
}

/** The Kubernetes version that the plan comes to. */
export function kubernetesOf(declared: Declaration["kubernetes"], scene: Scene = {}): string {
  return planned({ kubernetes: declared }, scene).target.kubernetesVersion;
}

/** The image version that the plan comes to for pool-a. */
export function imageOf(declared: Declaration["machineImage"], scene: Scene = {}): string | undefined {
  return planned({ machineImage: declared }, scene).target.workers["pool-a"]?.machineImage.version;
}

/** A CloudProfile with these versions of gardenlinux. */
export const offeringImages = (...versions: readonly MachineImageVersion[]) => ({
  profile: aCloudProfile({ machineImages: [anImage({ versions })] }),
});
