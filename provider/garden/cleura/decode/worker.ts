/** Cleura's worker group to the model's pool, and to the body of a change of it. */
import { isRecord } from "../../../model/json";
import { UserError } from "../../../model/problem";
import type { WorkerPool } from "../../../model/shoot";
import { at, entries, isAbsent, list, optionalText, text, texts, unusable, type Field } from "../../field";
import { requiredNumber } from "./required";

/** `max_unavailable` and `architecture` are optional: Gardener's defaults. A pool has no Kubernetes version of its own. */
export function decodeWorker(worker: Field): WorkerPool {
  const machine = at(worker, "machine");
  return {
    name: text(at(worker, "name")),
    machineImage: {
      name: text(at(machine, "image", "name")),
      version: text(at(machine, "image", "version")),
    },
    machineType: text(at(machine, "type")),
    architecture: optionalText(at(machine, "architecture")) ?? "amd64",
    minimum: requiredNumber(at(worker, "minimum")),
    maximum: requiredNumber(at(worker, "maximum")),
    maxSurge: intOrPercent(at(worker, "max_surge")),
    maxUnavailable: isAbsent(at(worker, "max_unavailable")) ? 0 : intOrPercent(at(worker, "max_unavailable")),
    updateStrategy: "AutoRollingUpdate",
    zones: texts(at(worker, "zones")),
    taints: decodeTaints(worker).map((taint) => ({ ...taint, value: taint.value ?? "" })),
  };
}

interface Pair {
  readonly key: string;
  readonly value: string;
}

/** A map is sent back as a map, a list as a list. */
type Pairs = readonly Pair[] | Readonly<Record<string, string>>;

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** The body of a PUT. A field that is left out may be lost, so all are sent; empty lists clear. */
export interface WorkerSettings {
  readonly machine: { readonly type: string; readonly image_version: string };
  readonly minimum: number;
  readonly maximum: number;
  readonly max_surge: number | string;
  readonly volume_size?: number | string;
  readonly zones: readonly string[];
  readonly labels: Pairs;
  readonly annotations: Pairs;
  readonly taints: readonly Taint[];
}

/** Without the image's name: Cleura ignores it, and newer versions have no such field. */
export function decodeWorkerSettings(worker: Field): WorkerSettings {
  const { machineImage, machineType, minimum, maximum, maxSurge, zones } = decodeWorker(worker);
  const size = at(worker, "volume", "size");
  return {
    machine: { type: machineType, image_version: machineImage.version },
    minimum,
    maximum,
    max_surge: maxSurge,
    ...(!isAbsent(size) && { volume_size: sizeOf(size) }),
    zones,
    labels: pairs(at(worker, "labels")),
    annotations: pairs(at(worker, "annotations")),
    taints: decodeTaints(worker),
  };
}

function decodeTaints(worker: Field): readonly Taint[] {
  return list(at(worker, "taints")).map((taint) => ({
    key: text(at(taint, "key")),
    value: optionalText(at(taint, "value")),
    effect: text(at(taint, "effect")),
  }));
}

function pairs(field: Field): Pairs {
  if (isAbsent(field) || Array.isArray(field.value)) {
    return list(field).map((pair) => ({
      key: text(at(pair, "key")),
      value: optionalText(at(pair, "value")) ?? "",
    }));
  }
  const listed = entries(field);
  if (listed.some(([, pair]) => isRecord(pair.value) && "key" in pair.value)) throw mapOfObjects(field);
  return Object.fromEntries(listed.map(([key, value]) => [key, optionalText(value) ?? ""]));
}

/** As in Cleura's document of April 2026, whose PUT demands fields that later versions do not have. */
function mapOfObjects({ object, path }: Field): UserError {
  return new UserError(
    "GU018",
    `${object}: ${path} is a map of objects, as in older versions of Cleura's API; expected a list of {key, value}. ` +
      "A change of the worker group cannot send it back, and could lose it. Nothing was written. Change the machine image " +
      "in the control panel.",
  );
}

/** `50Gi` or 50: sent back unchanged. */
function sizeOf(field: Field): number | string {
  return typeof field.value === "number" ? field.value : text(field);
}

function intOrPercent(field: Field): number | string {
  const number =
    typeof field.value === "string" && /^\d+$/.test(field.value) ? Number(field.value) : field.value;
  if (typeof number === "number" || typeof number === "string") return number;
  throw unusable(field, 'a number or a percentage such as "25%"');
}
