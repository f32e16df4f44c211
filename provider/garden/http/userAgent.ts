import { readFileSync } from "node:fs";
import { isRecord } from "../../model/json";

let known: string | undefined;

/** `pulumi-gardener/0.1.0`, for the garden's audit log. */
export function userAgent(): string {
  known ??= `pulumi-gardener/${version()}`;
  return known;
}

/** Resolved by the package's name, which gives the same file for the sources and for the compiled package. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(require.resolve("pulumi-gardener/package.json"), "utf8"));
  return isRecord(manifest) && typeof manifest["version"] === "string" ? manifest["version"] : "unknown";
}
