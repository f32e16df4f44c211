/** The hand-off of the `cleura` command: `cleura config get-credentials`, its one versioned contract. */
import { execFile } from "node:child_process";
import { isRecord } from "../../model/json";
import { addressOf } from "./address";

export interface HandOff {
  /** Without a slash at its end. */
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
  | { readonly kind: "none"; readonly why: string; readonly installed: boolean };

const PATIENCE_MS = 20_000;
const NONE_USABLE = 2;
const VERSION = 1;

/** Those that are being asked, by the environment that they are asked in. */
const asking = new WeakMap<NodeJS.ProcessEnv, Promise<Asked>>();

/** Asks anew each time: a person may have logged in meanwhile. */
export function askCli(env: NodeJS.ProcessEnv): Promise<Asked> {
  const shared = asking.get(env) ?? ask(env).finally(() => asking.delete(env));
  asking.set(env, shared);
  return shared;
}

function ask(env: NodeJS.ProcessEnv): Promise<Asked> {
  const settings = {
    env,
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
    encoding: "utf8",
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    const child = execFile("cleura", ["config", "get-credentials"], settings, (error, stdout) => {
      resolve(error === null ? decode(stdout) : reasonOf(error));
    });
    // There is nobody to answer a question.
    child.stdin?.end();
  });
}

function none(why: string, installed = true): Asked {
  return { kind: "none", why, installed };
}

/** What it prints beside its exit code is for people, and may hold more than anybody should see. */
function reasonOf({ code, killed }: Error & { code?: unknown; killed?: boolean }): Asked {
  if (code === "ENOENT") return none("is not installed", false);
  if (code === "EACCES") return none("may not be executed by this user", false);
  if (code === NONE_USABLE) return none("is not logged in (`cleura login`)");
  if (killed === true) return none(`did not answer within ${PATIENCE_MS / 1000} s`);
  return none(typeof code === "number" ? `ended with exit code ${code}` : "could not be run");
}

function decode(printed: string): Asked {
  let value: unknown;
  try {
    value = JSON.parse(printed);
  } catch {
    return none("printed no JSON");
  }
  if (!isRecord(value)) return none("printed no JSON object");
  const version = value["version"];
  if (version !== VERSION) {
    const told = typeof version === "number" ? `version ${version}` : "no version";
    return none(`speaks ${told} of its contract; known is ${VERSION}`);
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
