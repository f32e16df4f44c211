import { readFileSync } from "node:fs";
import { isRecord } from "../../model/json";

let known: string | undefined;

/** `pulumi-gardener/0.1.0`: what a garden's operator sees in the audit log. */
export function userAgent(): string {
  known ??= `pulumi-gardener/${version()}`;
  return known;
}

/** By the package's own name, which leads to the same file from the sources and from what is compiled. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(require.resolve("pulumi-gardener/package.json"), "utf8"));
  return isRecord(manifest) && typeof manifest["version"] === "string" ? manifest["version"] : "unknown";
}
