/** The garden that a program means: where it is, who calls it, and how it is opened. */
import { createHash } from "node:crypto";
import { systemClock } from "../model/clock";
import { createCleuraGarden, openCleura, resolveCleura } from "./cleura";
import { cleuraFields, type GardenLocation } from "../model/location";
import { openConnection, resolveConnection, type ConnectionSources } from "./connection";
import type { Garden } from "./garden";
import { createGardenerGarden } from "./gardener";
import { kindOf } from "./kind";

export interface ResolvedGarden {
  /** Of the garden and of where the credentials for it come from. */
  readonly key: string;
  open(): Promise<Garden>;
}

/** Rejects with what is wrong with the location or the credentials. */
export async function openGarden(location: GardenLocation, sources: ConnectionSources): Promise<Garden> {
  return (await resolveGarden(location, sources)).open();
}

/** Reads configuration, environment and, for Cleura, the profile of the `cleura` command. */
export async function resolveGarden(
  location: GardenLocation,
  sources: ConnectionSources,
): Promise<ResolvedGarden> {
  const { env } = sources;
  if (kindOf(location, sources) === "gardener") {
    const source = resolveConnection(location, sources);
    return {
      key: digest(["gardener", source, variables(env)]),
      open: async () => createGardenerGarden(await openConnection(source, env, systemClock), { env }),
    };
  }
  const endpoint = await resolveCleura(location.cleura ?? {}, sources);
  return {
    key: digest(["cleura", endpoint, cleuraSettings(sources), variables(env)]),
    open: async () => createCleuraGarden(endpoint, await openCleura(endpoint, sources, systemClock), { env }),
  };
}

/**
 * Of everything that resolving depends on: stacks that share a process may call as different users, and
 * the configuration of a stack may change between two runs.
 */
export function settingsKey(location: GardenLocation, sources: ConnectionSources): string {
  const digested = settings.get(sources) ?? digestSettings(sources);
  settings.set(sources, digested);
  return JSON.stringify([location, process.cwd(), digested]);
}

/** Of sources that one process uses for all that the engine requests: their configuration and environment do not change. */
const settings = new WeakMap<ConnectionSources, string>();

function digestSettings(sources: ConnectionSources): string {
  const kubeconfig = ["kubeconfig", "kubeconfigPath", "context"].map((key) =>
    sources.config(`gardener:${key}`),
  );
  return digest([kubeconfig, cleuraSettings(sources), variables(sources.env)]);
}

const cleuraKeys = [
  ...Object.values(cleuraFields).map(({ config }) => config),
  ...["Url", "Username", "Token", "Password"].map((name) => `gardener:cleura${name}`),
];

function cleuraSettings({ config }: ConnectionSources): readonly (string | undefined)[] {
  return cleuraKeys.map((key) => config(key));
}

/** Those that lead to credentials, to the `cleura` command and its profile, or to a proxy. */
function variables(env: NodeJS.ProcessEnv): readonly (readonly [string, string | undefined])[] {
  // Names first: to read a variable of the process costs more than to compare its name.
  return Object.keys(env)
    .filter((name) => /^(CLEURA_.*|GARDEN_KUBECONFIG|HOME|PATH|NODE_EXTRA_CA.*|.*_PROXY)$/i.test(name))
    .sort()
    .map((name) => [name, env[name]]);
}

/** A key holds no credentials. */
function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64");
}
