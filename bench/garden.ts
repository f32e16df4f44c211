/** A sandbox in a process of its own, so that it does not compete with what is measured for one event loop. */
import { randomBytes } from "node:crypto";
import { CLOUD_PROFILE, profile, type World } from "../sandbox/fixtures/demo";
import { project, shoot } from "../sandbox/fixtures/objects";
import { textAt } from "../sandbox/json";
import { KUBECONFIG_RATE } from "../sandbox/api/rate";
import { startSandbox, type Sandbox } from "../sandbox/sandbox";
import { isRecord } from "../provider/model/json";
import { projectNames, shootNames } from "./names";
import { processorSeconds } from "./processes";
import { WITHOUT_CLUSTERS } from "./rights";
import { RUNS } from "./versions";

async function main(): Promise<void> {
  const [shoots = 1, speed = 1_000, projects = 1, clusters] = process.argv.slice(2).map(Number);
  const kubeconfigRate = clusters === 1 ? KUBECONFIG_RATE : undefined;
  const sandbox = await startSandbox({ world: worldOf(shoots, projects), speed, kubeconfigRate });
  await sandbox.reconciled();
  const { requests, store, url } = sandbox.garden;
  let signals: Record<string, number[]> = {};
  store.onChange(({ object, previous }) => {
    if (object.kind !== "Shoot" || reported(object) === reported(previous)) return;
    (signals[textAt(object, "metadata", "name")] ??= []).push(performance.timeOrigin + performance.now());
  });
  process.send?.({ kubeconfig: clusters === 0 ? withoutClusters(sandbox) : sandbox.kubeconfig, url });
  process.on("message", () => {
    const made = requests
      .splice(0)
      .filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"))
      .map(({ method, path, query }) =>
        describe(method, path, query["dryRun"] !== undefined, query["watch"]),
      );
    process.send?.({ requests: made, signals, processorSeconds: processorSeconds() });
    signals = {};
  });
  process.on("disconnect", () => process.exit());
}

function withoutClusters({ garden }: Sandbox): string {
  const user = {
    name: "without-clusters",
    token: randomBytes(12).toString("hex"),
    rules: WITHOUT_CLUSTERS,
  };
  garden.users.add(user);
  return garden.kubeconfigFor(user);
}

/** In each project as many Shoots of one pool. */
function worldOf(shoots: number, projects: number): World {
  return (now) => [
    profile(now),
    ...projectNames(projects).flatMap((name) => [
      ...project(name),
      ...shootNames(shoots).map((shootName) =>
        shoot(
          name,
          CLOUD_PROFILE,
          { name: shootName, kubernetesVersion: RUNS, pools: [{ name: "pool-1" }] },
          now,
        ),
      ),
    ]),
  ];
}

/** What a rollout waits for. */
function reported(object: unknown): string {
  const status = isRecord(object) && isRecord(object["status"]) ? object["status"] : {};
  const operation = isRecord(status["lastOperation"]) ? status["lastOperation"]["state"] : "";
  return JSON.stringify([operation, status["observedGeneration"], status["conditions"]]);
}

function describe(method: string, path: string, dryRun: boolean, watch: string | undefined): string {
  const resource = path
    .replace(/\/apis\/core\.gardener\.cloud\/v1beta1/, "")
    .replace(/\/shoots\/[^/]+/, "/shoots/NAME")
    .replace(/namespaces\/[^/]+/, "namespaces/NAMESPACE")
    .replace(/projects\/[^/]+/, "projects/PROJECT")
    .replace(/configmaps\/[^/]+/, "configmaps/NAME");
  const verb = method !== "GET" ? method : watch === undefined ? "GET" : "WATCH";
  return `${verb} ${resource}${dryRun ? " (dry run)" : ""}`;
}

void main();
