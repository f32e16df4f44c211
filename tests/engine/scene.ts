/** A garden with the Shoot garden-demo/web, and stacks of programs on it, for one file of tests. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { connect, type Client } from "../../sandbox/client";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/sandbox";
import { findEngine, type Engine } from "../../tools/engine/engine";
import type { Run } from "../../tools/engine/run";
import { openStack, type Stack, type StackOptions } from "../../tools/engine/stack";
import type { PolicyRule } from "./permissions";

export const NAMESPACE = "garden-demo";
export const SHOOTS = `/apis/core.gardener.cloud/v1beta1/namespaces/${NAMESPACE}/shoots`;

/** What a garden has to offer. */
export interface Stage {
  /** The garden's administrator. */
  readonly garden: Client;
  /** Its kubeconfig, with which programs run. */
  readonly kubeconfig: string;
  /** The kubeconfig of a new user with these rules in the namespace garden-demo. */
  addUser(name: string, rules: readonly PolicyRule[]): Promise<string>;
  /** Resolves as soon as every Shoot is reconciled and healthy. */
  reconciled(): Promise<void>;
  /** Calls of this package since the start or the last `forget`, where the garden records them. */
  readonly calls?: Calls;
  close(): Promise<void>;
}

export interface Calls {
  /** `GET /apis/…`. */
  all(): string[];
  /** Dry runs, access reviews and kubeconfigs for viewers are left out. */
  writes(): string[];
  forget(): void;
}

export interface GardenScene extends Stage {
  readonly engine: Engine;
  /** A stack whose programs find the garden by GARDEN_KUBECONFIG. */
  open(options: StackOptions, kubeconfig?: string): Promise<Stack>;
}

export interface Scene extends GardenScene {
  readonly sandbox: Sandbox;
  readonly calls: Calls;
  /** Writes that have reached the garden from users, dry runs left out: `PATCH /apis/…`. */
  writes(): string[];
}

export async function setScene(options: SandboxOptions = {}): Promise<Scene> {
  const sandbox = await startSandbox({ speed: 20, ...options });
  const { url, ca, token, requests, users, kubeconfigFor } = sandbox.garden;
  const garden = connect({ url, ca, token });
  const ours = () => requests.filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"));
  const calls: Calls = {
    all: () => ours().map(({ method, path: target }) => `${method} ${target}`),
    writes: () =>
      ours()
        .filter(({ method, query }) => method !== "GET" && query["dryRun"] === undefined)
        // These issue a kubeconfig or report permissions, and change nothing.
        .filter(({ path: target }) => !/\/(viewerkubeconfig|selfsubjectaccessreviews)$/.test(target))
        .map(({ method, path: target }) => `${method} ${target}`),
    forget: () => void requests.splice(0),
  };
  const scene = await sceneOn({
    garden,
    kubeconfig: sandbox.kubeconfig,
    addUser(name, rules) {
      const user = {
        name,
        token: randomBytes(12).toString("hex"),
        rules: rules.map((rule) => ({ ...rule, namespaces: [NAMESPACE] })),
      };
      users.add(user);
      return Promise.resolve(kubeconfigFor(user));
    },
    reconciled: sandbox.reconciled,
    async close() {
      garden.close();
      await sandbox.stop();
    },
  });
  return { ...scene, sandbox, calls, writes: calls.writes };
}

export async function sceneOn(stage: Stage): Promise<GardenScene> {
  const engine = await findEngine();
  const stacks: Stack[] = [];
  return {
    ...stage,
    engine,
    async open(stackOptions, kubeconfig = stage.kubeconfig) {
      const stack = await openStack({ engine, ...stackOptions });
      stacks.push(stack);
      const file = path.join(stack.folder, "garden.yaml");
      await writeFile(file, kubeconfig, { mode: 0o600 });
      return withEnvironment(stack, { GARDEN_KUBECONFIG: file });
    },
    async close() {
      await Promise.all(stacks.map((stack) => stack.close()));
      await stage.close();
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

/** Makes the simulated gardenlet fail for the Shoot web; null: no longer. */
export async function setFault({ garden }: Stage, fault: string | null): Promise<void> {
  await garden.patch(`${SHOOTS}/web`, "merge", { metadata: { annotations: { [FAULT_ANNOTATION]: fault } } });
}

/** Messages that remain on the screen below resources of that name. */
export function messagesOf(run: Run, name: string): string {
  return run.messages
    .filter(({ urn }) => urn.endsWith(`::${name}`))
    .map(({ text }) => text)
    .join("\n");
}

/** Fails with all the output of the engine. */
export function succeeded(run: Run): Run {
  if (!run.ok) throw new Error(`${run.stdout}\n${run.stderr}`);
  return run;
}
