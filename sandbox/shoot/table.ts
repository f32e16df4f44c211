/** Nodes as the table that kubectl asks for. */
import { type JsonMap, map } from "../json";
import { readNode } from "./node";

const COLUMNS = [
  { name: "Name", type: "string", format: "name", description: "", priority: 0 },
  { name: "Status", type: "string", format: "", description: "", priority: 0 },
  { name: "Roles", type: "string", format: "", description: "", priority: 0 },
  { name: "Age", type: "string", format: "", description: "", priority: 0 },
  { name: "Version", type: "string", format: "", description: "", priority: 0 },
  { name: "OS-Image", type: "string", format: "", description: "", priority: 1 },
];

export function wantsTable(accept: string): boolean {
  return accept.includes("as=Table");
}

/** `head`: only the first answer of a watch carries the columns, as the API server does it. */
export function nodeTable(
  nodes: readonly JsonMap[],
  resourceVersion: string,
  now: Date,
  head = true,
): JsonMap {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion },
    columnDefinitions: head ? COLUMNS : [],
    rows: nodes.map((value) => {
      const node = readNode(value);
      const status = `${node.ready ? "Ready" : "NotReady"}${node.unschedulable ? ",SchedulingDisabled" : ""}`;
      const metadata = map(value.metadata);
      return {
        cells: [
          node.name,
          status,
          "<none>",
          age(node.creationTimestamp, now),
          node.kubeletVersion,
          node.osImage,
        ],
        object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata },
      };
    }),
  };
}

function age(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  if (seconds < 120) return `${String(seconds)}s`;
  if (seconds < 7200) return `${String(Math.floor(seconds / 60))}m`;
  if (seconds < 172_800) return `${String(Math.floor(seconds / 3600))}h`;
  return `${String(Math.floor(seconds / 86_400))}d`;
}
