import * as pulumi from "@pulumi/pulumi";
import { describeProblem, UserError } from "../provider/model/problem";
import { printable, printableError } from "../provider/model/text";

/** The work of a function of ours in a program: the engine shows a RunError's message, and no stack. */
export async function asRunError<Result>(work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError(describeProblem(error)) : printableError(error);
  }
}

/** What went wrong, as one message. */
export function reasonOf(error: unknown): string {
  return error instanceof UserError ? describeProblem(error) : printable(String(error));
}
