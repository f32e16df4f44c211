/** Random gardens and declarations in which a planner has something to claim: all of them such as the real server takes. */
import fc from "fast-check";
import { gt, minor } from "semver";
import { defaultPreflight } from "../../provider/model/preflight";
import type { CloudProfile, OfferedVersion } from "../../provider/model/cloudprofile";
import type { Declaration, DeclaredVersion } from "../../provider/model/declaration";
import type { KubernetesChannel, MachineImageChannel } from "../../provider/model/enums";
import type { Shoot } from "../../provider/model/shoot";
import { defaultRollout } from "../../provider/declaration/parse";
import type { JsonValue } from "../contract/api";
import type { PoolSpec, ShootSpec } from "../contract/shoots";
import { lenient, profile, type Profile, shootOn } from "./arbitraries";

type Version = Profile["kubernetes"]["versions"][number];

const DAY = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+Z$/, "Z");

const often = <T>(weight: number, value: T, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary });

const TO_COME = [{ classification: "deprecated", startTime: inDays(30) }];

/** Stages instead of a classification: not yet there, still a preview, on its way out. */
const stages = fc.constantFrom(
  TO_COME,
  TO_COME,
  [{ classification: "preview" }, ...TO_COME],
  [
    { classification: "deprecated", startTime: inDays(-30) },
    { classification: "expired", startTime: inDays(-1) },
  ],
);

/** All but the first, so that there is one to run. */
const staged = (version: Version, index: number): fc.Arbitrary<Version> =>
  often<Version["lifecycle"]>(5, undefined, index === 0 ? fc.constant(undefined) : stages).map((lifecycle) =>
    lifecycle === undefined
      ? version
      : { ...version, lifecycle, classification: undefined, expirationDate: undefined },
  );

/** An image may be made for in-place updates without saying from where. */
const withoutLeast = (version: Version): fc.Arbitrary<Version> =>
  often(5, version, fc.constant({ ...version, inPlaceUpdates: { supported: true } }));

/**
 * CloudProfiles as {@link profile} has them, bent to what validation takes: the newest Kubernetes version never
 * expires, and at most one version of a minor is called supported.
 */
export const valid = (profiles: fc.Arbitrary<Profile>): fc.Arbitrary<Profile> =>
  profiles.chain(({ kubernetes, machineImages }) =>
    fc.record({
      kubernetes: fc.tuple(...kubernetes.versions.map(staged)).map((versions) => ({
        versions: onceSupported(versions).map((version, index) =>
          index === versions.length - 1 ? { version: version.version } : version,
        ),
      })),
      machineImages: fc.tuple(
        ...machineImages.map((image) =>
          fc
            .tuple(
              ...image.versions.map((version, index) =>
                withoutLeast(version).chain((one) => staged(one, index)),
              ),
            )
            .map((versions) => ({ ...image, versions: onceSupported(versions) })),
        ),
      ),
    }),
  );

export const validProfile = valid(profile);

function onceSupported(versions: readonly Version[]): readonly Version[] {
  const minorOf = ({ version }: Version) => version.split(".", 2).join(".");
  const isSupported = ({ classification }: Version) => classification === "supported";
  return versions.map((version, index) =>
    isSupported(version) &&
    versions.slice(0, index).some((other) => isSupported(other) && minorOf(other) === minorOf(version))
      ? { ...version, classification: "deprecated" }
      : version,
  );
}

/** The profile in which every Shoot is accepted; versions that are not available yet are left out. */
export function open(spec: Profile): Profile {
  const here = (versions: readonly Version[]) => versions.filter(({ lifecycle }) => lifecycle !== TO_COME);
  const { kubernetes, machineImages } = lenient({
    kubernetes: { versions: here(spec.kubernetes.versions) },
    machineImages: spec.machineImages.map((image) => ({ ...image, versions: here(image.versions) })),
  });
  const cri = [{ name: "containerd", containerRuntimes: [{ type: "gvisor" }] }];
  return {
    kubernetes,
    machineImages: machineImages.map((image) => ({
      ...image,
      versions: image.versions.map((version) => ({ ...version, cri })),
    })),
  };
}

/** The same as a CloudProfile of machine capabilities: of versions that end in 0 there are no images that boot by BIOS. */
export function inCapabilities({ kubernetes, machineImages }: Profile): Record<string, JsonValue> {
  return {
    kubernetes,
    machineCapabilities: [
      { name: "architecture", values: ["amd64", "arm64"] },
      { name: "boot", values: ["bios", "uefi"] },
    ],
    machineTypes: [
      { ...MACHINE, name: "small", capabilities: { architecture: ["amd64"], boot: ["bios"] } },
      { ...MACHINE, name: "arm", capabilities: { architecture: ["arm64"] } },
    ],
    machineImages: machineImages.map((image) => ({
      ...image,
      versions: image.versions.map(({ architectures, ...version }) => ({
        ...version,
        capabilityFlavors: listOf(architectures).map((architecture) => ({
          architecture: [architecture],
          ...(version.version.endsWith(".0") && version.cri === undefined ? { boot: ["uefi"] } : {}),
        })),
      })),
    })),
  };
}

const MACHINE = { cpu: "2", gpu: "0", memory: "8Gi" };

function listOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Shoots of the profile's versions; some are hibernated, some need gVisor, some run on arm64. */
export function lenientShoot(spec: Profile): fc.Arbitrary<ShootSpec> {
  return fc
    .record({
      shoot: shootOn(open(spec)),
      hibernated: often(7, false, fc.constant(true)),
      runtimes: often<readonly string[] | undefined>(4, undefined, fc.constant(["gvisor"])),
    })
    .map(({ shoot: { kubernetesVersion, pools, confined, autoUpdate }, hibernated, runtimes }) => ({
      kubernetesVersion,
      pools: pools.map((pool) => ({ ...pool, ...onArm(pool), containerRuntimes: runtimes })),
      maintenance: { confineSpecUpdateRollout: confined, autoUpdate },
      more: { hibernation: { enabled: hibernated } },
    }));
}

function onArm({ machineType }: PoolSpec): Partial<PoolSpec> {
  return machineType === "arm" ? { architecture: "arm64" } : {};
}

/** As far behind its control plane as a pool may be; undefined where the profile has no later minor. */
export function laggard(spec: Profile): ShootSpec | undefined {
  const { kubernetes, machineImages } = open(spec);
  const first = (minor: string) =>
    kubernetes.versions.find(({ version }) => version.startsWith(minor))?.version;
  const [pin, kubernetesVersion, next] = [first("1.31."), first("1.34."), first("1.35.")];
  const image = machineImages[0];
  if (pin === undefined || kubernetesVersion === undefined || next === undefined || image === undefined)
    return undefined;
  const version = image.versions[0]?.version;
  return {
    kubernetesVersion,
    pools: [{ name: "a", imageName: image.name, image: version, kubernetesVersion: pin }],
  };
}

/** Versions of the profile in full and in part, strangers, and channels. */
export function declarationFor(shoot: Shoot, cloudProfile: CloudProfile): fc.Arbitrary<Declaration> {
  const images = cloudProfile.machineImages.flatMap(({ versions }) => versions);
  const live = shoot.workers.map(({ machineImage }) => machineImage.version);
  const kubernetes = desired<KubernetesChannel>(
    cloudProfile.kubernetesVersions,
    ({ version }) =>
      gt(version, shoot.kubernetesVersion) && minor(version) <= minor(shoot.kubernetesVersion) + 1,
    ["1.36", "1.36.2", "1.33.99", "1", "latest"],
    ["patch", "stable", "rapid"],
  );
  const machineImage = desired<MachineImageChannel>(
    images,
    ({ version }) => live.some((one) => gt(version, one)),
    ["3", "9.9.9", "1.1.99", "newest"],
    ["patch", "minor", "major"],
  );
  const pools = shoot.workers.map(({ name }) => name);
  return fc
    .record({
      kubernetes: fc.option(kubernetes, { freq: 3, nil: undefined }),
      machineImage: fc.option(machineImage, { freq: 2, nil: undefined }),
      workers: fc.dictionary(
        fc.constantFrom(...Array<readonly string[]>(6).fill(pools).flat(), "stranger"),
        fc
          .record({
            machineImage: fc.option(machineImage, { nil: undefined }),
            allowDowngrade: often(
              1,
              { until: "2199-12-31", reason: "a test" },
              fc.constantFrom(undefined, { until: "2020-01-31", reason: "over" }),
            ),
          })
          .map(({ machineImage, allowDowngrade }) => ({
            machineImage,
            ...(machineImage?.kind === "version" && { allowDowngrade }),
          })),
        { maxKeys: 1 },
      ),
      whenNewer: fc.constantFrom("accept", "warn", "warn", "fail"),
    })
    .map((parts) => ({ ...declarationOf(shoot), ...parts }));
}

/** Nothing but the Shoot. */
export function declarationOf({ ref }: Shoot): Declaration {
  return {
    shoot: { kind: "namespace", ...ref },
    garden: {},
    workers: {},
    whenNewer: "warn",
    adopt: "upgrade",
    rollout: defaultRollout,
    preflight: defaultPreflight,
  };
}

/** Mostly what is near: within reach of what runs. */
function desired<Channel extends string>(
  offered: readonly OfferedVersion[],
  near: (version: OfferedVersion) => boolean,
  strangers: readonly string[],
  channels: readonly Channel[],
): fc.Arbitrary<DeclaredVersion<Channel>> {
  const named = (versions: readonly OfferedVersion[]) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...versions.map(({ version }) => version)) },
      { weight: 2, arbitrary: fc.constantFrom(...new Set(versions.flatMap(inPart))) },
    );
  const within = offered.filter(near);
  const text = fc.oneof(
    { weight: within.length === 0 ? 0 : 6, arbitrary: named(within.length === 0 ? offered : within) },
    { weight: 4, arbitrary: named(offered) },
    { weight: 1, arbitrary: fc.constantFrom(...strangers) },
  );
  return fc.oneof(
    { weight: 4, arbitrary: text.map((version): DeclaredVersion<Channel> => ({ kind: "version", version })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(...channels)
        .map((channel): DeclaredVersion<Channel> => ({ kind: "channel", channel })),
    },
  );
}

/** "1.34" of Kubernetes; "2.1" and "2" of an image. */
function inPart({ version }: OfferedVersion): readonly string[] {
  const [major = "", second = ""] = version.split(".");
  return Number(second) > 9 ? [`${major}.${second}`] : [`${major}.${second}`, major];
}
