/** Where the credentials for a garden are. Reads the configuration only, no file. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { GardenLocation } from "../../model/location";
import { UserError } from "../../model/problem";

export interface ConnectionSources {
  /** The stack's configuration by full key, such as `gardener:kubeconfig`. */
  readonly config: (key: string) => string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

export type ConnectionSource = (
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "content"; readonly content: string }
  /** Came over the network: refused unless it contains inline data only. */
  | { readonly kind: "issued"; readonly content: string }
) & {
  /** Absent: the kubeconfig's current-context. */
  readonly context?: string;
  /** For messages: `/home/jane/garden.yaml (GARDEN_KUBECONFIG)`. */
  readonly origin: string;
};

/**
 * The program's explicit path, then the stack's configuration, then GARDEN_KUBECONFIG. Never KUBECONFIG:
 * it names the cluster that somebody worked on last.
 */
export function resolveConnection(location: GardenLocation, sources: ConnectionSources): ConnectionSource {
  const config = (key: string) => nonEmpty(sources.config(`gardener:${key}`));
  const context = nonEmpty(location.context) ?? config("context");
  const file = (path: string, setting: string): ConnectionSource => {
    const absolute = absolutePath(path, sources.env);
    return { kind: "file", path: absolute, context, origin: `${absolute} (${setting})` };
  };

  const explicit = nonEmpty(location.kubeconfig);
  if (explicit !== undefined) return file(explicit, "garden.kubeconfig");
  const content = config("kubeconfig");
  if (content !== undefined)
    return { kind: "content", content: asContent(content), context, origin: CONTENT_ORIGIN };
  const configured = config("kubeconfigPath");
  if (configured !== undefined) return file(configured, "gardener:kubeconfigPath");
  const fromEnvironment = nonEmpty(sources.env["GARDEN_KUBECONFIG"]);
  if (fromEnvironment !== undefined) return file(fromEnvironment, "GARDEN_KUBECONFIG");
  throw new UserError("GU001", NO_KUBECONFIG);
}

const CONTENT_ORIGIN = "gardener:kubeconfig of the stack's configuration";

const NO_KUBECONFIG = [
  "No kubeconfig for the garden is configured. Configure it in one of three ways:",
  "(1) the stack's configuration: `pulumi config set --secret gardener:kubeconfig < garden.yaml`,",
  "or `pulumi config set gardener:kubeconfigPath ~/garden.yaml`, with gardener:context if it has several contexts;",
  "(2) the environment: GARDEN_KUBECONFIG=~/garden.yaml;",
  '(3) the program: garden: { kubeconfig: "~/garden.yaml" }.',
  "KUBECONFIG is never used.",
].join(" ");

/** The message does not repeat the value, which is a secret, even if it looks like a path. */
function asContent(value: string): string {
  const looksLikeContent = /[\n{:]\s/.test(value) || value.trimStart().startsWith("{");
  if (looksLikeContent) return value;
  throw new UserError(
    "GU003",
    "gardener:kubeconfig is a single word, which looks like a path; expected the content of a kubeconfig: " +
      "`pulumi config set --secret gardener:kubeconfig < garden.yaml`. For a path use gardener:kubeconfigPath.",
  );
}

function absolutePath(path: string, env: NodeJS.ProcessEnv): string {
  const home = nonEmpty(env["HOME"]) ?? homedir();
  if (path === "~") return home;
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : resolve(path);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}
