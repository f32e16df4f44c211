/** Gardens as they could be, for properties that hold in all of them. */
import * as fc from "fast-check";
import type {
  Classification,
  CloudProfile,
  MachineImageVersion,
  OfferedVersion,
} from "../../../provider/model/cloudprofile";
import type { Declaration, DeclaredVersion } from "../../../provider/model/declaration";
import type { Shoot, WorkerPool } from "../../../provider/model/shoot";
import {
  aCloudProfile,
  aDeclaration,
  anImage,
  anImageVersion,
  aPool,
  aShoot,
  aVersion,
  NOW,
} from "../builders";

const classification = fc.constantFrom<Classification>(
  "supported",
  "supported",
  "deprecated",
  "preview",
  "unavailable",
);
const expiry = fc.option(
  fc.constantFrom("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-06-01T00:00:00Z"),
  {
    nil: undefined,
  },
);

const kubernetesTexts = [32, 33, 34, 35].flatMap((minor) =>
  [0, 1, 2, 3].map((patch) => `1.${minor}.${patch}`),
);
const imageTexts = [1, 2, 3].flatMap((major) =>
  [0, 1].flatMap((minor) => [0, 1, 2].map((patch) => `${major}.${minor}.${patch}`)),
);
const kubernetesText = fc.constantFrom(...kubernetesTexts);
const imageText = fc.constantFrom(...imageTexts);

/** Some of these versions, in any order. */
function some<Parts, Version>(
  texts: readonly string[],
  parts: fc.Arbitrary<Parts>,
  make: (text: string, parts: Parts) => Version,
): fc.Arbitrary<readonly Version[]> {
  return fc
    .tuple(
      fc.shuffledSubarray([...texts], { minLength: 4 }),
      fc.array(parts, { minLength: texts.length, maxLength: texts.length }),
    )
    .map(([chosen, all]) =>
      chosen.flatMap((text, index) => all.slice(index, index + 1).map((one) => make(text, one))),
    );
}

const kubernetesVersions: fc.Arbitrary<readonly OfferedVersion[]> = some(
  kubernetesTexts,
  fc.tuple(classification, expiry),
  (text, [stage, expires]) => aVersion(text, stage, expires),
);

const imageVersions: fc.Arbitrary<readonly MachineImageVersion[]> = some(
  imageTexts,
  fc.record({
    classification,
    expires: expiry,
    kubeletVersionConstraint: fc.constantFrom(undefined, undefined, "< 1.34", ">= 1.33", ">= 1.31, < 1.35"),
    architectures: fc.constantFrom(["amd64"], ["amd64"], ["arm64"], ["amd64", "arm64"]),
  }),
  anImageVersion,
);

export const profiles: fc.Arbitrary<CloudProfile> = fc
  .record({
    kubernetesVersions,
    versions: imageVersions,
    updateStrategy: fc.constantFrom("patch", "minor", "major"),
  })
  .map(({ versions, updateStrategy, ...rest }) =>
    aCloudProfile({ ...rest, machineImages: [anImage({ versions, updateStrategy })] }),
  );

const pools: fc.Arbitrary<readonly WorkerPool[]> = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom("a", "a", "b", "c"),
      image: imageText,
      pin: fc.option(kubernetesText, { nil: undefined }),
      architecture: fc.constantFrom("amd64", "amd64", "arm64"),
    })
    .map(({ name, image, pin, architecture }) =>
      aPool({
        name,
        architecture,
        kubernetesVersion: pin,
        machineImage: { name: "gardenlinux", version: image },
      }),
    ),
  { minLength: 1, maxLength: 3, selector: ({ name }) => name },
);

export const shoots: fc.Arbitrary<Shoot> = fc
  .record({
    kubernetesVersion: kubernetesText,
    workers: pools,
    automatic: fc.boolean(),
    state: fc.constantFrom("Succeeded", "Processing", "Error", "Failed"),
  })
  .map(({ kubernetesVersion: version, workers, automatic, state }) => {
    const base = aShoot();
    return aShoot({
      kubernetesVersion: version,
      workers,
      maintenance: {
        ...base.maintenance,
        autoUpdate: { kubernetesVersion: automatic, machineImageVersion: automatic },
      },
      lastOperation: base.lastOperation && { ...base.lastOperation, state },
    });
  });

function desired<Channel extends string>(
  text: fc.Arbitrary<string>,
  channels: readonly Channel[],
): fc.Arbitrary<DeclaredVersion<Channel>> {
  return fc.oneof(
    text.map((version): DeclaredVersion<Channel> => ({ kind: "version", version })),
    fc.constantFrom(...channels).map((channel): DeclaredVersion<Channel> => ({ kind: "channel", channel })),
  );
}

/** Versions in full and in part, and what a person might write by mistake. */
const written = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 4, arbitrary: text.map((version) => version.split(".", 2).join(".")) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("1", "latest", "", "1.2.3.4", "99999999999999999999.1", "1.34.3-rc.1"),
    },
  );

const kubernetes = desired(written(kubernetesText), ["patch", "stable", "rapid"]);
const machineImage = desired(written(imageText), ["patch", "minor", "major"]);

export const declarations: fc.Arbitrary<Declaration> = fc
  .record({
    kubernetes: fc.option(kubernetes, { nil: undefined }),
    machineImage: fc.option(machineImage, { nil: undefined }),
    workers: fc.dictionary(
      fc.constantFrom(...Array<string>(9).fill("a"), "x"),
      fc.record({ machineImage: fc.option(machineImage, { nil: undefined }) }),
      { maxKeys: 1 },
    ),
    whenNewer: fc.constantFrom("accept", "warn", "warn", "fail"),
  })
  .map((parts) => aDeclaration(parts));

export const moments: fc.Arbitrary<Date> = fc
  .integer({ min: 0, max: 400 })
  .map((days) => new Date(NOW.getTime() + days * 86_400_000));
