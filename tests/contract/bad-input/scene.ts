/** A user's mistake on the sandbox: the result of check, what was logged, and what has reached the garden. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGardens } from "../../../provider/garden/gardens";
import { noEngine } from "../../../provider/engine/liveness";
import { check, CheckedShoots, type LifecycleContext } from "../../../provider/lifecycle";
import { systemClock } from "../../../provider/model/clock";
import { createRolloutLimiter } from "../../../provider/rollout";
import type { User } from "../../../sandbox/api/users";
import { badInputWorld } from "../../unit/lifecycle/bad-input-world";
import { startSandbox, type Sandbox } from "../../../sandbox/sandbox";

export const WEB = { project: "demo", name: "web" };

/** The stack's configuration and the environment. */
export interface GardenSource {
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PreviewOptions extends GardenSource {
  /** Inputs of an adopted cluster, as an earlier check gave them. */
  readonly olds?: unknown;
  readonly context?: RecordingContext;
}

export interface PreviewResult {
  /** One for each failure, as the engine shows them. */
  readonly messages: readonly string[];
  /** Other messages: `warning [GU043] …`. */
  readonly logged: readonly string[];
  readonly inputs: unknown;
}

export interface RecordingContext extends LifecycleContext {
  readonly logged: string[];
}

export interface BadInputScene {
  readonly sandbox: Sandbox;
  /** Of temporary files. */
  readonly folder: string;
  /** Checks in a preview, by default with the administrator's kubeconfig. */
  preview(declaration: unknown, options?: PreviewOptions): Promise<PreviewResult>;
  /** The kubeconfig of a user with these rights. */
  as(user: Pick<User, "name" | "rules">): GardenSource;
  file(name: string, content: string): Promise<string>;
  context(source?: GardenSource): RecordingContext;
  /** Requests of the provider that write. */
  writes(): string[];
  close(): Promise<void>;
}

export async function setBadInputScene(): Promise<BadInputScene> {
  const sandbox = await startSandbox({ world: badInputWorld });
  const folder = await mkdtemp(join(tmpdir(), "bad-input-"));
  const { garden } = sandbox;
  const file = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const admin = await file("garden.yaml", sandbox.kubeconfig);
  const context = (source: GardenSource = { env: { GARDEN_KUBECONFIG: admin } }) => recordingContext(source);

  return {
    sandbox,
    folder,
    file,
    context,
    as({ name, rules }) {
      const token = `token-of-${name}`;
      garden.users.add({ name, token, rules });
      return { config: { "gardener:kubeconfig": garden.kubeconfigFor({ name, token }) } };
    },
    async preview(declaration, options = {}) {
      const given = options.config !== undefined || options.env !== undefined;
      const on = options.context ?? context(given ? options : undefined);
      const result = await check(on, options.olds ?? {}, {
        declaration,
        run: { reportTo: `urn:pulumi:test::test::gardener:index:ShootVersions::web`, preview: true },
      });
      return {
        messages: result.failures.map(({ property, reason }) => `${property}${reason}`),
        logged: on.logged,
        inputs: result.inputs,
      };
    },
    writes: () =>
      garden.requests
        .filter(({ method, userAgent }) => method !== "GET" && userAgent.startsWith("pulumi-gardener/"))
        // A review and a viewer's kubeconfig are created, and change nothing.
        .filter(({ path }) => !/(accessreviews|viewerkubeconfig)$/.test(path))
        .filter(({ query }) => query["dryRun"] !== "All")
        .map(({ method, path }) => `${method} ${path}`),
    async close() {
      await rm(folder, { recursive: true, force: true });
      await sandbox.stop();
    },
  };
}

/** As provider/server.ts creates it, with a log that records. */
export function recordingContext({ config = {}, env = {} }: GardenSource): RecordingContext {
  const gardens = createGardens(systemClock, 5_000);
  const sources = { config: (name: string) => config[name], env };
  const logged: string[] = [];
  const record = (severity: string) => (_urn: string, message: string) => {
    logged.push(`${severity} ${message}`);
    return Promise.resolve();
  };
  return {
    logged,
    garden: (location) => gardens.open(location, sources),
    engine: noEngine,
    log: {
      info: record("info"),
      warn: record("warning"),
      status: () => undefined,
      flush: () => Promise.resolve(),
    },
    clock: systemClock,
    rolloutLimiter: createRolloutLimiter(5),
    checked: new CheckedShoots(),
  };
}
