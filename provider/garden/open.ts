/** The garden that a program names, opened when it is first used. */
import { createHash } from "node:crypto";
import type { GardenCapabilities } from "../model/capabilities";
import { systemClock } from "../model/clock";
import { cleuraFields, type GardenLocation } from "../model/location";
import type { ShootRef } from "../model/shoot";
import { cleuraCapabilities, createCleuraGarden, openCleura, resolveCleura } from "./cleura";
import { openConnection, resolveConnection, type ConnectionSources } from "./connection";
import type { Garden, UpgradePreparation } from "./garden";
import { createGardenerGarden, gardenerCapabilities } from "./gardener";
import { kindOf } from "./kind";

/** By what the location resolves to: the same kubeconfig by two ways is one line. */
const opened = new Map<string, Promise<Garden>>();

/** Nothing is read before a method is called: what is wrong with the location is that method's failure. */
export function openGarden(location: GardenLocation, sources: ConnectionSources): Garden {
  const kind = kindOf(location, sources);
  let known: Garden | undefined;

  const resolve =
    kind === "cleura" ? createCleuraResolver(location, sources) : () => gardener(location, sources);

  async function garden(): Promise<Garden> {
    const { key, open } = await resolve();
    const opening = opened.get(key) ?? open();
    opened.set(key, opening);
    // Whatever is mended, in a file or by a login, is found by the next call.
    opening.catch(() => opened.delete(key));
    known = await opening;
    return known;
  }

  return {
    get description() {
      return known?.description ?? "the garden";
    },
    capabilities: capabilities[kind],
    ...(kind === "cleura" && { preparation: preparationOf(garden) }),
    locate: async (reference) => (await garden()).locate(reference),
    getShoot: async (ref) => (await garden()).getShoot(ref),
    getCloudProfile: async (shoot) => (await garden()).getCloudProfile(shoot),
    dryRun: async (change) => (await garden()).dryRun(change),
    apply: async (change) => (await garden()).apply(change),
    async *watchShoot(ref, signal) {
      yield* (await garden()).watchShoot(ref, signal);
    },
    assertWatchable: async (ref) => (await garden()).assertWatchable?.(ref),
    openCluster: async (shoot) => (await garden()).openCluster(shoot),
    clusterAccess: async (shoot) => (await garden()).clusterAccess(shoot),
    requestKubeconfig: async (ref, access, seconds) =>
      (await garden()).requestKubeconfig(ref, access, seconds),
  };
}

const capabilities: Readonly<Record<ReturnType<typeof kindOf>, GardenCapabilities>> = {
  gardener: gardenerCapabilities,
  cleura: cleuraCapabilities,
};

interface OpenedGarden {
  /** Of what the location resolves to. */
  readonly key: string;
  open(): Promise<Garden>;
}

function gardener(location: GardenLocation, sources: ConnectionSources): OpenedGarden {
  const source = resolveConnection(location, sources);
  return {
    key: JSON.stringify(["gardener", source]),
    open: async () =>
      createGardenerGarden(await openConnection(source, sources.env, systemClock), { env: sources.env }),
  };
}

/** A place is resolved once for the same settings: it may take a command to be run. */
function createCleuraResolver(
  location: GardenLocation,
  sources: ConnectionSources,
): () => Promise<OpenedGarden> {
  let last: { readonly settings: string; readonly line: Promise<OpenedGarden> } | undefined;

  async function line(settings: string): Promise<OpenedGarden> {
    const place = await resolveCleura(location.cleura ?? {}, sources);
    return {
      key: JSON.stringify(["cleura", place, settings]),
      open: async () =>
        createCleuraGarden(place, await openCleura(place, sources, systemClock), { env: sources.env }),
    };
  }

  return () => {
    const settings = digestOf(sources);
    if (last?.settings === settings) return last.line;
    const resolving = { settings, line: line(settings) };
    last = resolving;
    resolving.line.catch(() => {
      if (last === resolving) last = undefined;
    });
    return resolving.line;
  };
}

const cleuraKeys = [
  ...Object.values(cleuraFields).map(({ config }) => config),
  ...["Url", "Username", "Token", "Password"].map((name) => `gardener:cleura${name}`),
];

/**
 * Of all that a line depends on: stacks that share this process may call as different users, and a
 * stack's configuration may change between two runs. A digest: keys are no place for secrets.
 */
function digestOf({ env, config }: ConnectionSources): string {
  const settings = cleuraKeys.map(config);
  const variables = Object.entries(env).filter(([name]) => /^CLEURA_|_PROXY$|^NODE_EXTRA_CA/i.test(name));
  return createHash("sha256")
    .update(JSON.stringify([settings, variables.sort()]))
    .digest("base64");
}

function preparationOf(garden: () => Promise<Garden>): UpgradePreparation {
  async function gate(): Promise<UpgradePreparation> {
    const { preparation } = await garden();
    if (preparation === undefined) throw new Error("This garden keeps no gate.");
    return preparation;
  }
  return {
    check: async (ref: ShootRef, version: string) => (await gate()).check(ref, version),
    prepare: async (ref: ShootRef, version: string) => (await gate()).prepare(ref, version),
    revert: async (ref: ShootRef, version: string) => (await gate()).revert(ref, version),
  };
}
