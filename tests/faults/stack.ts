/** What the Pulumi engine does with the provider in one run, in process and over plain JSON. */
import { isDeepStrictEqual } from "node:util";
import { noEngine } from "../../provider/engine/liveness";
import * as lifecycle from "../../provider/lifecycle";
import { isRecord } from "../../provider/model/json";
import { createRolloutLimiter } from "../../provider/rollout";
import type { Garden } from "../../provider/garden/garden";
import type { FastClock } from "./clock";

/** What the engine keeps between runs. */
interface Resource {
  readonly id: string;
  readonly inputs: unknown;
  readonly outputs: unknown;
}

export interface Stack {
  resource?: Resource;
}

type Outcome =
  | { readonly kind: "done"; readonly did: "nothing" | "create" | "update"; readonly state: unknown }
  | { readonly kind: "failed"; readonly phase: string; readonly error: unknown };

export interface Run {
  readonly name: string;
  readonly began: number;
  ended: number;
  readonly messages: string[];
  outcome: Outcome;
  readonly stack: Stack;
}

export interface Parts {
  readonly clock: FastClock;
  /** A new connection: a provider's process of its own. */
  open(): Promise<Garden>;
}

const URN = "urn:pulumi:test::test::gardener:index:ShootVersions$pulumi-nodejs:dynamic:Resource::web";

class Refused extends Error {}

/** `pulumi up`: a preview and an update, each in a process of its own. */
export async function up(parts: Parts, stack: Stack, declaration: unknown, name: string): Promise<Run> {
  return recorded(name, stack, async (run) => {
    await step("preview", () => plan(parts, run, declaration, true));
    const planned = await step("check", () => plan(parts, run, declaration, false));
    const { host, inputs, changes } = planned;
    const known = stack.resource;
    if (known === undefined) {
      const { id, outs } = await step("create", async () => plain(await lifecycle.create(host, inputs)));
      stack.resource = { id, inputs, outputs: outs };
      return { kind: "done", did: "create", state: outs };
    }
    if (!changes) {
      stack.resource = { ...known, inputs };
      return { kind: "done", did: "nothing", state: known.outputs };
    }
    const { outs } = await step("update", async () =>
      plain(await lifecycle.update(host, known.outputs, inputs)),
    );
    stack.resource = { ...known, inputs, outputs: outs };
    return { kind: "done", did: "update", state: outs };
  });
}

export async function refresh(parts: Parts, stack: Stack): Promise<Run> {
  return recorded("refresh", stack, async (run) => {
    const known = stack.resource;
    if (known === undefined) return { kind: "done", did: "nothing", state: undefined };
    const host = await hostOf(parts, run);
    const { id, props, inputs } = await step("read", async () =>
      plain(await lifecycle.read(host, known.id, known.outputs)),
    );
    stack.resource = id === "" ? undefined : { id, inputs, outputs: props };
    return { kind: "done", did: "nothing", state: props };
  });
}

async function plan(parts: Parts, run: Run, declaration: unknown, preview: boolean) {
  const host = await hostOf(parts, run);
  const known = run.stack.resource;
  const request = { declaration, run: { reportTo: URN, preview } };
  const { inputs, failures } = plain(await lifecycle.check(host, known?.inputs ?? {}, request));
  if (failures.length > 0) throw new Refused(failures.map(({ reason }) => reason).join("\n"));
  if (known === undefined) return { host, inputs, changes: true };
  const { changes, replaces } = plain(await lifecycle.diff(host, known.outputs, inputs));
  if (replaces !== undefined) run.stack.resource = undefined;
  return { host, inputs, changes: changes ?? !isDeepStrictEqual(known.inputs, inputs) };
}

async function hostOf({ clock, open }: Parts, { messages }: Run): Promise<lifecycle.LifecycleContext> {
  const garden = await open();
  const say = (kind: string) => (_urn: string, message: string) => {
    messages.push(`${kind}: ${message}`);
    return Promise.resolve();
  };
  return {
    garden: () => Promise.resolve(garden),
    log: {
      info: say("info"),
      warn: say("warning"),
      status: (urn, message) => void say("status")(urn, message),
      flush: () => Promise.resolve(),
    },
    engine: noEngine,
    clock,
    rolloutLimiter: createRolloutLimiter(5),
    checked: new lifecycle.CheckedShoots(),
  };
}

class Failed extends Error {
  constructor(
    readonly phase: string,
    readonly reason: unknown,
  ) {
    super(phase);
  }
}

async function step<Result>(phase: string, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    throw new Failed(phase, error);
  }
}

async function recorded(name: string, stack: Stack, task: (run: Run) => Promise<Outcome>): Promise<Run> {
  const running: Outcome = { kind: "failed", phase: "hang", error: new Error("it has not ended") };
  const run: Run = { name, began: performance.now(), ended: Infinity, messages: [], outcome: running, stack };
  try {
    run.outcome = await task(run);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    run.outcome = { kind: "failed", phase: error.phase, error: error.reason };
  }
  run.ended = performance.now();
  return run;
}

/** The engine's gRPC layer breaks on what is undefined. */
function plain<Value>(value: Value): Value {
  const path = undefinedIn(value, "");
  if (path !== undefined) throw new Error(`undefined goes back to the engine: ${path}`);
  return value;
}

function undefinedIn(value: unknown, path: string): string | undefined {
  if (value === undefined) return path === "" ? "the value itself" : path;
  const entries = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? Object.entries(value) : [];
  for (const [key, part] of entries) {
    const found = undefinedIn(part, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A failure of check is no exception of the provider, but its reasons are the same kind of message. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Refused;
}
