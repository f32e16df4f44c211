/** The CloudProfile of the contract's garden. */
import type { JsonValue } from "./api";

export const PROFILE = "contract";
export const OS = "gardenlinux";
export const IN_PLACE_OS = "flatcar";

const DAY = 24 * 60 * 60 * 1000;
const days = (count: number) => new Date(Date.now() + count * DAY).toISOString().replace(/\.\d+Z$/, "Z");

const version = (name: string, classification: string, expiresInDays?: number) => ({
  version: name,
  classification,
  ...(expiresInDays === undefined ? {} : { expirationDate: days(expiresInDays) }),
});

/** Newest first, as they are listed in refusals. */
export const KUBERNETES_VERSIONS = [
  version("1.35.4", "preview"),
  version("1.35.2", "supported"),
  version("1.34.6", "deprecated", 100),
  version("1.34.5", "supported"),
  version("1.34.2", "deprecated", -1),
  version("1.33.9", "deprecated", 100),
  version("1.33.8", "supported"),
  version("1.33.4", "deprecated", 30),
  version("1.33.3", "deprecated", -1),
  version("1.32.13", "deprecated", 30),
  version("1.32.9", "deprecated", -1),
  version("1.32.7", "deprecated", 20),
  version("1.31.14", "deprecated", 30),
  version("1.30.14", "deprecated", -1),
  version("1.30.10", "deprecated", 30),
  // No later version is offered in the next minor.
  version("1.28.9", "deprecated", -1),
  version("1.28.4", "deprecated", 30),
];

const BOTH = ["amd64", "arm64"];
const inPlace = (name: string, minimum: string) => ({
  ...version(name, "supported"),
  architectures: ["amd64"],
  inPlaceUpdates: { supported: true, minVersionForUpdate: minimum },
});

export const MACHINE_IMAGES = [
  {
    name: OS,
    updateStrategy: "minor",
    versions: [
      { ...version("2.0.0", "preview"), architectures: BOTH },
      { ...version("1.7.0", "supported"), architectures: ["arm64"] },
      { ...version("1.6.0", "supported"), architectures: BOTH, kubeletVersionConstraint: ">= 1.34" },
      { ...version("1.5.3", "deprecated", -1), architectures: BOTH },
      {
        ...version("1.5.0", "supported"),
        architectures: BOTH,
        kubeletVersionConstraint: "< 1.35",
        cri: [{ name: "containerd", containerRuntimes: [{ type: "gvisor" }] }],
      },
      { ...version("1.4.2", "supported", -1), architectures: BOTH },
      { ...version("1.4.1", "deprecated", 30), architectures: BOTH },
      { ...version("1.4.0", "deprecated", 30), architectures: BOTH },
      { ...version("1.3.0", "deprecated", -1), architectures: BOTH },
    ],
  },
  {
    name: "patchwise",
    updateStrategy: "patch",
    versions: [
      { ...version("2.0.0", "supported"), architectures: ["amd64"] },
      { ...version("1.2.0", "supported"), architectures: ["amd64"] },
      { ...version("1.1.2", "supported"), architectures: ["amd64"] },
      { ...version("1.1.0", "deprecated", 30), architectures: ["amd64"] },
      { ...version("1.0.5", "deprecated", -1), architectures: ["amd64"] },
      { ...version("1.0.0", "deprecated", 30), architectures: ["amd64"] },
    ],
  },
  {
    name: "majorwise",
    updateStrategy: "major",
    versions: [
      { ...version("4.0.0", "preview"), architectures: ["amd64"] },
      { ...version("3.1.0", "deprecated", 30), architectures: ["amd64"] },
      { ...version("3.0.0", "supported"), architectures: ["amd64"] },
      { ...version("2.5.0", "supported"), architectures: ["amd64"] },
      { ...version("1.0.0", "deprecated", 30), architectures: ["amd64"] },
    ],
  },
  {
    name: "previews",
    updateStrategy: "major",
    versions: [{ ...version("1.0.0", "preview"), architectures: ["amd64"] }],
  },
  {
    name: IN_PLACE_OS,
    updateStrategy: "major",
    versions: [
      inPlace("3.0.0", "2.0.0"),
      inPlace("2.0.0", "1.0.0"),
      inPlace("1.0.0", "1.0.0"),
      { ...version("4.0.0", "supported"), architectures: ["amd64"] },
    ],
  },
];

export function profileObject(name: string, spec: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  return {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "CloudProfile",
    metadata: { name },
    spec: {
      type: "local",
      kubernetes: { versions: KUBERNETES_VERSIONS },
      machineImages: MACHINE_IMAGES,
      machineTypes: [
        { name: "small", cpu: "2", gpu: "0", memory: "8Gi", architecture: "amd64" },
        { name: "arm", cpu: "2", gpu: "0", memory: "8Gi", architecture: "arm64" },
      ],
      volumeTypes: [{ name: "standard", class: "standard" }],
      regions: [{ name: "local", zones: [{ name: "a" }, { name: "b" }] }],
      ...spec,
    },
  };
}
