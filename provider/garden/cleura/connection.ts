/** A line to Cleura's API whose credentials are looked up when they are used, and again when they are refused. */
import type { Clock } from "../../model/clock";
import type { Connection, ConnectionSources } from "../connection";
import type { CleuraPlace } from "./place";

export function openCleura(
  place: CleuraPlace,
  sources: ConnectionSources,
  clock: Clock,
): Promise<Connection> {
  throw new Error(`not written yet: ${JSON.stringify([place, Object.keys(sources), clock.now()])}`);
}
