/** The garden of the demo: one project, one CloudProfile, one Shoot with a patch, a minor and images pending. */
import type { JsonMap } from "../json";
import {
  after,
  cloudProfile,
  credentials,
  project,
  projectNamespace,
  shoot,
  type ShootSpec,
} from "./objects";

export const PROJECT = "demo";
export const CLOUD_PROFILE = "sandbox";

export type World = (now: Date) => readonly JsonMap[];

export const demo: World = (now) => world(now, [{ name: "web", pools: [{ name: "pool-a" }] }]);

/** The same garden with other Shoots in it. */
export function world(
  now: Date,
  specs: readonly (Partial<ShootSpec> & Pick<ShootSpec, "name" | "pools">)[],
): JsonMap[] {
  return [
    ...project(PROJECT),
    ...credentials(projectNamespace(PROJECT)),
    profile(now),
    ...specs.map((spec) =>
      shoot(
        {
          project: PROJECT,
          cloudProfile: CLOUD_PROFILE,
          kubernetesVersion: "1.33.4",
          window: farOff(now),
          ...spec,
        },
        now,
      ),
    ),
  ];
}

/** Half a day away: maintenance does not come into a demo or a test by itself. */
function farOff(now: Date): { readonly begin: string; readonly end: string } {
  const hour = (offset: number) => `${String((now.getUTCHours() + offset) % 24).padStart(2, "0")}0000+0000`;
  return { begin: hour(12), end: hour(13) };
}

/** Shoots `shoot-1` and so on, each with pools of three nodes. */
export function manyShoots(shoots: number, pools: number): World {
  const count = (length: number, prefix: string) =>
    Array.from({ length }, (_, index) => `${prefix}-${String(index + 1)}`);
  return (now) =>
    world(
      now,
      count(shoots, "shoot").map((name) => ({
        name,
        pools: count(pools, "pool").map((pool) => ({ name: pool })),
      })),
    );
}

export function profile(now: Date): JsonMap {
  const version = (name: string, classification: string, expiresInDays?: number): JsonMap => ({
    version: name,
    classification,
    ...(expiresInDays === undefined ? {} : { expirationDate: after(now, expiresInDays) }),
  });
  const image = (name: string, classification: string, more: JsonMap = {}): JsonMap => ({
    ...version(name, classification),
    architectures: ["amd64", "arm64"],
    ...more,
  });
  return cloudProfile(
    {
      name: CLOUD_PROFILE,
      kubernetesVersions: [
        version("1.35.4", "preview"),
        version("1.35.2", "supported"),
        version("1.34.3", "supported"),
        version("1.34.1", "deprecated", 120),
        version("1.33.7", "supported", 200),
        version("1.33.4", "deprecated", 30),
        version("1.32.9", "deprecated", 10),
        version("1.32.5", "deprecated", -5),
      ],
      machineImages: [
        {
          name: "gardenlinux",
          updateStrategy: "minor",
          versions: [
            image("2150.0.0", "preview"),
            image("1877.5.0", "supported", { architectures: ["arm64"] }),
            image("1877.3.0", "supported"),
            image("1592.14.0", "supported", { kubeletVersionConstraint: "< 1.35" }),
            image("1592.10.0", "deprecated", {
              expirationDate: after(now, 45),
              kubeletVersionConstraint: "< 1.35",
            }),
            image("1443.20.0", "deprecated", { expirationDate: after(now, -20) }),
          ],
        },
        {
          name: "suse-chost",
          updateStrategy: "major",
          versions: [image("15.6.20260901", "supported", { architectures: ["amd64"] })],
        },
      ],
    },
    now,
  );
}
