/** Child processes of the benchmark, which answer by messages. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface Child {
  /** The first message, which says that it is up. */
  readonly first: unknown;
  /** Asks for the next message. */
  ask(): Promise<unknown>;
  /** Resolves once it has ended, with what it has left removed. */
  stop(): Promise<void>;
}

export async function startChild(file: string, args: readonly (string | number)[]): Promise<Child> {
  const child = fork(join(__dirname, file), args.map(String), {
    execArgv: ["-r", join(__dirname, "..", "tests", "register.js")],
  });
  return {
    first: await nextMessage(child),
    ask() {
      const answer = nextMessage(child);
      child.send("next");
      return answer;
    },
    async stop() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`A process of the benchmark ended with ${String(code)}.`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message);
    });
  });
}

/** From the first message of garden.ts. */
export function addressOf(message: unknown): { readonly kubeconfig: string; readonly url: string } {
  const { kubeconfig, url } = { kubeconfig: "", url: "", ...(typeof message === "object" ? message : {}) };
  return { kubeconfig, url };
}
