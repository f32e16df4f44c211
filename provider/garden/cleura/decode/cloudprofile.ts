/** Cleura's CloudProfile to the model's. */
import {
  classifications,
  type CloudProfile,
  type LifecycleStage,
  type MachineImage,
  type MachineImageVersion,
} from "../../../model/cloudprofile";
import { at, date, list, optionalText, root, text, texts, type Field } from "../../field";
import { requiredList, enumValue, enumValueOr } from "./required";

export function decodeCloudProfile(name: string, value: unknown): CloudProfile {
  const profile = root(`CloudProfile ${name}`, value);
  return {
    name,
    type: text(at(profile, "type")),
    kubernetesVersions: requiredList(at(profile, "kubernetes", "versions")).map((version) => ({
      version: text(at(version, "version")),
      lifecycle: decodeLifecycle(version),
    })),
    machineImages: requiredList(at(profile, "machine_images")).map(decodeImage),
    machineTypes: requiredList(at(profile, "machine_types")).map((type) => ({
      name: text(at(type, "name")),
      architecture: optionalText(at(type, "architecture")) ?? "amd64",
      capabilities: {},
    })),
    machineCapabilities: {},
  };
}

/** Expired versions stay in the list with their last classification: the date counts. */
function decodeLifecycle(version: Field): readonly LifecycleStage[] {
  const classification = at(version, "classification");
  const expiration = at(version, "expiration_date");
  return [
    {
      classification:
        optionalText(classification) === undefined ? "supported" : enumValue(classification, classifications),
    },
    ...(optionalText(expiration) === undefined
      ? []
      : [{ classification: "expired" as const, from: date(expiration) }]),
  ];
}

function decodeImage(image: Field): MachineImage {
  const strategy = at(image, "update_strategy");
  return {
    name: text(at(image, "name")),
    // Gardener's default, also for an unknown value: the document allows any text.
    updateStrategy: enumValueOr(strategy, ["patch", "minor", "major"], "major"),
    versions: requiredList(at(image, "versions")).map(decodeImageVersion),
  };
}

function decodeImageVersion(version: Field): MachineImageVersion {
  const architectures = texts(at(version, "architectures"));
  const cri = list(at(version, "cri")).map((one) => ({
    name: typeof one.value === "string" ? one.value : text(at(one, "name")),
    containerRuntimes: [],
  }));
  return {
    version: text(at(version, "version")),
    lifecycle: decodeLifecycle(version),
    architectures: architectures.length === 0 ? ["amd64"] : architectures,
    cri: cri.length === 0 ? [{ name: "containerd", containerRuntimes: [] }] : cri,
    capabilityFlavors: [],
  };
}
