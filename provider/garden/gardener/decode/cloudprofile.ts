/** CloudProfile and NamespacedCloudProfile (core.gardener.cloud/v1beta1) to the model's one form. */
import {
  classifications,
  type Classification,
  type Capabilities,
  type CloudProfile,
  type LifecycleStage,
  type MachineImage,
  type MachineImageVersion,
  type MachineType,
  type OfferedVersion,
} from "../../../model/cloudprofile";
import {
  at,
  date,
  entries,
  isAbsent,
  list,
  oneOf,
  optionalBoolean,
  optionalDate,
  optionalText,
} from "../../field";
import { root, text, texts, type Field } from "../../field";

const ARCHITECTURE = "architecture";

export function decodeCloudProfile(name: string, value: unknown): CloudProfile {
  return decodeSpec(name, at(root(`CloudProfile ${name}`, value), "spec"));
}

/** What counts is the rendered profile, which the API server and the maintenance use as well. */
export function decodeNamespacedCloudProfile(name: string, value: unknown): CloudProfile {
  return decodeSpec(name, at(root(`NamespacedCloudProfile ${name}`, value), "status", "cloudProfileSpec"));
}

function decodeSpec(name: string, spec: Field): CloudProfile {
  const universe = Object.fromEntries(
    list(at(spec, "machineCapabilities")).map((capability) => [
      text(at(capability, "name")),
      texts(at(capability, "values")),
    ]),
  );
  return {
    name,
    type: text(at(spec, "type")),
    kubernetesVersions: list(at(spec, "kubernetes", "versions")).map(decodeOffered),
    machineImages: list(at(spec, "machineImages")).map((image) => decodeImage(image, universe)),
    machineTypes: list(at(spec, "machineTypes")).map((type) => decodeMachineType(type, universe)),
    machineCapabilities: universe,
  };
}

function decodeOffered(version: Field): OfferedVersion {
  return { version: text(at(version, "version")), lifecycle: decodeLifecycle(version) };
}

/** As CurrentLifecycleClassification in pkg/api/core/v1beta1/helper/cloudprofile.go reads the older fields. */
function decodeLifecycle(version: Field): readonly LifecycleStage[] {
  const stages = list(at(version, "lifecycle"));
  if (stages.length > 0) {
    return stages.map((stage) => ({
      classification: decodeClassification(at(stage, "classification")),
      from: optionalDate(at(stage, "startTime")),
    }));
  }
  const classification = at(version, "classification");
  const expiration = at(version, "expirationDate");
  return [
    {
      classification:
        optionalText(classification) === undefined ? "supported" : decodeClassification(classification),
    },
    ...(isAbsent(expiration) ? [] : [{ classification: "expired" as const, from: date(expiration) }]),
  ];
}

function decodeClassification(field: Field): Classification {
  return oneOf(field, classifications);
}

function decodeImage(image: Field, universe: Capabilities): MachineImage {
  const strategy = at(image, "updateStrategy");
  return {
    name: text(at(image, "name")),
    updateStrategy:
      optionalText(strategy) === undefined ? "major" : oneOf(strategy, ["patch", "minor", "major"]),
    versions: list(at(image, "versions")).map((version) => decodeImageVersion(version, universe)),
  };
}

function decodeImageVersion(version: Field, universe: Capabilities): MachineImageVersion {
  const capabilityFlavors = decodeFlavors(version, universe);
  const inPlace = at(version, "inPlaceUpdates");
  return {
    ...decodeOffered(version),
    architectures: architecturesOf(version, capabilityFlavors),
    cri: decodeCris(at(version, "cri")),
    kubeletVersionConstraint: optionalText(at(version, "kubeletVersionConstraint")),
    inPlaceUpdates: isAbsent(inPlace)
      ? undefined
      : {
          supported: optionalBoolean(at(inPlace, "supported")) ?? false,
          minVersionForUpdate: optionalText(at(inPlace, "minVersionForUpdate")),
        },
    capabilityFlavors,
  };
}

/**
 * What a flavor does not name it serves whole, and an image without flavors serves everything
 * (GetImageFlavorsWithAppliedDefaults in pkg/api/core/v1beta1/helper).
 */
function decodeFlavors(version: Field, universe: Capabilities): readonly Capabilities[] {
  if (Object.keys(universe).length === 0) return [];
  const flavors = list(at(version, "capabilityFlavors"));
  if (flavors.length > 0) return flavors.map((flavor) => ({ ...universe, ...decodeCapabilities(flavor) }));
  const architectures = texts(at(version, "architectures"));
  return [architectures.length === 0 ? universe : { ...universe, [ARCHITECTURE]: architectures }];
}

function architecturesOf(version: Field, flavors: readonly Capabilities[]): readonly string[] {
  const listed = flavors.length === 0 ? texts(at(version, "architectures")) : [];
  const served = flavors.flatMap((flavor) => flavor[ARCHITECTURE] ?? []);
  const all = [...new Set([...listed, ...served])];
  return all.length === 0 ? ["amd64"] : all;
}

function decodeCris(cris: Field): MachineImageVersion["cri"] {
  const listed = list(cris).map((cri) => ({
    name: text(at(cri, "name")),
    containerRuntimes: list(at(cri, "containerRuntimes")).map((runtime) => text(at(runtime, "type"))),
  }));
  return listed.length === 0 ? [{ name: "containerd", containerRuntimes: [] }] : listed;
}

function decodeMachineType(type: Field, universe: Capabilities): MachineType {
  const capabilities = { ...universe, ...decodeCapabilities(at(type, "capabilities")) };
  return {
    name: text(at(type, "name")),
    architecture: optionalText(at(type, ARCHITECTURE)) ?? capabilities[ARCHITECTURE]?.[0] ?? "amd64",
    capabilities,
  };
}

function decodeCapabilities(capabilities: Field): Capabilities {
  return Object.fromEntries(entries(capabilities).map(([name, values]) => [name, texts(values)]));
}
