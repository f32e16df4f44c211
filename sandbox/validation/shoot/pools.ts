/** What a worker pool must have (ValidateWorker), and what must not change in it (ValidateProviderUpdate). */
import { at, equal, type Json, type JsonMap, list, number, text, textAt } from "../../json";
import { controlPlaneVersion, findPool, isInPlace, poolPath, pools, type UpdateContext } from "../context";
import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidField,
  notSupported,
  required,
  tooLong,
} from "../field";
import { compareVersions } from "../versions";
import { skew } from "./kubernetesversion";

const MAX_NAME_LENGTH = 15;
const STRATEGIES = ["AutoInPlaceUpdate", "AutoRollingUpdate", "ManualInPlaceUpdate"];
const ARCHITECTURES = ["amd64", "arm64"];
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_ADVICE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

export function validPools(shoot: JsonMap): FieldError[] {
  const seen = new Set<string>();
  const duplicates: FieldError[] = [];
  const errors = pools(shoot).flatMap((pool, index) => {
    const name = textAt(pool, "name");
    if (seen.has(name)) duplicates.push(duplicate(`${poolPath(index)}.name`, name));
    seen.add(name);
    return validPool(shoot, pool, poolPath(index));
  });
  return [...errors, ...duplicates, ...systemComponents(shoot)];
}

/** Somewhere the system's own Pods have to run. */
function systemComponents(shoot: JsonMap): FieldError[] {
  const allowed = pools(shoot).filter(
    (pool) => at(pool, "systemComponents", "allow") !== false && pool.maximum !== 0,
  );
  return allowed.length > 0
    ? []
    : [
        forbiddenField(
          "spec.provider.workers",
          "at least one active (workers[i].maximum > 0) worker pool with systemComponents.allow=true needed",
        ),
      ];
}

function validPool(shoot: JsonMap, pool: JsonMap, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(pool, "name");
  if (!LABEL.test(name)) errors.push(invalidField(`${path}.name`, name, LABEL_ADVICE));
  if (name.length > MAX_NAME_LENGTH) errors.push(tooLong(`${path}.name`, MAX_NAME_LENGTH));
  if (textAt(pool, "machine", "type") === "") {
    errors.push(required(`${path}.machine.type`, "must specify a machine type"));
  }
  errors.push(
    ...validImage(pool, `${path}.machine.image`),
    ...validSize(pool, path),
    ...validSurge(pool, path),
  );
  const pin = textAt(pool, "kubernetes", "version");
  if (pin !== "") errors.push(...skew(controlPlaneVersion(shoot), pin, `${path}.kubernetes.version`));
  const architecture = at(pool, "machine", "architecture");
  if (architecture !== undefined && !ARCHITECTURES.includes(text(architecture))) {
    errors.push(notSupported(`${path}.machine.architecture`, architecture, ARCHITECTURES));
  }
  if (!isInPlace(pool) && at(pool, "machineControllerManager", "disableHealthTimeout") === true) {
    errors.push(
      forbiddenField(
        `${path}.machineControllerManagerSettings.disableHealthTimeout`,
        "can only be set to true when the update strategy is `AutoInPlaceUpdate` or `ManualInPlaceUpdate`",
      ),
    );
  }
  const strategy = text(pool.updateStrategy);
  if (strategy !== "" && !STRATEGIES.includes(strategy)) {
    errors.push(notSupported(`${path}.updateStrategy`, strategy, STRATEGIES));
  }
  return errors;
}

function validImage(pool: JsonMap, path: string): FieldError[] {
  const image = at(pool, "machine", "image");
  if (image === undefined) return [required(path, "must specify a machine image")];
  const errors: FieldError[] = [];
  if (textAt(image, "name") === "")
    errors.push(required(`${path}.name`, "must specify a machine image name"));
  if (textAt(image, "version") === "") {
    errors.push(required(`${path}.version`, "must specify a machine image version"));
  }
  return errors;
}

function validSize(pool: JsonMap, path: string): FieldError[] {
  const minimum = number(pool.minimum) ?? 0;
  const maximum = number(pool.maximum) ?? 0;
  const errors: FieldError[] = [];
  if (minimum < 0)
    errors.push(invalidField(`${path}.minimum`, minimum, "minimum value must not be negative"));
  if (maximum < 0)
    errors.push(invalidField(`${path}.maximum`, maximum, "maximum value must not be negative"));
  if (maximum < minimum) {
    errors.push(forbiddenField(`${path}.maximum`, "maximum value must not be less than minimum value"));
  }
  return errors;
}

function validSurge(pool: JsonMap, path: string): FieldError[] {
  if (text(pool.updateStrategy) === "ManualInPlaceUpdate") {
    return (["maxSurge", "maxUnavailable"] as const)
      .filter((key) => pool[key] !== undefined)
      .map((key) =>
        invalidField(
          `${path}.${key}`,
          pool[key],
          "should not be set when `updateStrategy` is `ManualInPlaceUpdate`",
        ),
      );
  }
  const nothing = (key: string) => Number.parseInt(shown(pool[key]), 10) === 0;
  return nothing("maxSurge") && nothing("maxUnavailable")
    ? [invalidField(`${path}.maxUnavailable`, pool.maxUnavailable, "may not be 0 when `maxSurge` is 0")]
    : [];
}

/** A number or a percentage; what is not there counts as nothing. */
function shown(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "0";
}

/** In-place pools keep their machines, so hardly anything of them may change. */
export function poolChanges({ shoot, old, gates }: UpdateContext): FieldError[] {
  return pools(shoot).flatMap((pool, index) => {
    const path = poolPath(index);
    const before = findPool(old, textAt(pool, "name"));
    if (before === undefined) return newPool(pool, path, gates);
    const strategy = `${path}.updateStrategy`;
    if (isInPlace(before) && !isInPlace(pool)) {
      return [
        invalidField(
          strategy,
          pool.updateStrategy,
          "update strategy cannot be changed from AutoInPlaceUpdate/ManualInPlaceUpdate to AutoRollingUpdate",
        ),
      ];
    }
    if (!isInPlace(before) && isInPlace(pool)) {
      return [
        invalidField(
          strategy,
          pool.updateStrategy,
          "update strategy cannot be changed from AutoRollingUpdate to AutoInPlaceUpdate/ManualInPlaceUpdate",
        ),
      ];
    }
    return isInPlace(pool) && pool.updateStrategy === before.updateStrategy
      ? keptInPlace(pool, before, path)
      : [];
  });
}

export function newPool(pool: JsonMap, path: string, gates: readonly string[]): FieldError[] {
  if (!isInPlace(pool) || gates.includes("InPlaceNodeUpdates")) return [];
  return [
    invalidField(
      `${path}.updateStrategy`,
      pool.updateStrategy,
      "can not configure `AutoInPlaceUpdate` or `ManualInPlaceUpdate` update strategies when the `InPlaceNodeUpdates` feature gate is disabled.",
    ),
  ];
}

function keptInPlace(pool: JsonMap, before: JsonMap, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const keep = (what: string, field: string, ...keys: string[]) => {
    if (!equal(at(pool, ...keys), at(before, ...keys))) {
      errors.push(
        invalidField(
          `${path}.${field}`,
          // A name that is not there is an empty one to Gardener.
          at(pool, ...keys) ?? (keys.at(-1) === "name" ? "" : null),
          `${what} cannot be changed if update strategy is AutoInPlaceUpdate/ManualInPlaceUpdate`,
        ),
      );
    }
  };
  keep("machine type", "machine.type", "machine", "type");
  keep("machine image name", "machine.image.name", "machine", "image", "name");
  keep("CRI name", "cri.name", "cri", "name");
  keep("volume", "volume", "volume");
  return errors;
}

export function inPlaceImages({ shoot, old }: UpdateContext): FieldError[][] {
  return pools(shoot).map((pool, index) => {
    if (!isInPlace(pool)) return [];
    const before = findPool(old, textAt(pool, "name")) ?? pool;
    const order = compareVersions(
      textAt(pool, "machine", "image", "version"),
      textAt(before, "machine", "image", "version"),
    );
    return order !== undefined && order < 0
      ? [
          forbiddenField(
            `${poolPath(index)}.machine.image.version`,
            "machine image version downgrade is not supported when the update strategy is AutoInPlaceUpdate or ManualInPlaceUpdate",
          ),
        ]
      : [];
  });
}

/** A pool in the middle of an in-place update stays as it is, unless forced. */
export function pendingInPlace({ shoot, old }: UpdateContext): FieldError[] {
  if (textAt(shoot, "metadata", "annotations", "gardener.cloud/operation") === "force-in-place-update")
    return [];
  const pending = ["autoInPlaceUpdate", "manualInPlaceUpdate"].flatMap((kind) =>
    list(at(shoot, "status", "inPlaceUpdates", "pendingWorkerUpdates", kind)),
  );
  return pools(shoot).flatMap((pool, index) => {
    const name = textAt(pool, "name");
    const before = findPool(old, name);
    if (!isInPlace(pool) || !pending.includes(name) || before === undefined) return [];
    const versionOf = (one: JsonMap, whole: JsonMap) =>
      textAt(one, "kubernetes", "version") || controlPlaneVersion(whole);
    const same =
      equal(pool, before) &&
      versionOf(pool, shoot) === versionOf(before, old) &&
      equal(at(shoot, "spec", "kubernetes", "kubelet"), at(old, "spec", "kubernetes", "kubelet"));
    return same
      ? []
      : [
          forbiddenField(
            poolPath(index),
            `the worker pool ${JSON.stringify(name)} is currently undergoing an in-place update. No changes are allowed to the worker pool, the Shoot Kubernetes version, or the Shoot kubelet configuration. You can force an update with annotating the Shoot with 'gardener.cloud/operation=force-in-place-update'`,
          ),
        ];
  });
}
