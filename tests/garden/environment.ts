/** The process tree of the real Gardener, through our Go program: started, spoken to, ended without a trace. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isRecord } from "../../provider/model/json";

export interface EnvironmentOptions {
  readonly program: string;
  readonly programs: string;
  /** Everything is written there; the folder `logs` in it exists. */
  readonly directory: string;
  readonly clientCa: string;
  readonly clientCaKey: string;
  readonly featureGates: readonly string[];
}

/** A kube-apiserver in the role of a Shoot's; all values but the first two are PEM. */
export interface ShootServer {
  readonly name: string;
  readonly url: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly clientCa: string;
  readonly clientCaKey: string;
  readonly proxyCertificate: string;
  readonly proxyKey: string;
  readonly adminCertificate: string;
  readonly adminKey: string;
}

export interface Environment {
  readonly url: string;
  readonly ca: string;
  startShoot(name: string): Promise<ShootServer>;
  stop(): Promise<void>;
}

type Message =
  | { readonly kind: "garden"; readonly url: string; readonly ca: string }
  | { readonly kind: "shoot"; readonly shoot: ShootServer }
  | { readonly kind: "failed"; readonly name: string; readonly reason: string }
  | { readonly kind: "error"; readonly reason: string };

const STOP_MS = 20_000;

export async function startEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const log = createWriteStream(join(options.directory, "logs", "gardener-apiserver.log"));
  // A session of its own: a Ctrl-C in the terminal ends this process alone, which then ends the others in order, and
  // what a crash leaves behind can be distinguished from everything else. Its standard input closes with this process, whatever
  // ends it, and with that it ends itself.
  const child = spawn(
    options.program,
    [
      ...["--assets", options.programs, "--directory", options.directory],
      ...["--client-ca", options.clientCa, "--client-ca-key", options.clientCaKey],
      ...["--feature-gates", options.featureGates.join(",")],
    ],
    { detached: true, stdio: ["pipe", "pipe", "pipe"] },
  );
  child.stderr.pipe(log);

  const waiting = new Map<string, (message: Message) => void>();
  const ended = once(child, "exit").catch(() => undefined);
  const stop = async (): Promise<void> => {
    await end(child, ended);
  };
  const answers = new Promise<Message>((resolve) => {
    waiting.set("garden", resolve);
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = readMessage(line);
    if (message === undefined) return;
    const to =
      message.kind === "shoot" ? message.shoot.name : message.kind === "failed" ? message.name : "garden";
    waiting.get(to)?.(message);
    waiting.delete(to);
  });
  void ended.then(() => {
    const reason = `it ended; see the logs in ${join(options.directory, "logs")}`;
    for (const tell of waiting.values()) tell({ kind: "error", reason });
    waiting.clear();
  });

  const garden = await answers;
  if (garden.kind !== "garden") {
    await stop();
    throw new Error(
      `The real Gardener did not start: ${garden.kind === "error" ? garden.reason : garden.kind}`,
    );
  }
  return {
    url: garden.url,
    ca: garden.ca,
    async startShoot(name) {
      const answer = new Promise<Message>((resolve) => {
        waiting.set(name, resolve);
      });
      child.stdin.write(`${name}\n`);
      const message = await answer;
      if (message.kind === "shoot") return message.shoot;
      throw new Error(
        `The API server of Shoot ${name} did not start: ${message.kind === "garden" ? "" : message.reason}`,
      );
    },
    stop,
  };
}

async function end(child: ChildProcessWithoutNullStreams, ended: Promise<unknown>): Promise<void> {
  if (child.pid === undefined) return;
  child.stdin.end();
  child.kill("SIGTERM");
  const timer = new AbortController();
  await Promise.race([ended, sleep(STOP_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
  await killSession(child.pid);
}

/** Ends what is left of the session: nothing, unless its session leader has crashed or hangs. */
async function killSession(session: number): Promise<void> {
  const { stdout } = await promisify(execFile)("ps", ["-e", "-o", "pid=,sess="]);
  for (const line of stdout.split("\n")) {
    const [pid, owner] = line.trim().split(/\s+/).map(Number);
    if (owner !== session || pid === undefined) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function readMessage(line: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  if (isRecord(value.garden))
    return { kind: "garden", url: field(value.garden, "url"), ca: field(value.garden, "ca") };
  if (isRecord(value.shoot)) return { kind: "shoot", shoot: readShoot(value.shoot) };
  if (value.failed !== undefined)
    return { kind: "failed", name: field(value, "failed"), reason: field(value, "reason") };
  return { kind: "error", reason: field(value, "error") };
}

function readShoot(value: Readonly<Record<string, unknown>>): ShootServer {
  return {
    name: field(value, "name"),
    url: field(value, "url"),
    ca: field(value, "ca"),
    certificate: field(value, "certificate"),
    key: field(value, "key"),
    clientCa: field(value, "clientCa"),
    clientCaKey: field(value, "clientCaKey"),
    proxyCertificate: field(value, "proxyCertificate"),
    proxyKey: field(value, "proxyKey"),
    adminCertificate: field(value, "adminCertificate"),
    adminKey: field(value, "adminKey"),
  };
}

function field(value: Readonly<Record<string, unknown>>, name: string): string {
  const found = value[name];
  return typeof found === "string" ? found : "";
}
