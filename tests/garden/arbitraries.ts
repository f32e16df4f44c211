/** Random CloudProfiles, Shoots and changes: small universes, so that they meet often. */
import fc from "fast-check";
import type { JsonValue, PatchType } from "../contract/api";
import type { PoolSpec } from "../contract/shoots";

const DAY = 24 * 60 * 60 * 1000;
const date = (days: number) => new Date(Date.now() + days * DAY).toISOString().replace(/\.\d+Z$/, "Z");

const IMAGES = ["gardenlinux", "flatcar"] as const;
const MACHINES = ["small", "arm"] as const;
const POOLS = ["a", "b"] as const;

interface Classified extends Readonly<Record<string, JsonValue>> {
  readonly version: string;
}

const classified = (version: string): fc.Arbitrary<Classified> =>
  fc
    .record({
      classification: fc.constantFrom(undefined, undefined, "preview", "supported", "deprecated"),
      expires: fc.constantFrom(undefined, undefined, -1, 30),
    })
    .map(({ classification, expires }) => ({
      version,
      ...(classification === undefined ? {} : { classification }),
      ...(expires === undefined ? {} : { expirationDate: date(expires) }),
    }));

const KUBERNETES = [1.31, 1.32, 1.33, 1.34, 1.35].flatMap((minor) =>
  ["1", "4", "9"].map((patch) => `${String(minor)}.${patch}`),
);
const IMAGE_VERSIONS = ["1", "2"].flatMap((major) =>
  ["0", "1"].flatMap((minor) => ["0", "3"].map((patch) => `${major}.${minor}.${patch}`)),
);

const kubernetesVersions = fc
  .subarray(KUBERNETES, { minLength: 6 })
  .chain((versions) => fc.tuple(...versions.map(classified)));

export const kubernetesVersion = classified;

export const imageVersion = (version: string): fc.Arbitrary<Classified> =>
  fc
    .record({
      base: classified(version),
      architectures: fc.constantFrom(["amd64"], ["amd64"], ["amd64", "arm64"], ["arm64"]),
      constraint: fc.constantFrom(undefined, undefined, "< 1.34", ">= 1.33", ">= 1.32, < 1.35"),
      inPlace: fc.constantFrom(undefined, undefined, "1.0.0", "1.1.0"),
      runtimes: fc.constantFrom(undefined, undefined, [], [{ type: "gvisor" }]),
    })
    .map(({ base, architectures, constraint, inPlace, runtimes }) => ({
      ...base,
      architectures,
      ...(constraint === undefined ? {} : { kubeletVersionConstraint: constraint }),
      ...(inPlace === undefined ? {} : { inPlaceUpdates: { supported: true, minVersionForUpdate: inPlace } }),
      ...(runtimes === undefined ? {} : { cri: [{ name: "containerd", containerRuntimes: runtimes }] }),
    }));

interface MachineImage {
  readonly name: string;
  readonly updateStrategy: string;
  readonly versions: readonly Classified[];
}

const machineImage = (name: string): fc.Arbitrary<MachineImage> =>
  fc
    .record({
      updateStrategy: fc.constantFrom("patch", "minor", "major"),
      versions: fc
        .subarray(IMAGE_VERSIONS, { minLength: 3 })
        .chain((versions) => fc.tuple(...versions.map(imageVersion))),
    })
    .map((image) => ({ name, ...image }));

/** The parts of a CloudProfile's spec that differ from one to the next. */
export interface Profile {
  readonly kubernetes: { readonly versions: readonly Classified[] };
  readonly machineImages: readonly MachineImage[];
}

export interface RandomShoot {
  readonly kubernetesVersion: string;
  readonly pools: readonly PoolSpec[];
  readonly confined: boolean;
  readonly autoUpdate: { readonly kubernetesVersion: boolean; readonly machineImageVersion: boolean };
}

export const profile: fc.Arbitrary<Profile> = fc.record({
  kubernetes: kubernetesVersions.map((versions) => ({ versions })),
  machineImages: fc.tuple(...IMAGES.map(machineImage)),
});

const often = <T>(value: T, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(value) }, { weight: 1, arbitrary });

const declaredKubernetes = fc.constantFrom(
  ...KUBERNETES,
  ...["1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1", "", "latest", "v1.33.4", "1.33.99"],
);
const declaredImage = fc.constantFrom(...IMAGE_VERSIONS, "1", "2", "1.0", "1.1", "2.0", "3", "", "9.9.9");

/** Of versions that the profile has, so that many of them are accepted. */
export function shootOn({ kubernetes, machineImages }: Profile): fc.Arbitrary<RandomShoot> {
  const offered = kubernetes.versions.map(({ version }) => version);
  const pool = (name: string) =>
    fc.constantFrom(...machineImages).chain((image) =>
      fc.record({
        name: fc.constant(name),
        imageName: fc.constant(image.name),
        image: fc.constantFrom(...image.versions.map(({ version }) => version)),
        kubernetesVersion: often<string | undefined>(undefined, fc.constantFrom(...offered)),
        machineType: often<string>("small", fc.constantFrom(...MACHINES)),
        updateStrategy: often<string | undefined>(
          undefined,
          fc.constantFrom("AutoInPlaceUpdate", "ManualInPlaceUpdate"),
        ),
      }),
    );
  return fc.record({
    kubernetesVersion: fc.constantFrom(...offered),
    pools: fc.oneof(fc.tuple(pool("a")), fc.tuple(pool("a"), pool("b"))),
    confined: often(false, fc.boolean()),
    autoUpdate: fc.record({ kubernetesVersion: fc.boolean(), machineImageVersion: fc.boolean() }),
  });
}

/** The same versions, all of which are accepted for a Shoot: the classification of those it runs may change later. */
export function lenient({ kubernetes, machineImages }: Profile): Profile {
  return {
    kubernetes: { versions: kubernetes.versions.map(({ version }) => ({ version })) },
    machineImages: machineImages.map((image) => ({
      ...image,
      versions: image.versions.map(({ version }) => ({
        version,
        architectures: ["amd64", "arm64"],
        inPlaceUpdates: { supported: true, minVersionForUpdate: "1.0.0" },
      })),
    })),
  };
}

export interface Edit {
  readonly type: PatchType;
  readonly body: JsonValue;
}

const poolEdit = fc
  .record({
    name: fc.constantFrom(...POOLS, ...POOLS, "c"),
    image: fc.option(declaredImage, { nil: undefined }),
    imageName: often<string | undefined>(undefined, fc.constantFrom(...IMAGES, "unknown")),
    pin: often<string | null | undefined>(undefined, fc.option(declaredKubernetes)),
    strategy: often<string | undefined>(
      undefined,
      fc.constantFrom("AutoRollingUpdate", "AutoInPlaceUpdate", "ManualInPlaceUpdate"),
    ),
  })
  .map(({ name, image, imageName, pin, strategy }) => ({
    name,
    ...(image === undefined && imageName === undefined
      ? {}
      : {
          machine: {
            image: {
              ...(imageName === undefined ? {} : { name: imageName }),
              ...(image === undefined ? {} : { version: image }),
            },
          },
        }),
    ...(pin === undefined ? {} : { kubernetes: pin === null ? null : { version: pin } }),
    ...(strategy === undefined ? {} : { updateStrategy: strategy }),
  }));

const strategic: fc.Arbitrary<Edit> = fc
  .record({
    kubernetes: fc.option(declaredKubernetes, { nil: undefined }),
    workers: fc.uniqueArray(poolEdit, { maxLength: 2, selector: ({ name }) => name }),
    operation: often<string | undefined>(
      undefined,
      fc.constantFrom("reconcile", "retry", "maintain", "rollout-workers=a", "rollout-workers=c", "nonsense"),
    ),
    confined: often<boolean | undefined>(undefined, fc.boolean()),
    hibernated: often<boolean | undefined>(undefined, fc.boolean()),
  })
  .map(({ kubernetes, workers, operation, confined, hibernated }) => ({
    type: "strategic" as const,
    body: {
      ...(operation === undefined
        ? {}
        : { metadata: { annotations: { "gardener.cloud/operation": operation } } }),
      spec: {
        ...(kubernetes === undefined ? {} : { kubernetes: { version: kubernetes } }),
        ...(workers.length === 0 ? {} : { provider: { workers } }),
        ...(confined === undefined ? {} : { maintenance: { confineSpecUpdateRollout: confined } }),
        ...(hibernated === undefined ? {} : { hibernation: { enabled: hibernated } }),
      },
    },
  }));

const merge: fc.Arbitrary<Edit> = fc
  .record({
    kubernetes: fc.oneof(
      declaredKubernetes.map((version) => ({ version })),
      fc.constant({ version: null }),
    ),
    automatic: fc.boolean(),
  })
  .map(({ kubernetes, automatic }) => ({
    type: "merge" as const,
    body: { spec: { kubernetes, maintenance: { autoUpdate: { kubernetesVersion: automatic } } } },
  }));

const json: fc.Arbitrary<Edit> = fc
  .record({ index: fc.constantFrom(0, 1, 2), name: fc.constantFrom(...POOLS), version: declaredImage })
  .map(({ index, name, version }) => ({
    type: "json" as const,
    body: [
      { op: "test", path: `/spec/provider/workers/${String(index)}/name`, value: name },
      {
        op: "replace",
        path: `/spec/provider/workers/${String(index)}/machine/image/version`,
        value: version,
      },
    ],
  }));

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: strategic },
  { weight: 1, arbitrary: merge },
  { weight: 1, arbitrary: json },
);
