/** What the package.json of this package says. */
import { readFileSync } from "node:fs";
import { isRecord } from "../model/json";

export interface Manifest {
  readonly version: string;
  /** Range of versions of `@pulumi/pulumi`. */
  readonly sdk: string;
}

let known: Manifest | undefined;

/** Resolved by the package's name, which gives the same file for the sources and for the compiled package. */
export function manifest(): Manifest {
  known ??= read(JSON.parse(readFileSync(require.resolve("pulumi-gardener/package.json"), "utf8")));
  return known;
}

function read(value: unknown): Manifest {
  const { version, peerDependencies } = isRecord(value) ? value : {};
  const sdk = isRecord(peerDependencies) ? peerDependencies["@pulumi/pulumi"] : undefined;
  return {
    version: typeof version === "string" ? version : "unknown",
    sdk: typeof sdk === "string" ? sdk : "^3.0.0",
  };
}
