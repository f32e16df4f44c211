/** Reads values out of an API object; an error names the field whose value is not as expected. */
import { isRecord } from "../model/json";
import { UserError } from "../model/problem";
import { foreignText, isPrintable } from "../model/text";

export interface Field {
  /** For messages: `Shoot garden-demo/web`. */
  readonly object: string;
  readonly path: string;
  readonly value: unknown;
}

export function root(object: string, value: unknown): Field {
  return { object, path: "", value };
}

/** The field under a key; a key of an absent parent is absent. JSON's null is absent too. */
export function at(parent: Field, ...keys: readonly string[]): Field {
  return keys.reduce<Field>((field, key) => {
    const value = isRecord(field.value) ? field.value[key] : undefined;
    return { object: field.object, path: field.path === "" ? key : `${field.path}.${key}`, value };
  }, parent);
}

export function isAbsent(field: Field): boolean {
  return field.value === undefined || field.value === null;
}

/** The message does not repeat the value, which may be of any kind and length. */
export function unusable(field: Field, expected: string): UserError {
  const found = isAbsent(field) ? "is missing" : `is ${kindOf(field.value)}`;
  return new UserError(
    "GU013",
    `${field.object}: ${field.path || "the answer"} ${found}, expected ${expected}.`,
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A name, a version and the like: compared and sent back, so never altered; refused where it cannot be printed. */
export function text(field: Field): string {
  const value = document(field);
  if (!isPrintable(value)) throw unusable(field, "a text without control characters");
  return value;
}

/** Text for people, made printable for a message; empty where it is absent. */
export function prose(field: Field): string {
  return isAbsent(field) || field.value === "" ? "" : foreignText(document(field));
}

/** A text with a syntax of its own, such as a kubeconfig; not for messages. */
export function document(field: Field): string {
  if (typeof field.value !== "string" || field.value === "") throw unusable(field, "a text");
  return field.value;
}

/** An empty text counts as absent: Go's API types write one for the other. */
export function optionalText(field: Field): string | undefined {
  return isAbsent(field) || field.value === "" ? undefined : text(field);
}

export function optionalNumber(field: Field): number | undefined {
  if (isAbsent(field)) return undefined;
  if (typeof field.value !== "number") throw unusable(field, "a number");
  return field.value;
}

export function optionalBoolean(field: Field): boolean | undefined {
  if (isAbsent(field)) return undefined;
  if (typeof field.value !== "boolean") throw unusable(field, "true or false");
  return field.value;
}

export function date(field: Field): Date {
  const parsed = new Date(text(field));
  if (Number.isNaN(parsed.getTime())) throw unusable(field, "a time");
  return parsed;
}

export function optionalDate(field: Field): Date | undefined {
  return isAbsent(field) ? undefined : date(field);
}

export function oneOf<Value extends string>(field: Field, values: readonly Value[]): Value {
  const found = text(field);
  const value = values.find((candidate) => candidate === found);
  if (value !== undefined) return value;
  throw new UserError(
    "GU013",
    `${field.object}: ${field.path} is ${JSON.stringify(found)}, expected one of ${values.join(", ")}.`,
  );
}

/** An absent list is an empty one. */
export function list(field: Field): readonly Field[] {
  if (isAbsent(field)) return [];
  if (!Array.isArray(field.value)) throw unusable(field, "a list");
  return field.value.map((value: unknown, index) => ({
    object: field.object,
    path: `${field.path}[${index}]`,
    value,
  }));
}

export function texts(field: Field): readonly string[] {
  return list(field).map(text);
}

export function entries(field: Field): readonly (readonly [string, Field])[] {
  if (isAbsent(field)) return [];
  if (!isRecord(field.value)) throw unusable(field, "an object");
  return Object.keys(field.value).map((key) => [key, at(field, key)] as const);
}

/** Undefined where it cannot be used. */
export function ifUsable<Value>(decode: () => Value): Value | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
