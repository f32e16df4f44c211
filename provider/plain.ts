/**
 * Values instead of outputs where they are known: the SDK records a stack trace of each output that it sends to the engine
 * (runtime/rpc.ts, `serializeProperty`), which for many components is a fifth of the program's processor time.
 */
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "./model/json";

/** Whether there is no output and no promise in it. */
export function isPlain(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  return !isRecord(value) || Object.values(value).every(isPlain);
}

/**
 * The inputs with the values of those outputs that are known and not secret. The others stay outputs.
 *
 * @param inputs may not need the dependencies of their outputs, which are lost.
 */
export async function knownValues(inputs: pulumi.Inputs): Promise<pulumi.Inputs> {
  const entries = Object.entries(inputs).map(
    async ([key, input]: [string, unknown]): Promise<[string, unknown]> => [key, await knownValue(input)],
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** What the SDK does not declare of an output (output.ts). */
interface Resolvable {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

async function knownValue(input: unknown): Promise<unknown> {
  if (!pulumi.Output.isInstance(input) || !isResolvable(input)) return input;
  const [isKnown, isSecret] = await Promise.all([input.isKnown, pulumi.isSecret(input)]);
  return isKnown && !isSecret ? input.promise() : input;
}

function isResolvable(output: object): output is Resolvable {
  return (
    "isKnown" in output &&
    output.isKnown instanceof Promise &&
    "promise" in output &&
    typeof output.promise === "function"
  );
}
