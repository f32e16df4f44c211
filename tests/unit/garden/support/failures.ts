import { expect } from "chai";
import type { Code } from "../../../../provider/model/codes";
import { UserError } from "../../../../provider/model/problem";

/** The UserError that a promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>, code?: Code): Promise<UserError> {
  let failure: unknown;
  try {
    await promise;
  } catch (error) {
    failure = error;
  }
  if (!(failure instanceof UserError)) {
    throw new Error("No UserError was thrown", { cause: failure });
  }
  if (code !== undefined) expect(failure.code, failure.message).to.equal(code);
  return failure;
}

/** The message of the UserError with which a decoder refuses a response. */
export function refusalOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof UserError && error.code === "GU013") return error.message;
    throw error;
  }
  throw new Error("It was decoded");
}

export function collect<Value>(
  values: AsyncIterable<Value>,
  until: (seen: readonly Value[]) => boolean,
): Promise<readonly Value[]> {
  return (async () => {
    const seen: Value[] = [];
    for await (const value of values) {
      seen.push(value);
      if (until(seen)) break;
    }
    return seen;
  })();
}
