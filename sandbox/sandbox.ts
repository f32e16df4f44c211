/**
 * The whole sandbox: the garden's API server, a gardenlet, the maintenance controller, the Shoots' own
 * APIs, and Cleura's API where it is requested.
 */
import { randomBytes } from "node:crypto";
import { systemClock } from "../provider/model/clock";
import { shootId } from "../provider/model/shoot";
import type { Rate } from "./api/rate";
import { shoots } from "./api/resource";
import { EVERYTHING } from "./api/users";
import { type CleuraOptions, type CleuraServer, startCleura } from "./cleura/cleura";
import { type Client, connect } from "./client";
import { type GardenServer, startGarden } from "./garden";
import { type Gardenlet, startGardenlet } from "./gardenlet/gardenlet";
import { at, type JsonMap, mapsAt, textAt } from "./json";
import { startMaintenance } from "./maintenance/maintenance";
import { type ShootApis, startShootApis } from "./shoot/apis";
import { emptyStatus } from "./strategy/defaults";
import { demo, type World } from "./fixtures/demo";

export interface SandboxOptions {
  /** Of the garden's API; 0, the default: a free one. */
  readonly port?: number;
  /** Of kubeconfigs for Shoots; absent: as many as are requested. */
  readonly kubeconfigRate?: Rate;
  /** 1: a roll of three nodes takes about five seconds; 100: a hundred times as fast. */
  readonly speed?: number;
  readonly now?: () => Date;
  readonly world?: World;
  /** Serves the same Shoots by Cleura's API, too. */
  readonly cleura?: true | CleuraOptions;
  readonly log?: (line: string) => void;
}

export interface Sandbox {
  readonly garden: GardenServer;
  /** YAML, of a user who may do everything in the garden. */
  readonly kubeconfig: string;
  readonly gardenlet: Gardenlet;
  readonly shootApis: ShootApis;
  /** Where it was requested. */
  readonly cleura?: CleuraServer;
  /** Resolves as soon as every Shoot is reconciled and healthy. */
  reconciled(): Promise<void>;
  stop(): Promise<void>;
}

export interface CleuraSandbox extends Sandbox {
  readonly cleura: CleuraServer;
}

/** Of the setup, before the Shoots are shown. */
const SETUP_SPEED = 10_000;

/** Resolves when all Shoots are reconciled and healthy. */
export async function startSandbox(
  options: SandboxOptions & { readonly cleura: true | CleuraOptions },
): Promise<CleuraSandbox>;
export async function startSandbox(options?: SandboxOptions): Promise<Sandbox>;
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? systemClock.now;
  const world = options.world ?? demo;
  const garden = await startGarden({
    port: options.port,
    kubeconfigRate: options.kubeconfigRate,
    now,
    objects: world(now()).map(withoutStatus),
  });
  const shootApis = startShootApis(now);
  const clients: Client[] = [];
  const controller = (name: string): Client => {
    const token = randomBytes(24).toString("base64url");
    garden.users.add({ name, token, rules: EVERYTHING });
    const client = connect({ url: garden.url, ca: garden.ca, token, userAgent: name });
    clients.push(client);
    return client;
  };
  const gardenlet = startGardenlet({
    garden: controller("gardenlet"),
    cluster: (shoot) => shootApis.clusterFor(shoot),
    speed: SETUP_SPEED,
    publishAccess: true,
    now,
    log: options.log,
  });
  await reconciled(garden);
  gardenlet.setSpeed(options.speed ?? 1);
  const maintenance = startMaintenance({
    garden: controller("gardener-controller-manager"),
    now,
    log: options.log,
  });
  const { speed } = options;
  const cleura =
    options.cleura === undefined
      ? undefined
      : await startCleura(garden, options.cleura === true ? {} : options.cleura, { now, speed });
  return {
    garden,
    kubeconfig: garden.kubeconfig,
    gardenlet,
    shootApis,
    cleura,
    reconciled: () => reconciled(garden),
    async stop() {
      await cleura?.close();
      await Promise.all([maintenance.stop(), gardenlet.stop()]);
      for (const client of clients) client.close();
      await Promise.all([shootApis.stop(), garden.close()]);
    },
  };
}

/** The gardenlet creates the Shoot's nodes and API itself, so its status must not report them yet. */
function withoutStatus(object: JsonMap): JsonMap {
  return object.kind === "Shoot" ? { ...object, status: emptyStatus() } : object;
}

function reconciled({ store }: GardenServer): Promise<void> {
  // Kept by name: reading every Shoot at every change takes minutes with hundreds of them.
  const waiting = new Set(
    store
      .list(shoots)
      .filter((shoot) => !isReconciled(shoot))
      .map(idOf),
  );
  if (waiting.size === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const forget = store.onChange(({ type, object }) => {
      if (object.kind !== shoots.kind) return;
      if (type === "DELETED" || isReconciled(object)) waiting.delete(idOf(object));
      else waiting.add(idOf(object));
      if (waiting.size > 0) return;
      forget();
      resolve();
    });
  });
}

function idOf(shoot: JsonMap): string {
  return shootId({
    namespace: textAt(shoot, "metadata", "namespace"),
    name: textAt(shoot, "metadata", "name"),
  });
}

function isReconciled(shoot: JsonMap): boolean {
  const conditions = mapsAt(shoot, "status", "conditions");
  return (
    textAt(shoot, "status", "lastOperation", "state") === "Succeeded" &&
    at(shoot, "status", "observedGeneration") === at(shoot, "metadata", "generation") &&
    conditions.length > 0 &&
    conditions.every((condition) => condition.status === "True")
  );
}
