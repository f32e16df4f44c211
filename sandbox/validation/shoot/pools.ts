/** What a worker pool must have (ValidateWorker), and what must not change in it (ValidateProviderUpdate). */
import { at, equal, type JsonMap, list, textAt } from "../../json";
import {
  annotationsOf,
  controlPlaneVersion,
  effectiveVersion,
  findPool,
  isInPlace,
  OPERATION,
  poolPath,
  pools,
  type UpdateContext,
} from "../context";
import type { FieldErrors } from "../field";
import { compareVersions } from "../versions";
import { versionSkew, versionUpdate } from "./kubernetesversion";

export function validatePools(errors: FieldErrors, shoot: JsonMap): void {
  pools(shoot).forEach((pool, index) => validatePool(errors, shoot, pool, poolPath(index)));
}

function validatePool(errors: FieldErrors, shoot: JsonMap, pool: JsonMap, path: string): void {
  if (textAt(pool, "machine", "type") === "") {
    errors.required(`${path}.machine.type`, "must specify a machine type");
  }
  const image = at(pool, "machine", "image");
  if (image === undefined) errors.required(`${path}.machine.image`, "must specify a machine image");
  for (const key of image === undefined ? [] : ["name", "version"]) {
    if (textAt(image, key) !== "") continue;
    errors.required(`${path}.machine.image.${key}`, `must specify a machine image ${key}`);
  }
  validateSurge(errors, pool, path);
  const pin = textAt(pool, "kubernetes", "version");
  if (pin !== "") versionSkew(errors, controlPlaneVersion(shoot), pin, `${path}.kubernetes.version`);
  if (!isInPlace(pool) && at(pool, "machineControllerManager", "disableHealthTimeout") === true) {
    errors.forbidden(
      `${path}.machineControllerManagerSettings.disableHealthTimeout`,
      "can only be set to true when the update strategy is `AutoInPlaceUpdate` or `ManualInPlaceUpdate`",
    );
  }
}

function validateSurge(errors: FieldErrors, pool: JsonMap, path: string): void {
  if (pool.updateStrategy !== "ManualInPlaceUpdate") return;
  for (const key of ["maxSurge", "maxUnavailable"].filter((one) => pool[one] !== undefined)) {
    const detail = "should not be set when `updateStrategy` is `ManualInPlaceUpdate`";
    errors.invalid(`${path}.${key}`, pool[key], detail);
  }
}

/** In-place pools keep their machines, so hardly anything of them may change. */
export function validatePoolUpdates(errors: FieldErrors, { shoot, old }: UpdateContext): void {
  pools(shoot).forEach((pool, index) => {
    const path = poolPath(index);
    const before = findPool(old, textAt(pool, "name"));
    if (before === undefined) return;
    if (isInPlace(before) !== isInPlace(pool)) {
      const inPlace = "AutoInPlaceUpdate/ManualInPlaceUpdate";
      const [from, to] = isInPlace(pool) ? ["AutoRollingUpdate", inPlace] : [inPlace, "AutoRollingUpdate"];
      const detail = `update strategy cannot be changed from ${from} to ${to}`;
      errors.invalid(`${path}.updateStrategy`, pool.updateStrategy, detail);
    } else if (isInPlace(pool) && pool.updateStrategy === before.updateStrategy) {
      immutableInPlace(errors, pool, before, path);
    }
  });
  pools(shoot).forEach((pool, index) => {
    // A new pool is compared with itself.
    const before = findPool(old, textAt(pool, "name")) ?? pool;
    const path = poolPath(index);
    const [to, from] = [effectiveVersion(shoot, pool), effectiveVersion(old, before)];
    versionUpdate(errors, to, from, !isInPlace(pool), `${path}.kubernetes.version`);
    const [image, earlier] = [pool, before].map((one) => textAt(one, "machine", "image", "version"));
    if (isInPlace(pool) && (compareVersions(image ?? "", earlier ?? "") ?? 0) < 0) {
      errors.forbidden(
        `${path}.machine.image.version`,
        "machine image version downgrade is not supported when the update strategy is AutoInPlaceUpdate or ManualInPlaceUpdate",
      );
    }
  });
}

function immutableInPlace(errors: FieldErrors, pool: JsonMap, before: JsonMap, path: string): void {
  const fields = {
    "machine type": ["machine", "type"],
    "machine image name": ["machine", "image", "name"],
    "CRI name": ["cri", "name"],
    volume: ["volume"],
  };
  for (const [name, keys] of Object.entries(fields)) {
    if (equal(at(pool, ...keys), at(before, ...keys))) continue;
    // For Gardener an absent name is an empty one.
    const value = at(pool, ...keys) ?? (keys.at(-1) === "name" ? "" : null);
    const detail = `${name} cannot be changed if update strategy is AutoInPlaceUpdate/ManualInPlaceUpdate`;
    errors.invalid(`${path}.${keys.join(".")}`, value, detail);
  }
}

/** A pool in the middle of an in-place update does not change, unless forced. */
export function pendingInPlace(errors: FieldErrors, { shoot, old }: UpdateContext): void {
  if (annotationsOf(shoot)[OPERATION] === "force-in-place-update") return;
  const pending = ["autoInPlaceUpdate", "manualInPlaceUpdate"].flatMap((kind) =>
    list(at(shoot, "status", "inPlaceUpdates", "pendingWorkerUpdates", kind)),
  );
  const kubelet = (one: JsonMap) => at(one, "spec", "kubernetes", "kubelet");
  pools(shoot).forEach((pool, index) => {
    const name = textAt(pool, "name");
    const before = findPool(old, name);
    if (!isInPlace(pool) || !pending.includes(name) || before === undefined) return;
    const unchanged =
      equal(pool, before) &&
      effectiveVersion(shoot, pool) === effectiveVersion(old, before) &&
      equal(kubelet(shoot), kubelet(old));
    if (unchanged) return;
    errors.forbidden(
      poolPath(index),
      `the worker pool ${JSON.stringify(name)} is currently undergoing an in-place update. No changes are allowed to the worker pool, the Shoot Kubernetes version, or the Shoot kubelet configuration. You can force an update with annotating the Shoot with 'gardener.cloud/operation=force-in-place-update'`,
    );
  });
}
