/** What the controllers of Shoots share. */
import type { Client } from "./client";
import type { JsonMap } from "./json";

const ALL_SHOOTS = "/apis/core.gardener.cloud/v1beta1/shoots";

/** Until the signal. */
export async function watchShoots(
  garden: Client,
  signal: AbortSignal,
  observe: (shoot: JsonMap) => void,
  removed: (shoot: JsonMap) => void,
): Promise<void> {
  for await (const event of garden.watch(ALL_SHOOTS, signal)) {
    // One more event may arrive after the signal.
    if (signal.aborted) return;
    if (event.kind === "listed") event.items.forEach(observe);
    else (event.kind === "deleted" ? removed : observe)(event.object);
  }
}
