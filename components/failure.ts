import * as pulumi from "@pulumi/pulumi";
import { describeProblem, UserError } from "../provider/model/problem";

/** The work of a function of ours in a program: the engine shows a RunError's message, and no stack. */
export async function shown<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError(describeProblem(error)) : error;
  }
}
