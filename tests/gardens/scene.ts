/** A garden behind the provider's interface, with access to the server behind it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCleuraGarden, openCleura, resolveCleura } from "../../provider/garden/cleura";
import type { Garden } from "../../provider/garden/garden";
import { openGarden } from "../../provider/garden/open";
import { systemClock, type Clock } from "../../provider/model/clock";
import type { Fault, Recorded } from "../../sandbox/http";
import { createCa } from "../../sandbox/pki";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/sandbox";

/** What is wrong with a connection. */
export type ConnectionFailure =
  "connection refused" | "another authority" | "refused credentials" | "no rights";

export interface Scene {
  readonly sandbox: Sandbox;
  /** With all rights. */
  readonly garden: Garden;
  open(failure: ConnectionFailure): Promise<Garden>;
  /** Responds in the server's place where the function returns a fault, until the returned function is called. */
  disturb(fault: (call: Recorded) => Fault | undefined): () => void;
  /** Calls that change a Shoot, as the server has seen them. */
  writes(): readonly string[];
  /** How the server refuses for the given reason. */
  refusal(code: number, message: string): Fault;
  /** What no error may contain. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** A scene for each test. */
export function useScene(open: () => Promise<Scene>): () => Scene {
  let current: Scene | undefined;
  const scene = () => {
    if (current === undefined) throw new Error("There is no garden outside a test.");
    return current;
  };
  beforeEach(async () => {
    current = await open();
  });
  afterEach(() => scene().close());
  return scene;
}

/** The fastest at which a sandbox still shows a rollout's progress. */
const SPEED = 20;

export async function gardenerScene(options: SandboxOptions = {}): Promise<Scene> {
  const sandbox = await startSandbox({ speed: SPEED, ...options });
  const folder = await mkdtemp(join(tmpdir(), "gardens-"));
  const { garden } = sandbox;
  const another = await createCa("another authority");
  garden.users.add({ name: "visitor", token: "token-of-visitor", rules: [] });

  async function connection(name: string, kubeconfig: string): Promise<Garden> {
    const path = join(folder, `${name.replaceAll(" ", "-")}.yaml`);
    await writeFile(path, kubeconfig, { mode: 0o600 });
    return openGarden({ kubeconfig: path }, { config: () => undefined, env: {} });
  }

  const kubeconfigs: Readonly<Record<ConnectionFailure, string>> = {
    "connection refused": garden.kubeconfig.replace(garden.url, "https://127.0.0.1:9"),
    "another authority": garden.kubeconfig.replace(base64(garden.ca), base64(another.certificate)),
    "refused credentials": garden.kubeconfigFor({ name: "nobody", token: "token-of-nobody" }),
    "no rights": garden.kubeconfigFor({ name: "visitor", token: "token-of-visitor" }),
  };
  return {
    sandbox,
    garden: await connection("admin", garden.kubeconfig),
    open: (failure) => connection(failure, kubeconfigs[failure]),
    disturb: (fault) => garden.intercept((call) => (isOurs(call) ? fault(call) : undefined)),
    writes: () =>
      garden.requests
        .filter((call) => isOurs(call) && call.method === "PATCH" && call.query["dryRun"] === undefined)
        .map(({ method, path }) => `${method} ${path}`),
    refusal: (code, message) => ({
      kind: "answer",
      code,
      body: { kind: "Status", apiVersion: "v1", status: "Failure", code, message, reason: "" },
    }),
    secrets: [garden.token, "token-of-nobody", "token-of-visitor"],
    async close() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function cleuraScene(options: SandboxOptions = {}): Promise<Scene> {
  const sandbox = await startSandbox({ speed: SPEED, cleura: true, ...options });
  const { cleura } = sandbox;
  const folder = await mkdtemp(join(tmpdir(), "gardens-"));
  const another = await createCa("another authority");
  const file = async (name: string, content: string) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const authority = await file("ca.pem", cleura.ca);
  const clock = fast(SPEED);

  async function connection(changed: NodeJS.ProcessEnv = {}): Promise<Garden> {
    const env = {
      CLEURA_REGION: cleura.region,
      CLEURA_PROJECT_ID: cleura.projectId,
      CLEURA_API_URL: cleura.url,
      CLEURA_API_USERNAME: cleura.username,
      CLEURA_API_TOKEN: cleura.token,
      NODE_EXTRA_CA_CERTS: authority,
      ...changed,
    };
    const sources = { config: () => undefined, env };
    const endpoint = await resolveCleura({}, sources);
    return createCleuraGarden(endpoint, await openCleura(endpoint, sources, clock), { clock, env });
  }

  const visitor = cleura.accounts.withoutRights;
  const failures: Readonly<Record<ConnectionFailure, NodeJS.ProcessEnv>> = {
    "connection refused": { CLEURA_API_URL: "https://127.0.0.1:9" },
    "another authority": { NODE_EXTRA_CA_CERTS: await file("another.pem", another.certificate) },
    "refused credentials": { CLEURA_API_TOKEN: "token-of-nobody" },
    "no rights": { CLEURA_API_USERNAME: visitor.username, CLEURA_API_TOKEN: visitor.token },
  };
  return {
    sandbox,
    garden: await connection(),
    open: (failure) => connection(failures[failure]),
    disturb: (fault) => cleura.intercept(fault),
    writes: () =>
      cleura.requests
        .filter(({ method, path }) => method !== "GET" && !path.endsWith("/admin-kubeconfig"))
        .map(({ method, path }) => `${method} ${path}`),
    refusal: (code, message) => ({ kind: "answer", code, body: { error: { code, message } } }),
    secrets: [cleura.token, cleura.password, visitor.token, "token-of-nobody"],
    async close() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isOurs({ userAgent }: Recorded): boolean {
  return userAgent.startsWith("pulumi-gardener/");
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A clock as fast as the sandbox's, so that the intervals of polling are short. */
function fast(speed: number): Clock {
  const start = Date.now();
  return {
    now: () => new Date(start + (Date.now() - start) * speed),
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
  };
}
