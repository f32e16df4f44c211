/** Tables for `kubectl get`: the server prints, the client aligns. */
import { at, type Json, type JsonMap, mapsAt, number, textAt } from "../json";
import { cloudProfiles, nodes, projects, type Resource, shoots } from "./resource";

type Cell = (object: JsonMap, now: Date) => string;
/** `wide`: only with `-o wide`. */
type Column = readonly [name: string, cell: Cell, wide?: "wide"];

const valueAt = (path: string, absent = ""): Cell => {
  const keys = path.split(".");
  return (object) => textAt(object, ...keys) || absent;
};

function conditionStatus(object: JsonMap, type: string): string {
  const found = mapsAt(object, "status", "conditions").find((one) => one.type === type);
  return textAt(found, "status") || "<unknown>";
}

const condition = (name: string, type: string): Column => [
  name,
  (object) => conditionStatus(object, type),
  "wide",
];

const NAME: Column = ["Name", valueAt("metadata.name")];
const AGE: Column = ["Age", (object, now) => age(valueAt("metadata.creationTimestamp")(object, now), now)];

const COLUMNS = new Map<Resource, readonly Column[]>([
  [
    shoots,
    [
      NAME,
      ["CloudProfile", valueAt("spec.cloudProfile.name")],
      ["Provider", valueAt("spec.provider.type")],
      ["Region", valueAt("spec.region")],
      ["Seed", valueAt("spec.seedName", "<none>"), "wide"],
      ["K8S Version", valueAt("spec.kubernetes.version")],
      ["Hibernation", hibernation],
      ["Last Operation", lastOperation],
      [
        "Status",
        (shoot) => textAt(shoot, "metadata", "labels", "shoot.gardener.cloud/status") || "<pending>",
      ],
      ["Purpose", valueAt("spec.purpose", "<none>"), "wide"],
      ["Gardener Version", valueAt("status.gardener.version", "<unknown>"), "wide"],
      condition("APIServer", "APIServerAvailable"),
      condition("Control", "ControlPlaneHealthy"),
      condition("Observability", "ObservabilityComponentsHealthy"),
      condition("Nodes", "EveryNodeReady"),
      condition("System", "SystemComponentsHealthy"),
      AGE,
    ],
  ],
  [
    projects,
    [
      NAME,
      ["Namespace", valueAt("spec.namespace", "<unknown>")],
      ["Status", valueAt("status.phase", "<unknown>")],
      ["Owner", valueAt("spec.owner.name", "<unknown>")],
      ["Creator", valueAt("spec.createdBy.name", "<unknown>"), "wide"],
      AGE,
    ],
  ],
  [
    nodes,
    [
      NAME,
      ["Status", nodeStatus],
      ["Roles", () => "<none>"],
      AGE,
      ["Version", valueAt("status.nodeInfo.kubeletVersion")],
      ["OS-Image", valueAt("status.nodeInfo.osImage"), "wide"],
    ],
  ],
  [cloudProfiles, [NAME, ["Provider", valueAt("spec.type")], AGE]],
]);

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

function nodeStatus(node: JsonMap): string {
  const ready = conditionStatus(node, "Ready") === "True" ? "Ready" : "NotReady";
  return at(node, "spec", "unschedulable") === true ? `${ready},SchedulingDisabled` : ready;
}

export function table(
  resource: Resource,
  objects: readonly JsonMap[],
  resourceVersion: string,
  now: Date,
): JsonMap {
  const columns = COLUMNS.get(resource) ?? [NAME, AGE];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion },
    columnDefinitions: columns.map(([name, , wide]): Json => ({
      name,
      type: name === "Age" ? "date" : "string",
      format: name === "Name" ? "name" : "",
      description: "",
      priority: wide === undefined ? 0 : 1,
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
  if (seconds < 600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  if (seconds < 3 * 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
