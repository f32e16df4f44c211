/** The hand-off of the `cleura` command: `cleura config get-credentials`, its one versioned contract. */
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
  | { readonly kind: "found"; readonly handOff: CliCredentials }
  /** Why it has none, to go after "the `cleura` command". */
  | { readonly kind: "none"; readonly why: string; readonly installed: boolean };

const PATIENCE_MS = 20_000;
const NONE_USABLE = 2;
const VERSION = 1;
const LONGEST_ERROR = 300;

/** Those that are being asked, by the environment that they are asked in. */
const asking = new WeakMap<NodeJS.ProcessEnv, Promise<CliResult>>();

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

/** Asks anew each time: a person may have logged in meanwhile. */
export function readCliCredentials(env: NodeJS.ProcessEnv): Promise<CliResult> {
  const shared = asking.get(env) ?? ask(env).finally(() => asking.delete(env));
  asking.set(env, shared);
  return shared;
}

function ask(env: NodeJS.ProcessEnv): Promise<CliResult> {
  const settings = {
    env: profileOnly(env),
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
    encoding: "utf8",
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    const child = execFile("cleura", ["config", "get-credentials"], settings, (error, stdout) => {
      resolve(error === null ? decode(stdout) : reasonOf(error, stdout));
    });
    // There is nobody to answer a question.
    child.stdin?.end();
  });
}

/** Windows knows no letter case in these names. */
function profileOnly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OVERRIDES.includes(name.toUpperCase())));
}

function none(why: string, installed = true): CliResult {
  return { kind: "none", why, installed };
}

/** Of what it prints only the error of its contract is shown: all else may hold more than anybody should see. */
function reasonOf(
  { code, killed }: Error & { code?: unknown; killed?: boolean },
  printed: string,
): CliResult {
  if (code === "ENOENT") return none("is not installed", false);
  if (code === "EACCES") return none("may not be executed by this user", false);
  const reason = errorIn(printed);
  if (reason !== undefined) return none(`says: ${reason}`);
  if (code === NONE_USABLE) return none("is not logged in (`cleura login`)");
  if (killed === true) return none(`did not answer within ${PATIENCE_MS / 1000} s`);
  return none(typeof code === "number" ? `ended with exit code ${code}` : "could not be run");
}

/** `{"error": "…"}`, which tells apart what its exit code does not. */
function errorIn(printed: string): string | undefined {
  const value = parse(printed);
  const error = isRecord(value) ? value["error"] : undefined;
  if (typeof error !== "string") return undefined;
  const line = error.replaceAll(/[\s\p{C}]+/gu, " ").trim();
  return line === "" ? undefined : line.slice(0, LONGEST_ERROR);
}

function parse(printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch {
    return undefined;
  }
}

function decode(printed: string): CliResult {
  const value = parse(printed);
  if (value === undefined) return none("printed no JSON");
  if (!isRecord(value)) return none("printed no JSON object");
  const version = value["version"];
  if (version !== VERSION) {
    const response = typeof version === "number" ? `version ${version}` : "no version";
    return none(`speaks ${response} of its contract; known is ${VERSION}`);
  }
  const text = (key: string) => {
    const found = value[key];
    return typeof found === "string" && found.trim() !== "" ? found.trim() : undefined;
  };
  const [endpoint, username, token] = [text("endpoint"), text("username"), text("token")];
  const address = endpoint === undefined ? undefined : addressOf(endpoint);
  if (address === undefined) return none("named no endpoint that begins with https://");
  if (username === undefined || token === undefined) return none("named no username and token");
  return {
    kind: "found",
    handOff: {
      endpoint: address,
      username,
      token,
      cloud: text("cloud"),
      region: text("region"),
      projectId: text("project_id"),
    },
  };
}
