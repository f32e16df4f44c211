import type { Clock } from "../../model/clock";
import type { Connection } from "../connection";
import type { Garden } from "../garden";
import type { CleuraPlace } from "./place";

export interface CleuraSettings {
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
}

export function createCleuraGarden(
  place: CleuraPlace,
  connection: Connection,
  given: CleuraSettings = {},
): Garden {
  throw new Error(
    `not written yet: ${JSON.stringify([place, connection.description, given.env !== undefined])}`,
  );
}
