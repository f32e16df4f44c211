/**
 * Pods with emptyDir volumes. Most pods have one for temporary files, so that a single note counts them; machine-controller-manager
 * evicts them without regard to such volumes (pkg/util/provider/drain/drain.go, v0.62).
 */
import type { Finding } from "../../model/preflight";
import { count } from "../../model/text";
import { foundObject, idOf, shootObject } from "../objects/metadata";
import { workloadOf, type EmptyDirMedium, type Pod } from "../objects/pod";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import type { Inspected } from "./check";

const emptyDir: Rule = { check: "drain", name: "emptyDir", severity: { nodeRoll: "info" } };

const MOST_OWNERS = 3;

/** The pods of one workload, or one without a controller. */
interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly pods: readonly Pod[];
}

export function emptyDirs(pods: readonly Pod[], { work, shoot }: Inspected): readonly Finding[] {
  const parts = [describe("disk", pods, "on disk"), describe("memory", pods, "in memory")];
  const found = parts.flatMap((part) => part ?? []);
  if (found.length === 0) return [];
  const owners = ownersOf(pods.filter(({ emptyDirs: media }) => media.length > 0));
  return finding(emptyDir, work, {
    object: shootObject(shoot),
    related: owners.map(({ kind, name }) => ({ kind, name })),
    found: `emptyDir volumes: ${found.join("; ")}`,
    why: "their content is lost when the pod is evicted",
    action: "keep what is still needed in a PersistentVolume",
  });
}

function describe(medium: EmptyDirMedium, pods: readonly Pod[], where: string): string | undefined {
  const concerned = pods.filter(({ emptyDirs: media }) => media.includes(medium));
  if (concerned.length === 0) return undefined;
  const owners = ownersOf(concerned).map((owner) => `${owner.kind} ${owner.name}: ${owner.pods.length}`);
  return `${count(concerned.length, "pod")} ${where} (${enumerate(owners, MOST_OWNERS)})`;
}

/** The largest first. */
function ownersOf(pods: readonly Pod[]): readonly Owner[] {
  const owners = new Map<string, Owner & { readonly pods: Pod[] }>();
  for (const pod of pods) {
    const workload = workloadOf(pod);
    const { kind, name } =
      workload === undefined
        ? foundObject("Pod", pod)
        : { kind: workload.kind, name: idOf({ namespace: pod.namespace, name: workload.name }) };
    const owner = owners.get(`${kind} ${name}`) ?? { kind, name, pods: [] };
    owner.pods.push(pod);
    owners.set(`${kind} ${name}`, owner);
  }
  return [...owners.values()].sort(
    (one, other) => other.pods.length - one.pods.length || (one.name < other.name ? -1 : 1),
  );
}
