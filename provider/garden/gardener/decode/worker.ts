/** One entry of `spec.provider.workers`. Defaults as in pkg/apis/core/v1beta1/defaults_shoot.go. */
import type { WorkerPool, WorkerUpdateStrategy } from "../../../model/shoot";
import {
  at,
  isAbsent,
  list,
  oneOf,
  optionalNumber,
  optionalText,
  text,
  texts,
  unusable,
  type Field,
} from "../../field";

const strategies: readonly WorkerUpdateStrategy[] = [
  "AutoRollingUpdate",
  "AutoInPlaceUpdate",
  "ManualInPlaceUpdate",
];

export function decodeWorker(worker: Field): WorkerPool {
  const strategyField = at(worker, "updateStrategy");
  const updateStrategy = isAbsent(strategyField) ? "AutoRollingUpdate" : oneOf(strategyField, strategies);
  const limits = defaultLimits(updateStrategy);
  return {
    name: text(at(worker, "name")),
    kubernetesVersion: optionalText(at(worker, "kubernetes", "version")),
    machineImage: {
      name: text(at(worker, "machine", "image", "name")),
      // Always present after admission; which image runs cannot be guessed.
      version: text(at(worker, "machine", "image", "version")),
    },
    machineType: text(at(worker, "machine", "type")),
    architecture: optionalText(at(worker, "machine", "architecture")) ?? "amd64",
    cri: decodeCri(at(worker, "cri")),
    minimum: optionalNumber(at(worker, "minimum")) ?? 0,
    maximum: optionalNumber(at(worker, "maximum")) ?? 0,
    maxSurge: intOrPercent(at(worker, "maxSurge")) ?? limits.maxSurge,
    maxUnavailable: intOrPercent(at(worker, "maxUnavailable")) ?? limits.maxUnavailable,
    updateStrategy,
    zones: texts(at(worker, "zones")),
    taints: list(at(worker, "taints")).map((taint) => ({
      key: text(at(taint, "key")),
      value: optionalText(at(taint, "value")) ?? "",
      effect: text(at(taint, "effect")),
    })),
  };
}

function defaultLimits(strategy: WorkerUpdateStrategy): {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
} {
  switch (strategy) {
    case "AutoRollingUpdate":
      return { maxSurge: 1, maxUnavailable: 0 };
    case "AutoInPlaceUpdate":
      return { maxSurge: 0, maxUnavailable: 1 };
    case "ManualInPlaceUpdate":
      return { maxSurge: 0, maxUnavailable: 0 };
  }
}

function decodeCri(cri: Field): WorkerPool["cri"] {
  if (isAbsent(cri)) return { name: "containerd", containerRuntimes: [] };
  return {
    name: optionalText(at(cri, "name")) ?? "containerd",
    containerRuntimes: list(at(cri, "containerRuntimes")).map((runtime) => text(at(runtime, "type"))),
  };
}

function intOrPercent(field: Field): number | string | undefined {
  if (isAbsent(field)) return undefined;
  if (typeof field.value === "number" || typeof field.value === "string") return field.value;
  throw unusable(field, 'a number or a percentage such as "25%"');
}
