/** Mistakes in how the command is called, as opposed to what a garden answers. */
import { UserError } from "../provider/model/problem";

/** The property of such a mistake is an option. */
export function isUsage(error: unknown): boolean {
  return error instanceof UserError && usage.has(error.code) && error.property?.startsWith("--") === true;
}

const usage = new Set<UserError["code"]>(["GU020", "GU021", "GU025", "GU090"]);
