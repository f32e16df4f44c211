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
import { badInputWorld } from "./bad-input-world";
import { startSandbox, type Sandbox } from "../../../sandbox/sandbox";

export const WEB = { project: "demo", name: "web" };

/** Where the garden is, in the stack's configuration and the environment. */
export interface Place {
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ask extends Place {
  /** Inputs of an adopted cluster, as an earlier check gave them. */
  readonly olds?: unknown;
  readonly host?: RecordingHost;
}

export interface Answer {
  /** One for each failure, as the engine shows them. */
  readonly messages: readonly string[];
  /** Other messages: `warning [GU043] …`. */
  readonly logged: readonly string[];
  readonly inputs: unknown;
}

export interface RecordingHost extends LifecycleContext {
  readonly logged: string[];
}

export interface BadInputScene {
  readonly sandbox: Sandbox;
  /** Of temporary files. */
  readonly folder: string;
  /** Checks in a preview, by default with the administrator's kubeconfig. */
  ask(declaration: unknown, asked?: Ask): Promise<Answer>;
  /** Says where the garden is, for a user with these rights. */
  as(user: Pick<User, "name" | "rules">): Place;
  file(name: string, content: string): Promise<string>;
  host(place?: Place): RecordingHost;
  /** Requests of the provider that were to change something. */
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
  const context = (place: Place = { env: { GARDEN_KUBECONFIG: admin } }) => recordingHost(place);

  return {
    sandbox,
    folder,
    file,
    host: context,
    as({ name, rules }) {
      const token = `token-of-${name}`;
      garden.users.add({ name, token, rules });
      return { config: { "gardener:kubeconfig": garden.kubeconfigFor({ name, token }) } };
    },
    async ask(declaration, asked = {}) {
      const placed = asked.config !== undefined || asked.env !== undefined;
      const on = asked.host ?? context(placed ? asked : undefined);
      const result = await check(on, asked.olds ?? {}, {
        declaration,
        reportTo: `urn:pulumi:test::test::gardener:index:ShootVersions::web`,
        preview: true,
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
        .filter(({ query, path }) => query["dryRun"] !== "All" && !path.endsWith("accessreviews"))
        .map(({ method, path }) => `${method} ${path}`),
    async close() {
      await rm(folder, { recursive: true, force: true });
      await sandbox.stop();
    },
  };
}

/** As provider/server.ts makes it, with a log that remembers. */
export function recordingHost({ config = {}, env = {} }: Place): RecordingHost {
  const gardens = createGardens(systemClock, 5_000);
  const sources = { config: (name: string) => config[name], env };
  const logged: string[] = [];
  const tell = (severity: string) => (_urn: string, message: string) => {
    logged.push(`${severity} ${message}`);
    return Promise.resolve();
  };
  return {
    logged,
    garden: (location) => gardens.open(location, sources),
    engine: noEngine,
    log: {
      info: tell("info"),
      warn: tell("warning"),
      status: () => undefined,
      flush: () => Promise.resolve(),
    },
    clock: systemClock,
    rolloutLimiter: createRolloutLimiter(5),
    checked: new CheckedShoots(),
  };
}
