import type { Code } from "./codes";
import { printable } from "./text";

/** Something a user should know or mend: a stable code, the property where there is one, and the words. */
export interface Problem {
  readonly code: Code;
  readonly severity: "info" | "warning" | "error";
  /** Path in the arguments, such as `kubernetes.version`. */
  readonly property?: string;
  /** Names the Shoot; says what was found, what is allowed and what to do next. */
  readonly message: string;
}

/**
 * A failure that the user can act on: its message is all that is shown, with no stack.
 * Everything else that is thrown is a bug of ours.
 */
export class UserError extends Error {
  readonly code: Code;
  readonly property?: string;

  constructor(code: Code, message: string, options: { property?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "UserError";
    this.code = code;
    this.property = options.property;
    // The dynamic provider's server prints the stack of whatever is thrown to it.
    this.stack = "";
  }
}

/** As it is shown to people: `[GU010] kubernetes.version: …`. */
export function describeProblem(problem: Pick<Problem, "code" | "property" | "message">): string {
  const message = `[${problem.code}] ${problem.property ? `${problem.property}: ` : ""}${problem.message}`;
  return printable(message);
}

export function problemOf(error: UserError): Problem {
  return { code: error.code, severity: "error", property: error.property, message: error.message };
}
