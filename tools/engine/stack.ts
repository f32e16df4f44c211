/** Runs a Pulumi program on the real engine, in a stack of its own that leaves nothing behind. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import {
  CommandError,
  type Deployment,
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  PulumiCommand,
  type PulumiFn,
  Stack as PulumiStack,
} from "@pulumi/pulumi/automation";
import { separateConnections } from "./connections";
import { findEngine, type Engine } from "./engine";
import { environment } from "./environment";
import { readProject, repository } from "./project";
import { runOf, type Run } from "./run";

export interface StackOptions {
  /** A program given as a function, or the folder of one. Either can be set again, see {@link Stack.use}. */
  readonly program: PulumiFn | string;
  /** Default: `test`. */
  readonly name?: string;
  /** Default: that of the program's Pulumi.yaml, or `test`. */
  readonly project?: string;
  readonly config?: Config;
  /** On top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The working folder of a program that is a function, from which packages resolve. Default: the repository. */
  readonly cwd?: string;
  /** Default: {@link findEngine}. */
  readonly engine?: Engine;
}

export type Config = Readonly<Record<string, string | { readonly secret: string }>>;

export interface Options {
  /** `--refresh`: read every resource first. */
  readonly refresh?: boolean;
  readonly expectNoChanges?: boolean;
  /** `--diff`: the text shows every property that changes. */
  readonly diff?: boolean;
  readonly runProgram?: boolean;
  readonly target?: readonly string[];
  readonly replace?: readonly string[];
  readonly parallel?: number;
  /** Of the text. Default: `never`. */
  readonly color?: "always" | "never";
  /** Interrupts the CLI once, as Ctrl-C does. */
  readonly signal?: AbortSignal;
  /** Sees each event when it comes. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Sees the CLI's output when it comes. */
  readonly onOutput?: (text: string) => void;
  /** More of the environment, for this run. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Stack {
  readonly name: string;
  /** The stack's own temporary folder; for saved plans and the like. */
  readonly folder: string;
  /** @param savePlan file to save the plan in; @param json whether stdout shall be JSON. */
  preview(options?: Options & { readonly savePlan?: string; readonly json?: boolean }): Promise<Run>;
  /** @param plan file of a saved plan to keep to; @param continueOnError whether other resources are still updated. */
  up(options?: Options & { readonly plan?: string; readonly continueOnError?: boolean }): Promise<Run>;
  refresh(options?: Options): Promise<Run>;
  destroy(options?: Options): Promise<Run>;
  /** The stack's outputs after the last `up`, secrets marked. */
  outputs(): Promise<OutputMap>;
  exportState(): Promise<Deployment>;
  importState(state: Deployment): Promise<void>;
  /** Releases the lock that a CLI which was killed has left. */
  cancel(): Promise<void>;
  setConfig(config: Config): Promise<void>;
  removeConfig(key: string): Promise<void>;
  /** Another program from now on. */
  use(program: PulumiFn): void;
  /** Removes all that this stack has written; touches no resource. */
  close(): Promise<void>;
}

/** Each reads the version of its CLI once. */
const commands = new Map<string | undefined, Promise<PulumiCommand>>();

function commandOf({ root }: Engine): Promise<PulumiCommand> {
  const command = commands.get(root) ?? PulumiCommand.get(root === undefined ? {} : { root });
  commands.set(root, command);
  return command;
}

export async function openStack(options: StackOptions): Promise<Stack> {
  separateConnections();
  const engine = options.engine ?? (await findEngine());
  const name = options.name ?? "test";
  const folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const project = await readProject(options.program, options.cwd ?? repository, options.project);
    await writeFile(path.join(folder, "Pulumi.yaml"), project.settings);
    const workspace = await LocalWorkspace.create({
      workDir: folder,
      // A host that can run the program does so, as for every user.
      program: engine.languageHost ? project.inline : (project.inline ?? project.loaded),
      pulumiCommand: await commandOf(engine),
      envVars: await environment(folder, engine, options.env),
    });
    const stack = await PulumiStack.create(name, workspace);
    // Each of these would run the CLI again after every run, for half a second.
    const outputs = stack.outputs.bind(stack);
    stack.outputs = () => Promise.resolve({});
    stack.info = () => Promise.resolve(undefined);
    await setConfig(stack, options.config ?? {});
    return {
      ...runs(stack, workspace),
      name,
      folder,
      outputs,
      exportState: () => stack.exportStack(),
      importState: (state) => stack.importStack(state),
      cancel: () => stack.cancel(),
      setConfig: (config) => setConfig(stack, config),
      removeConfig: (key) => stack.removeConfig(key),
      use: (program) => {
        workspace.program = program;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function setConfig(stack: PulumiStack, config: Config): Promise<void> {
  const entries = Object.entries(config);
  if (entries.length === 0) return;
  const values = entries.map(([key, value]) => {
    return [key, typeof value === "string" ? { value } : { value: value.secret, secret: true }] as const;
  });
  await stack.setAllConfig(Object.fromEntries(values));
}

/** The four operations. What the CLI refuses is a run that has failed, not an exception. */
function runs(stack: PulumiStack, workspace: LocalWorkspace) {
  const perform = async (options: Options, act: (shared: ReturnType<typeof common>) => Promise<unknown>) => {
    const events: EngineEvent[] = [];
    const texts = { stdout: "", stderr: "" };
    const before = workspace.envVars;
    workspace.envVars = { ...before, ...options.env };
    const giveBack = borrowEnvironment(workspace.envVars);
    try {
      await act(common(options, events, texts));
      return runOf(true, events, texts);
    } catch (error) {
      if (error instanceof CommandError) return runOf(false, events, texts);
      throw error;
    } finally {
      giveBack();
      workspace.envVars = before;
    }
  };

  return {
    preview: ({ savePlan, json, ...options }: Parameters<Stack["preview"]>[0] = {}) =>
      perform(
        { ...options, env: { ...options.env, ...(json && { PULUMI_OPTION_JSON: "true" }) } },
        (shared) => stack.preview({ ...shared, plan: savePlan }),
      ),
    up: ({ plan, continueOnError, ...options }: Parameters<Stack["up"]>[0] = {}) =>
      perform(options, (shared) => stack.up({ ...shared, plan, continueOnError })),
    refresh: (options: Options = {}) => perform(options, (shared) => stack.refresh(shared)),
    destroy: (options: Options = {}) => perform(options, (shared) => stack.destroy(shared)),
  };
}

/** A program that is a function runs in this process, and sees the environment of its run as any other. */
function borrowEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  return () => {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  };
}

function common(options: Options, events: EngineEvent[], texts: { stdout: string; stderr: string }) {
  return {
    color: options.color ?? ("never" as const),
    refresh: options.refresh,
    expectNoChanges: options.expectNoChanges,
    diff: options.diff,
    runProgram: options.runProgram,
    target: options.target && [...options.target],
    replace: options.replace && [...options.replace],
    parallel: options.parallel,
    signal: options.signal,
    onEvent: (event: EngineEvent) => {
      events.push(event);
      options.onEvent?.(event);
    },
    onOutput: (text: string) => {
      texts.stdout += text;
      options.onOutput?.(text);
    },
    onError: (text: string) => {
      texts.stderr += text;
    },
  };
}
