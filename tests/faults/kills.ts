/** SIGKILL of engine or provider at a point of a rollout on the real engine, then a plain `up`. */
import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as gardener from "pulumi-gardener";
import { shoots as shootResource } from "../../sandbox/api/resource";
import { textAt } from "../../sandbox/json";
import { descendants, signal } from "../../tools/processes";
import type { Stack as EngineStack } from "../../tools/engine/stack";
import { setScene, succeeded, type Scene } from "../engine/scene";
import { fastClock } from "./clock";
import type { Director } from "./director";
import { createHistory } from "./history";
import type { Ended } from "./observed";
import { invariants } from "./invariants";
import { SHOOT } from "./others";
import { startProxy } from "./proxy";
import { kubeconfigFor, kubernetesRefusal, proxyIdentity } from "./world";

export interface Kill {
  readonly victim: "engine" | "provider" | "both";
  /** With the nth request of the rollout, before it is passed on, or the nth change of the Shoot since it began. */
  readonly at: "request" | "change";
  readonly nth: number;
  /** The next `up` comes at once, or when nothing of the killed one is left. */
  readonly next: "at once" | "afterwards";
}

export interface Killed {
  /** False: the run had ended before. */
  readonly fired: boolean;
  readonly violations: readonly string[];
}

export const POINTS = 50;
const VICTIMS = ["engine", "provider", "both"] as const;
/** There are so many in a rollout, and a few more. */
const REQUESTS = 8;
const CHANGES = 13;
/** Coprime to their number, so that a few points are of all kinds. */
const STRIDE = 8;

export function killAt(index: number): Kill {
  const place = (index * STRIDE) % (REQUESTS + CHANGES);
  return {
    victim: VICTIMS[index % VICTIMS.length] ?? "both",
    ...(place < REQUESTS ? { at: "request", nth: place + 1 } : { at: "change", nth: place - REQUESTS + 1 }),
    next: Math.floor(index / 2) % 2 === 0 ? "at once" : "afterwards",
  };
}

export function describeKill({ victim, at, nth, next }: Kill): string {
  const who = victim === "both" ? "engine and provider" : victim;
  return `SIGKILL of ${who} at ${at} ${nth} of a rollout, the next \`up\` ${next}`;
}

/** A rollout takes a second, so that there is a middle to it. */
const SPEED = 6;
const DECLARED = { kubernetes: "1.34", image: "1877.3.0" };
/**
 * The program's process and the provider's, which each read the CloudProfile once. Before that a kill may find a provider's
 * process that the engine has not called yet: like that of any dynamic provider it does nothing, and does not end.
 */
const PROCESSES = 2;
/** An engine that is gone is noticed within seconds. */
const ORPHAN_MS = 20_000;

export async function killOnce(kill: Kill): Promise<Killed> {
  const scene = await setScene({ speed: SPEED });
  const history = createHistory();
  let armed = false;
  let profiles = 0;
  let counts = { request: 0, change: 0 };
  let fired: { readonly at: number; readonly left: readonly number[] } | undefined;

  function reach(at: Kill["at"]): void {
    if (!armed || fired !== undefined) return;
    counts = { ...counts, [at]: counts[at] + 1 };
    if (at !== kill.at || counts[at] < kill.nth) return;
    const { killed, left } = strike(kill.victim);
    // A provider that has not started yet is killed as soon as it has.
    if (killed > 0) fired = { at: performance.now(), left };
  }

  const { store } = scene.sandbox.garden;
  for (const object of store.list(shootResource)) history.add({ object, type: "ADDED" });
  store.onChange((change) => {
    if (change.object.kind !== "Shoot") return;
    history.add(change);
    reach("change");
  });
  const director: Director = {
    begun: [],
    next(traffic) {
      if (armed && traffic === "profile") profiles++;
      if (profiles === PROCESSES) reach("request");
      return Promise.resolve(undefined);
    },
    isPlaying: () => false,
    play: () => undefined,
    calm: () => undefined,
  };
  const proxy = await proxyFor(scene, director);
  try {
    const stack = await scene.open({ program: programFor({ version: "1.33.4" }) }, proxy.kubeconfig);
    succeeded(await stack.up());
    stack.use(programFor({ version: DECLARED.kubernetes }, { version: DECLARED.image }));
    armed = true;
    await stack.up();
    armed = false;
    if (process.env["KILLS_LOG"] !== undefined) console.log(JSON.stringify(counts), fired?.left);
    await unlock(stack);
    const found: string[] = [];
    if (kill.next === "afterwards" && fired !== undefined) {
      found.push(...(await outlived(fired.left)));
      const late = proxy.passed.filter(({ traffic, at }) => traffic === "write" && at > (fired?.at ?? 0));
      // The one that was under way.
      if (late.length > 1) found.push(`${late.length} writes after the kill, before the next \`up\``);
    }
    const last = await plainUp(scene, stack);
    if (kill.next === "at once" && fired !== undefined) found.push(...(await outlived(fired.left)));
    const observed = {
      garden: "gardener" as const,
      declared: DECLARED,
      moments: history.moments,
      passed: proxy.passed,
      runs: [last],
      secrets: [scene.sandbox.garden.token],
      rival: false,
      uid: textAt(await scene.garden.get(SHOOT), "status", "uid"),
    };
    const violations = Object.entries(invariants).flatMap(([name, holds]) =>
      holds(observed).map((violation) => `${name}: ${violation}`),
    );
    return { fired: fired !== undefined, violations: [...found, ...violations] };
  } finally {
    await proxy.close();
    await scene.close();
  }
}

function programFor(kubernetes: { version: string }, machineImage?: { version: string }) {
  return () => {
    const { kubernetesVersion, state } = new gardener.ShootVersions("web", {
      shoot: { project: "demo", name: "web" },
      kubernetes,
      machineImage,
    });
    return Promise.resolve({ kubernetesVersion, state });
  };
}

/** Kills at once, whatever they are at; `left`: the provider's processes, which may outlive it. */
function strike(victim: Kill["victim"]): { readonly killed: number; readonly left: readonly number[] } {
  const all = descendants();
  const engines = all.filter(({ command }) => /\bpulumi up\b/.test(command));
  const providers = all.filter(({ command }) => /dynamic-provider|pulumi-resource-/.test(command));
  const killed = { engine: engines, provider: providers, both: [...engines, ...providers] }[victim];
  for (const { pid } of killed) signal(pid, "SIGKILL");
  return { killed: killed.length, left: providers.map(({ pid }) => pid) };
}

/** Ends what is left, so that nothing of a failure stays behind. */
async function outlived(pids: readonly number[]): Promise<readonly string[]> {
  for (const end = Date.now() + ORPHAN_MS; pids.some(runs) && Date.now() < end;) await sleep(200);
  const left = pids.filter(runs);
  for (const pid of left) signal(pid, "SIGKILL");
  return left.map((pid) => `the provider's process ${pid} outlives its engine by ${ORPHAN_MS / 1000} s`);
}

function runs(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return state !== "" && !state.startsWith("Z");
  } catch {
    return false;
  }
}

/** As `pulumi cancel` does: an engine that was killed leaves its lock behind. */
async function unlock(stack: EngineStack): Promise<void> {
  await rm(path.join(stack.folder, "state", ".pulumi", "locks"), { recursive: true, force: true });
}

async function plainUp(scene: Scene, stack: EngineStack): Promise<Ended> {
  const began = performance.now();
  const run = await stack.up();
  const ended = performance.now();
  const cluster = await scene.sandbox.shootApis.clusterFor({ namespace: "garden-demo", name: "web" });
  const state: unknown = run.ok ? (await stack.outputs())["state"]?.value : undefined;
  return {
    name: "last",
    began,
    ended,
    messages: run.messages.map(({ text }) => text),
    outcome: run.ok
      ? { kind: "done", did: "update", state: { state } }
      : { kind: "failed", phase: "up", error: new Error(`${run.stdout}\n${run.stderr}`) },
    stack: {},
    declared: DECLARED,
    nodes: await cluster.listNodes(),
  };
}

async function proxyFor({ sandbox: { garden } }: Scene, director: Director) {
  const { ca, tls } = await proxyIdentity();
  const proxy = await startProxy({
    tls,
    upstream: { url: garden.url, ca: garden.ca, refusal: kubernetesRefusal },
    director,
    clock: fastClock(1),
    rewrite: (body) => body,
    say: () => undefined,
  });
  return { ...proxy, kubeconfig: kubeconfigFor(proxy.url, ca.certificate, garden.token) };
}
