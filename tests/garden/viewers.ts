/** The rights of viewers in a Shoot, as gardenlet grants them (gardener pkg/component/shoot/system, readOnlyClusterRole). */
import type { Client } from "../../sandbox/client";
import { type JsonMap, list, mapsAt, text, textAt } from "../../sandbox/json";

const NAME = "gardener.cloud:system:viewers";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
/** What the API server encrypts in etcd. */
const ENCRYPTED = ["secrets"];

/** Every resource that the API server reports when this is called and that can be read, but for encrypted ones. */
export async function letViewersIn(shoot: Client): Promise<void> {
  await shoot.create(`${RBAC}/clusterroles`, { metadata: { name: NAME }, rules: await readOnlyRules(shoot) });
  await shoot.create(`${RBAC}/clusterrolebindings`, {
    metadata: { name: NAME },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: NAME },
    subjects: ["gardener.cloud:system:viewers", "gardener.cloud:project:viewers"].map((group) => ({
      apiGroup: "rbac.authorization.k8s.io",
      kind: "Group",
      name: group,
    })),
  });
}

/** Takes one resource out of the role. Returns the rules from before. */
export async function withdraw(shoot: Client, resource: string): Promise<readonly JsonMap[]> {
  const role = await shoot.get(`${RBAC}/clusterroles/${NAME}`);
  const before = mapsAt(role, "rules");
  const rules = before.map((rule) => ({
    ...rule,
    resources: list(rule.resources).filter((name) => name !== resource),
  }));
  await restore(shoot, rules);
  return before;
}

export async function restore(shoot: Client, rules: readonly JsonMap[]): Promise<void> {
  await shoot.patch(`${RBAC}/clusterroles/${NAME}`, "merge", { rules });
}

async function readOnlyRules(shoot: Client): Promise<JsonMap[]> {
  const groups = mapsAt(await shoot.get("/apis"), "groups");
  const paths = [
    "/api/v1",
    ...groups
      .flatMap((group) => mapsAt(group, "versions"))
      .map((one) => `/apis/${textAt(one, "groupVersion")}`),
  ];
  const byGroup = new Map<string, Set<string>>();
  for (const path of paths) {
    const group = path === "/api/v1" ? "" : (path.split("/")[2] ?? "");
    const names = byGroup.get(group) ?? new Set<string>();
    byGroup.set(group, names);
    for (const resource of mapsAt(await shoot.get(path), "resources")) {
      const verbs = list(resource.verbs);
      const name = text(resource.name);
      if (ENCRYPTED.includes(name) && group === "") continue;
      if (verbs.includes("get") || verbs.includes("list")) names.add(name);
    }
  }
  const readable = [...byGroup].filter(([, resources]) => resources.size > 0);
  return readable.map(([group, resources]) => ({
    apiGroups: [group],
    resources: [...resources].sort(),
    verbs: ["get", "list", "watch"],
  }));
}
