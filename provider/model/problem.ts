import type { Code } from "./codes";
import { printable } from "./text";

/** Something a user should know or fix: a stable code, the property where there is one, and the message. */
export interface Problem {
  readonly code: Code;
  readonly severity: "info" | "warning" | "error";
  /** Path in the arguments, such as `kubernetes.version`. */
  readonly property?: string;
  /** Names the Shoot, what was found, what is expected and what to do next. */
  readonly message: string;
}

export interface UserErrorOptions {
  readonly property?: string;
  readonly cause?: unknown;
  /** Of a write: the server may have received it, and whether it took effect is not known. */
  readonly writeOutcome?: "unknown";
  /** Another attempt may succeed although nobody changes anything. */
  readonly retryable?: boolean;
}

/**
 * A failure that the user can act on: its message is all that is printed, with no stack.
 * Everything else that is thrown is a bug of ours.
 */
export class UserError extends Error {
  readonly code: Code;
  readonly property?: string;
  readonly writeOutcome?: "unknown";
  readonly retryable?: boolean;

  constructor(code: Code, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "UserError";
    this.code = code;
    this.property = options.property;
    this.writeOutcome = options.writeOutcome;
    this.retryable = options.retryable;
    // The dynamic provider's server prints the stack of whatever is thrown to it.
    this.stack = "";
  }

  /** The garden knows the user and refuses the request: whoever asks may have another way that needs less. */
  get missingRight(): boolean {
    return this.code === "GU008";
  }
}

/** As it is printed: `[GU010] kubernetes.version: …`. */
export function describeProblem(problem: Pick<Problem, "code" | "property" | "message">): string {
  const message = `[${problem.code}] ${problem.property ? `${problem.property}: ` : ""}${problem.message}`;
  return printable(message);
}

export function problemOf(error: UserError): Problem {
  return { code: error.code, severity: "error", property: error.property, message: error.message };
}

/**
 * The failure with what it is about in front, unless it names that already: a connection knows neither
 * the cluster that it is used for nor the argument that names it.
 * @param names any of them will do. @param prefix `Shoot garden-demo/web`.
 */
export function naming(error: UserError, names: readonly string[], prefix: string): UserError {
  return names.some((name) => error.message.includes(name))
    ? error
    : reworded(error, `${prefix}: ${error.message}`);
}

/** The same failure with another message. */
export function reworded(error: UserError, message: string): UserError {
  const { code, property, writeOutcome, retryable } = error;
  return new UserError(code, message, { property, writeOutcome, retryable, cause: error });
}
