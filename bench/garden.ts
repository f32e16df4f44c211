/** A sandbox in a process of its own, so that it does not compete with what is measured for one event loop. */
import { manyShoots } from "../sandbox/fixtures/demo";
import { startSandbox } from "../sandbox/sandbox";

async function main(): Promise<void> {
  const shoots = Number(process.argv[2]);
  const sandbox = await startSandbox({ world: manyShoots(shoots, 1), speed: 1_000 });
  await sandbox.reconciled();
  process.send?.({ kubeconfig: sandbox.kubeconfig, url: sandbox.garden.url });
  process.on("message", () => {
    const requests = sandbox.garden.requests.splice(0);
    process.send?.(
      requests
        .filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"))
        .map(({ method, path, query }) =>
          describe(method, path, query["dryRun"] !== undefined, query["watch"]),
        ),
    );
  });
  process.on("disconnect", () => process.exit());
}

function describe(method: string, path: string, dryRun: boolean, watch: string | undefined): string {
  const resource = path
    .replace(/\/apis\/core\.gardener\.cloud\/v1beta1/, "")
    .replace(/\/shoots\/[^/]+/, "/shoots/NAME")
    .replace(/configmaps\/[^/]+/, "configmaps/NAME");
  const verb = method !== "GET" ? method : watch === undefined ? "GET" : "WATCH";
  return `${verb} ${resource}${dryRun ? " (dry run)" : ""}`;
}

void main();
