/** Tables for `kubectl get`: the server prints, the client aligns. */
import { at, type Json, type JsonMap, number, textAt } from "../json";
import { type Resource, shoots } from "./resource";

type Cell = (object: JsonMap, now: Date) => string;
type Column = readonly [name: string, cell: Cell];

const valueAt =
  (...path: readonly string[]): Cell =>
  (object) =>
    textAt(object, ...path);

const NAME: Column = ["Name", valueAt("metadata", "name")];
const AGE: Column = ["Age", (object, now) => age(textAt(object, "metadata", "creationTimestamp"), now)];

const COLUMNS: readonly Column[] = [NAME, AGE];

/** Without those of `-o wide`. */
const SHOOT_COLUMNS: readonly Column[] = [
  NAME,
  ["CloudProfile", valueAt("spec", "cloudProfile", "name")],
  ["Provider", valueAt("spec", "provider", "type")],
  ["Region", valueAt("spec", "region")],
  ["K8S Version", valueAt("spec", "kubernetes", "version")],
  ["Hibernation", hibernation],
  ["Last Operation", lastOperation],
  ["Status", valueAt("metadata", "labels", "shoot.gardener.cloud/status")],
  AGE,
];

function hibernation(shoot: JsonMap): string {
  const observed = at(shoot, "status", "hibernated") === true;
  if (at(shoot, "spec", "hibernation", "enabled") === true) return observed ? "Hibernated" : "Hibernating";
  return observed ? "Waking Up" : "Awake";
}

function lastOperation(shoot: JsonMap): string {
  const operation = at(shoot, "status", "lastOperation");
  if (operation === undefined) return "<pending>";
  const progress = number(at(operation, "progress")) ?? 0;
  return `${textAt(operation, "type")} ${textAt(operation, "state")} (${progress}%)`;
}

export function table(
  resource: Resource,
  objects: readonly JsonMap[],
  metadata: JsonMap,
  now: Date,
): JsonMap {
  const columns = resource === shoots ? SHOOT_COLUMNS : COLUMNS;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map(([name]): Json => ({
      name,
      type: name === "Age" ? "date" : "string",
      format: name === "Name" ? "name" : "",
      description: "",
      priority: 0,
    })),
    rows: objects.map(({ metadata = {}, ...rest }): Json => ({
      cells: columns.map(([, cell]) => cell({ metadata, ...rest }, now)),
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata },
    })),
  };
}

/** As kubectl shortens it. */
function age(created: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(created)) / 1000));
  if (Number.isNaN(seconds)) return "<unknown>";
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
