/** The hand-off of the `cleura` command: `cleura config get-credentials`, its one versioned contract. */
import { execFile } from "node:child_process";
import { isRecord } from "../../model/json";

export interface HandOff {
  readonly endpoint: string;
  readonly username: string;
  readonly token: string;
  readonly cloud?: string;
  readonly region?: string;
  readonly projectId?: string;
}

export type Asked =
  | { readonly kind: "found"; readonly handOff: HandOff }
  /** Why it has none, to go after "the `cleura` command". */
  | { readonly kind: "none"; readonly why: string };

export const NOT_INSTALLED = "is not installed";

const PATIENCE_MS = 20_000;
const NONE_USABLE = 2;
const VERSION = 1;

/** Asks anew each time: a person may have logged in meanwhile. */
export function askCli(env: NodeJS.ProcessEnv): Promise<Asked> {
  return new Promise((resolve) => {
    const settings = { env, timeout: PATIENCE_MS, encoding: "utf8" as const, windowsHide: true };
    execFile("cleura", ["config", "get-credentials"], settings, (error, stdout) => {
      resolve(error === null ? decode(stdout) : { kind: "none", why: reasonOf(error) });
    });
  });
}

/** What it prints beside its exit code is for people, and may hold more than anybody should see. */
function reasonOf(error: Error & { code?: unknown; killed?: boolean }): string {
  if (error.code === "ENOENT") return NOT_INSTALLED;
  if (error.code === NONE_USABLE) return "is not logged in (`cleura login`)";
  if (error.killed === true) return `did not answer within ${PATIENCE_MS / 1000} s`;
  return typeof error.code === "number" ? `ended with exit code ${error.code}` : "could not be run";
}

function decode(text: string): Asked {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "none", why: "printed no JSON" };
  }
  if (!isRecord(value)) return { kind: "none", why: "printed no JSON object" };
  if (value["version"] !== VERSION) {
    return {
      kind: "none",
      why: `speaks version ${String(value["version"])} of its contract, not ${VERSION}`,
    };
  }
  const { endpoint, username, token, cloud, region, project_id: projectId } = value;
  if (typeof endpoint !== "string" || typeof username !== "string" || typeof token !== "string") {
    return { kind: "none", why: "named no endpoint, username and token" };
  }
  return {
    kind: "found",
    handOff: {
      endpoint: endpoint.replace(/\/+$/, ""),
      username,
      token,
      ...(typeof cloud === "string" && { cloud }),
      ...(typeof region === "string" && { region }),
      ...(typeof projectId === "string" && { projectId }),
    },
  };
}
