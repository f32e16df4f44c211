/** A sandbox, and stacks of programs on it, for one file of tests. */
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { connect, type Client } from "../../sandbox/client";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/sandbox";
import { findEngine, type Engine } from "../../tools/engine/engine";
import type { Run } from "../../tools/engine/run";
import { openStack, type Stack, type StackOptions } from "../../tools/engine/stack";

export const SHOOTS = "/apis/core.gardener.cloud/v1beta1/namespaces/garden-demo/shoots";

export interface Scene {
  readonly sandbox: Sandbox;
  readonly engine: Engine;
  /** The garden's administrator. */
  readonly garden: Client;
  /** A stack whose programs find the garden by GARDEN_KUBECONFIG. */
  open(options: StackOptions): Promise<Stack>;
  /** Writes that have reached the garden from users, dry runs left out: `PATCH /apis/…`. */
  writes(): string[];
  close(): Promise<void>;
}

export async function setScene(options: SandboxOptions = {}): Promise<Scene> {
  const engine = await findEngine();
  const sandbox = await startSandbox({ speed: 20, ...options });
  const { url, ca, token, requests } = sandbox.garden;
  const garden = connect({ url, ca, token });
  const stacks: Stack[] = [];
  return {
    sandbox,
    engine,
    garden,
    async open(stackOptions) {
      const stack = await openStack({ engine, ...stackOptions });
      stacks.push(stack);
      const kubeconfig = path.join(stack.folder, "garden.yaml");
      await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
      return withEnvironment(stack, { GARDEN_KUBECONFIG: kubeconfig });
    },
    writes: () =>
      requests
        .filter(({ method, userAgent }) => method !== "GET" && userAgent.startsWith("pulumi-gardener/"))
        .filter(({ query }) => query["dryRun"] === undefined)
        .map(({ method, path: target }) => `${method} ${target}`),
    async close() {
      await Promise.all(stacks.map((stack) => stack.close()));
      garden.close();
      await sandbox.stop();
    },
  };
}

function withEnvironment(stack: Stack, common: Readonly<Record<string, string>>): Stack {
  const env = <Given extends { readonly env?: Readonly<Record<string, string>> }>(options: Given) => ({
    ...options,
    env: { ...common, ...options.env },
  });
  return {
    ...stack,
    preview: (options = {}) => stack.preview(env(options)),
    up: (options = {}) => stack.up(env(options)),
    refresh: (options = {}) => stack.refresh(env(options)),
    destroy: (options = {}) => stack.destroy(env(options)),
  };
}

/** What stays on the screen below resources of that name. */
export function told(run: Run, name: string): string {
  return run.messages
    .filter(({ urn }) => urn.endsWith(`::${name}`))
    .map(({ text }) => text)
    .join("\n");
}

/** Fails with all that the engine said. */
export function succeeded(run: Run): Run {
  if (!run.ok) throw new Error(`${run.stdout}\n${run.stderr}`);
  return run;
}
