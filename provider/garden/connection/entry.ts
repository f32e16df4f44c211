/** Reads single entries of a kubeconfig. */
import { UserError } from "../../model/problem";

export type Json = Readonly<Record<string, unknown>>;

/** PEM or a token, in the kubeconfig itself or in a file that it names. */
export type Material =
  { readonly kind: "text"; readonly text: string } | { readonly kind: "file"; readonly path: string };

/** As in client-go, the -data form overrides the file. */
export function materialOf(
  entry: Json,
  key: string,
  origin: string,
  resolvePath: (path: string) => string,
): Material | undefined {
  const data = textOf(entry, `${key}-data`);
  const path = textOf(entry, key);
  if (data === undefined) return path === undefined ? undefined : { kind: "file", path: resolvePath(path) };
  const text = Buffer.from(data, "base64").toString("utf8");
  if (!text.includes("-----BEGIN ")) throw malformed(origin, `its ${key}-data is not PEM in base64`);
  return { kind: "text", text };
}

export function textOf(entry: Json, key: string): string | undefined {
  const value = entry[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function malformed(origin: string, problem: string): UserError {
  return new UserError("GU003", `The kubeconfig ${origin} cannot be used: ${problem}.`);
}

export function quote(name: string): string {
  return JSON.stringify(name);
}
