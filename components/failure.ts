import * as pulumi from "@pulumi/pulumi";
import { describeProblem, UserError } from "../provider/model/problem";
import { printable, printableError } from "../provider/model/text";

/** For functions in the program's process: the engine shows the message of a RunError without a stack. */
export async function asRunError<Result>(work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError(describeProblem(error)) : printableError(error);
  }
}

/** The reason of a failure, as one message. */
export function reasonOf(error: unknown): string {
  return error instanceof UserError ? describeProblem(error) : printable(String(error));
}
