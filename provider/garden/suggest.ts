/** Existing names for the end of a message about an unknown one. */
import { nearest } from "../model/near";

const SHOWN = 10;

/** A sentence, or nothing. */
export function suggest(unknown: string, names: readonly string[] | undefined): string {
  if (names === undefined || names.length === 0) return "";
  const near = nearest(unknown, names);
  if (near !== undefined) return ` Did you mean ${near}?`;
  const shown = [...names].sort().slice(0, SHOWN);
  return ` There ${names.length === 1 ? "is" : "are"}: ${shown.join(", ")}${names.length > SHOWN ? ", …" : ""}.`;
}
