/** The credentials of the `cleura` command: `cleura config get-credentials`, its one versioned contract. */
import { execFile } from "node:child_process";
import { isRecord } from "../../../model/json";
import { addressOf } from "../address";

export interface CliCredentials {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly username: string;
  readonly token: string;
  readonly cloud?: string;
  readonly region?: string;
  readonly projectId?: string;
}

export type CliResult =
  | { readonly kind: "found"; readonly credentials: CliCredentials }
  /** Completes "the `cleura` command". */
  | { readonly kind: "none"; readonly reason: string; readonly installed: boolean };

const TIMEOUT_MS = 20_000;
/** The exit code for "no usable credentials". */
const NO_CREDENTIALS = 2;
const CONTRACT_VERSION = 1;
const LONGEST_ERROR = 300;

/** Calls that are running, by their environment. */
const running = new WeakMap<NodeJS.ProcessEnv, Promise<CliResult>>();

/**
 * The environment beats the command's profile: with these it would pair the endpoint of one cloud with
 * the token of another, and a dead token here would hide a live profile (Cleura's Terraform provider
 * strips them as well). CLEURA_PROFILE and CLEURA_CONFIG choose the profile and stay.
 */
const OVERRIDES = [
  "CLEURA_API_URL",
  "CLEURA_CLOUD",
  "CLEURA_API_USERNAME",
  "CLEURA_API_TOKEN",
  "CLEURA_API_PASSWORD",
  "CLEURA_REGION",
  "CLEURA_PROJECT_ID",
];

/** Called anew each time: somebody may have logged in meanwhile. */
export function readCliCredentials(env: NodeJS.ProcessEnv): Promise<CliResult> {
  const shared = running.get(env) ?? run(env).finally(() => running.delete(env));
  running.set(env, shared);
  return shared;
}

function run(env: NodeJS.ProcessEnv): Promise<CliResult> {
  const settings = {
    env: withoutOverrides(env),
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    encoding: "utf8",
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    const child = execFile("cleura", ["config", "get-credentials"], settings, (error, stdout) => {
      resolve(error === null ? decode(stdout) : failureOf(error, stdout));
    });
    // Nobody can answer a prompt.
    child.stdin?.end();
  });
}

/** Names of variables have no letter case on Windows. */
function withoutOverrides(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OVERRIDES.includes(name.toUpperCase())));
}

function none(reason: string, installed = true): CliResult {
  return { kind: "none", reason, installed };
}

/** Of the output only the error of the contract is shown: the rest may contain secrets. */
function failureOf(
  { code, killed }: Error & { code?: unknown; killed?: boolean },
  output: string,
): CliResult {
  if (code === "ENOENT") return none("is not installed", false);
  if (code === "EACCES") return none("may not be executed by this user", false);
  const reported = errorIn(output);
  if (reported !== undefined) return none(`reports: ${reported}`);
  if (code === NO_CREDENTIALS) return none("is not logged in (`cleura login`)");
  if (killed === true) return none(`did not answer within ${TIMEOUT_MS / 1000} s`);
  return none(typeof code === "number" ? `ended with exit code ${code}` : "could not be run");
}

/** `{"error": "…"}`, which distinguishes what the exit code does not. */
function errorIn(output: string): string | undefined {
  const value = parse(output);
  const error = isRecord(value) ? value["error"] : undefined;
  if (typeof error !== "string") return undefined;
  const line = error.replaceAll(/[\s\p{C}]+/gu, " ").trim();
  return line === "" ? undefined : line.slice(0, LONGEST_ERROR);
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function decode(output: string): CliResult {
  const value = parse(output);
  if (value === undefined) return none("printed no JSON");
  if (!isRecord(value)) return none("printed no JSON object");
  const version = value["version"];
  if (version !== CONTRACT_VERSION) {
    const found = typeof version === "number" ? `version ${version}` : "no version";
    return none(`printed ${found} of its contract, expected version ${CONTRACT_VERSION}`);
  }
  const text = (key: string) => {
    const found = value[key];
    return typeof found === "string" && found.trim() !== "" ? found.trim() : undefined;
  };
  const [endpoint, username, token] = [text("endpoint"), text("username"), text("token")];
  const address = endpoint === undefined ? undefined : addressOf(endpoint);
  if (address === undefined) return none("printed no endpoint that begins with https://");
  if (username === undefined || token === undefined) return none("printed no username and token");
  return {
    kind: "found",
    credentials: {
      endpoint: address,
      username,
      token,
      cloud: text("cloud"),
      region: text("region"),
      projectId: text("project_id"),
    },
  };
}
