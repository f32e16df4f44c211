/** A small language for the shape of a JSON answer: what has to be there, and that nothing else is. */
import { isMap, type Json } from "../../json";

/** What is wrong with the value, each with its path; nothing where it is as it should be. */
export type Check = (value: Json, path: string) => readonly string[];

export interface Shape {
  readonly check: Check;
  /** It may be absent or null. */
  readonly optional: boolean;
}

function shape(check: Check): Shape {
  return { check, optional: false };
}

function scalar(expected: string, holds: (value: Json) => boolean): Shape {
  return shape((value, path) =>
    holds(value) ? [] : [`${path} is ${JSON.stringify(value)}, not ${expected}`],
  );
}

export const string = scalar("a string", (value) => typeof value === "string");
export const integer = scalar("an integer", Number.isInteger);
export const boolean = scalar("a boolean", (value) => typeof value === "boolean");
export const dateTime = scalar(
  "a date-time",
  (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value),
);

export function oneOf(...words: readonly string[]): Shape {
  return scalar(`one of ${words.join(", ")}`, (value) => typeof value === "string" && words.includes(value));
}

export function optional({ check }: Shape): Shape {
  return { check, optional: true };
}

export function listOf(item: Shape): Shape {
  return shape((value, path) =>
    Array.isArray(value)
      ? value.flatMap((entry, index) => item.check(entry, `${path}[${index}]`))
      : [`${path} is no list`],
  );
}

/** An object that has these keys and no others, so that nobody relies on what no document promises. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  return shape((value, path) => {
    if (!isMap(value)) return [`${path} is no object`];
    const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
    return [
      ...unknown.map((key) => `${path}.${key} is not in the document`),
      ...Object.entries(fields).flatMap(([key, field]) => member(field, value[key], `${path}.${key}`)),
    ];
  });
}

function member(field: Shape, value: Json | undefined, path: string): readonly string[] {
  if (value !== undefined && value !== null) return field.check(value, path);
  return field.optional ? [] : [`${path} is missing`];
}
