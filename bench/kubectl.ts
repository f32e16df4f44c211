/** What a script with kubectl costs at the same distance: one list, and one patch with a dry run per Shoot. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { shootNames } from "./names";

const run = promisify(execFile);

/** In seconds; undefined where there is no kubectl. */
export async function measureKubectl(
  kubeconfig: string,
  shoots: number,
  version: string,
): Promise<number | undefined> {
  const kubectl = (...args: readonly string[]) =>
    run("kubectl", ["--kubeconfig", kubeconfig, "--namespace", "garden-demo-1", ...args], {
      maxBuffer: 2 ** 28,
    });
  try {
    await run("kubectl", ["version", "--client"]);
  } catch {
    return undefined;
  }
  const began = performance.now();
  await kubectl("get", "shoots.core.gardener.cloud", "--output", "json");
  const patch = JSON.stringify({ spec: { kubernetes: { version } } });
  for (const name of shootNames(shoots)) {
    const shoot = `shoots.core.gardener.cloud/${name}`;
    await kubectl("patch", shoot, "--type", "merge", "--dry-run=server", "--patch", patch);
  }
  return (performance.now() - began) / 1_000;
}
