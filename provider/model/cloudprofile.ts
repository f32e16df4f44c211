/** The parts of a CloudProfile that decide about versions. */

/** The classification of a version at a moment; computed from stages and the clock, never stored. */
export const classifications = ["unavailable", "preview", "supported", "deprecated", "expired"] as const;
export type Classification = (typeof classifications)[number];

/** A stage in the lifecycle of a version; without `from` it has always begun. */
export interface LifecycleStage {
  readonly classification: Classification;
  readonly from?: Date;
}

/** Stages in order; the last one that has begun is the current one. Never empty. */
export interface OfferedVersion {
  readonly version: string;
  readonly lifecycle: readonly LifecycleStage[];
}

export type ImageUpdateStrategy = "patch" | "minor" | "major";

/** Values by capability, such as `{ architecture: ["amd64"] }`. */
export type Capabilities = Readonly<Record<string, readonly string[]>>;

export interface MachineImageVersion extends OfferedVersion {
  readonly architectures: readonly string[];
  readonly cri: readonly { readonly name: string; readonly containerRuntimes: readonly string[] }[];
  /** A constraint such as `>= 1.26, < 1.34`. */
  readonly kubeletVersionConstraint?: string;
  readonly inPlaceUpdates?: { readonly supported: boolean; readonly minVersionForUpdate?: string };
  /** Sets of capabilities that the image serves; empty where the profile uses none. */
  readonly capabilityFlavors: readonly Capabilities[];
}

export interface MachineImage {
  readonly name: string;
  readonly updateStrategy: ImageUpdateStrategy;
  readonly versions: readonly MachineImageVersion[];
}

export interface MachineType {
  readonly name: string;
  readonly architecture: string;
  readonly capabilities: Capabilities;
}

export interface CloudProfile {
  readonly name: string;
  readonly type: string;
  readonly kubernetesVersions: readonly OfferedVersion[];
  readonly machineImages: readonly MachineImage[];
  readonly machineTypes: readonly MachineType[];
  /** The universe of capabilities; empty where the profile uses plain architectures. */
  readonly machineCapabilities: Capabilities;
}
