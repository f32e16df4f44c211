/** Tables for `kubectl get`: the server prints, the client aligns. */
import { at, type Json, type JsonMap, mapsAt, number, textAt } from "../json";
import { cloudProfiles, nodes, projects, type Resource, shoots } from "./resource";

interface Column {
  readonly name: string;
  readonly type: "string" | "date";
  /** 1: only with `-o wide`. */
  readonly priority?: 0 | 1;
  readonly cell: (object: JsonMap, now: Date) => string;
}

const name: Column = { name: "Name", type: "string", cell: (object) => textAt(object, "metadata", "name") };
const age: Column = {
  name: "Age",
  type: "date",
  cell: (object, now) => ago(new Date(textAt(object, "metadata", "creationTimestamp")), now),
};

const string = (title: string, cell: (object: JsonMap) => string, priority: 0 | 1 = 0): Column => ({
  name: title,
  type: "string",
  priority,
  cell,
});

const condition = (title: string, type: string) =>
  string(
    title,
    (object) =>
      textAt(
        mapsAt(object, "status", "conditions").find((one) => one.type === type),
        "status",
      ) || "<unknown>",
    1,
  );

const shootColumns: readonly Column[] = [
  name,
  string("CloudProfile", (shoot) => {
    const profile = textAt(shoot, "spec", "cloudProfile", "name");
    const namespaced = textAt(shoot, "spec", "cloudProfile", "kind") === "NamespacedCloudProfile";
    return namespaced ? `${textAt(shoot, "metadata", "namespace")}/${profile}` : profile;
  }),
  string("Provider", (shoot) => textAt(shoot, "spec", "provider", "type")),
  string("Region", (shoot) => textAt(shoot, "spec", "region")),
  string("Seed", (shoot) => textAt(shoot, "spec", "seedName") || "<none>", 1),
  string("K8S Version", (shoot) => textAt(shoot, "spec", "kubernetes", "version")),
  string("Hibernation", hibernation),
  string("Last Operation", (shoot) => {
    const operation = at(shoot, "status", "lastOperation");
    if (operation === undefined) return "<pending>";
    return `${textAt(operation, "type")} ${textAt(operation, "state")} (${String(number(at(operation, "progress")) ?? 0)}%)`;
  }),
  string(
    "Status",
    (shoot) => textAt(shoot, "metadata", "labels", "shoot.gardener.cloud/status") || "<pending>",
  ),
  string("Purpose", (shoot) => textAt(shoot, "spec", "purpose") || "<none>", 1),
  string("Gardener Version", (shoot) => textAt(shoot, "status", "gardener", "version") || "<unknown>", 1),
  condition("APIServer", "APIServerAvailable"),
  condition("Control", "ControlPlaneHealthy"),
  condition("Observability", "ObservabilityComponentsHealthy"),
  condition("Nodes", "EveryNodeReady"),
  condition("System", "SystemComponentsHealthy"),
  age,
];

const projectColumns: readonly Column[] = [
  name,
  string("Namespace", (project) => textAt(project, "spec", "namespace") || "<unknown>"),
  string("Status", (project) => textAt(project, "status", "phase") || "<unknown>"),
  string("Owner", (project) => textAt(project, "spec", "owner", "name") || "<unknown>"),
  string("Creator", (project) => textAt(project, "spec", "createdBy", "name") || "<unknown>", 1),
  age,
];

const nodeColumns: readonly Column[] = [
  name,
  string("Status", (node) => {
    const ready = mapsAt(node, "status", "conditions").find((one) => one.type === "Ready")?.status === "True";
    const cordoned = at(node, "spec", "unschedulable") === true;
    return `${ready ? "Ready" : "NotReady"}${cordoned ? ",SchedulingDisabled" : ""}`;
  }),
  string("Roles", () => "<none>"),
  age,
  string("Version", (node) => textAt(node, "status", "nodeInfo", "kubeletVersion")),
  string("OS-Image", (node) => textAt(node, "status", "nodeInfo", "osImage"), 1),
];

function hibernation(shoot: JsonMap): string {
  const target = at(shoot, "spec", "hibernation", "enabled") === true;
  const observed = at(shoot, "status", "hibernated") === true;
  if (target) return observed ? "Hibernated" : "Hibernating";
  return observed ? "Waking Up" : "Awake";
}

function columnsOf(resource: Resource): readonly Column[] {
  if (resource === shoots) return shootColumns;
  if (resource === projects) return projectColumns;
  if (resource === nodes) return nodeColumns;
  if (resource === cloudProfiles) {
    return [name, string("Provider", (profile) => textAt(profile, "spec", "type")), age];
  }
  return [name, age];
}

export function table(
  resource: Resource,
  objects: readonly JsonMap[],
  resourceVersion: string,
  now: Date,
): JsonMap {
  const columns = columnsOf(resource);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion },
    columnDefinitions: columns.map((column): Json => ({
      name: column.name,
      type: column.type,
      format: column === name ? "name" : "",
      description: "",
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object): Json => ({
      cells: columns.map((column) => column.cell(object, now)),
      object: {
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: object.metadata ?? {},
      },
    })),
  };
}

/** As kubectl shortens it. */
function ago(then: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - then.getTime()) / 1000));
  if (Number.isNaN(seconds)) return "<unknown>";
  if (seconds < 120) return `${String(seconds)}s`;
  if (seconds < 600) return `${String(Math.floor(seconds / 60))}m${String(seconds % 60)}s`;
  if (seconds < 3 * 3600) return `${String(Math.floor(seconds / 60))}m`;
  if (seconds < 48 * 3600) return `${String(Math.floor(seconds / 3600))}h`;
  return `${String(Math.floor(seconds / 86_400))}d`;
}
