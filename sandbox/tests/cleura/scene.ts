/** A garden that nobody reconciles, with Cleura's API in front of it: tests write what the gardenlet would. */
import { shoots } from "../../api/resource";
import { type CleuraOptions, type CleuraServer, startCleura } from "../../cleura/cleura";
import { type GardenServer, startGarden } from "../../garden";
import { at, child, type JsonMap } from "../../json";
import { world } from "../../fixtures/demo";
import { type Caller, callerOf } from "./caller";

const NOW = new Date("2026-11-23T04:00:00Z");
const LATER = "2026-11-23T04:20:00Z";
const NAMESPACE = "garden-demo";

export interface Scene {
  readonly garden: GardenServer;
  readonly cleura: CleuraServer;
  readonly call: Caller;
  /** Of the project's Shoots. */
  readonly shoots: string;
  /** Of the Shoot with the pools pool-a and pool-b. */
  readonly web: string;
  /** As the garden has it. */
  stored(): JsonMap;
  edit(change: (shoot: JsonMap) => void): void;
  /** The gardenlet starts to reconcile what was written. */
  begins(): void;
  /** The gardenlet has reconciled it. */
  ends(state?: string): void;
  close(): Promise<void>;
}

export async function startScene(options: CleuraOptions = {}): Promise<Scene> {
  const objects = world(NOW, [{ name: "web", pools: [{ name: "pool-a" }, { name: "pool-b" }] }]);
  const garden = await startGarden({ objects, now: () => NOW });
  const cleura = await startCleura(
    garden,
    { staleness: { milliseconds: 0 }, preparationMilliseconds: 0, ...options },
    { now: () => NOW },
  );
  const caller = callerOf(cleura);
  const path = `/gardener/v2/public/shoots/${cleura.region}/${cleura.projectId}`;
  const edit = (change: (shoot: JsonMap) => void): void => {
    garden.store.edit(shoots, NAMESPACE, "web", change);
  };
  const operation = (state: string, progress: number): void => {
    edit((shoot) => {
      const status = child(shoot, "status");
      status.observedGeneration = at(shoot, "metadata", "generation") ?? 0;
      status.lastOperation = {
        type: "Reconcile",
        state,
        progress,
        description: `${state}.`,
        lastUpdateTime: LATER,
      };
    });
  };
  return {
    garden,
    cleura,
    call: caller.call,
    shoots: path,
    web: `${path}/web`,
    stored: () => garden.store.get(shoots, NAMESPACE, "web") ?? {},
    edit,
    begins: () => operation("Processing", 42),
    ends: (state = "Succeeded") => operation(state, 100),
    async close() {
      caller.close();
      await cleura.close();
      await garden.close();
    },
  };
}
