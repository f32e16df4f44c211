/**
 * Values instead of outputs where they are known: the SDK records a stack trace of each output that it sends to the engine
 * (runtime/rpc.ts, `serializeProperty`), which for many components is a tenth of the program's processor time.
 */
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "./model/json";

/**
 * Whether JSON holds it as the SDK sends it: made of values, lists and object literals alone, without an output, a promise, an
 * instance of a class or a cycle. Both leave out properties that are undefined.
 */
export function isLiteral(value: unknown, above: readonly unknown[] = []): boolean {
  if (Array.isArray(value)) return isTree(value, above);
  return isRecord(value) ? isObjectLiteral(value) && isTree(value, above) : isJsonValue(value);
}

function isJsonValue(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    Number.isFinite(value) ||
    ["string", "boolean"].includes(typeof value)
  );
}

function isTree(value: object, above: readonly unknown[]): boolean {
  const path = [...above, value];
  return !above.includes(value) && Object.values(value).every((part) => isLiteral(part, path));
}

function isObjectLiteral(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Literals as they are now: the program may change the object for its next resource. Else itself. */
export function asDeclared(args: unknown): unknown {
  const isJson = args !== undefined && isLiteral(args);
  return isJson ? JSON.parse(JSON.stringify(args)) : args;
}

/**
 * The inputs with the values of those outputs that are known and not secret; the others stay outputs, for the SDK to report
 * what fails. The dependencies of the outputs are lost: for inputs that need none.
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
  const [isKnown, isSecret] = await Promise.all([input.isKnown, pulumi.isSecret(input)]).catch(() => [false]);
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
