/** The formats of a report. Packages that only one of them needs are loaded when it is rendered. */
import { manifest } from "../../../provider/garden/manifest";
import type { RenderInput } from "./format";
import { json } from "./json";
import { junit } from "./junit";
import { markdown } from "./markdown";
import { openmetrics } from "./openmetrics";
import { sarif } from "./sarif";
import { table } from "./table";

const renderers = {
  table,
  json,
  markdown,
  sarif: (input: RenderInput) => sarif(input, manifest().version),
  junit,
  openmetrics,
};

export type Format = keyof typeof renderers | "renovate";

/** `renovate` writes files, and is rendered by renovateFiles. */
export const formats: readonly string[] = [...Object.keys(renderers), "renovate"];

export function isFormat(text: string): text is Format {
  return formats.includes(text);
}

export async function render(format: Exclude<Format, "renovate">, input: RenderInput): Promise<string> {
  return renderers[format](input);
}
