/** Reads arguments that are plain JSON, and collects the problems by path. */
import type { Code } from "../model/codes";
import type { Problem } from "../model/problem";
import { isRecord } from "../model/json";
import { nearest } from "../model/near";
import { formatDuration, parseDuration } from "../model/duration";
import { alternatives } from "../model/text";
import { parseMoment } from "../model/moment";

export type Json = unknown;

const MIN_DURATION_MS = 60_000;

/** The names of all arguments of a type: one that is added or removed there does not compile here. */
export type Keys<Args> = { readonly [Key in keyof Required<Args>]: true };

export class Fields {
  readonly problems: Problem[] = [];

  /** @param subject resource or function that has the arguments, for messages: `"web"`. */
  constructor(readonly subject: string) {}

  /** Adds a problem and returns a substitute for the value. */
  problem<Value>(code: Code, property: string, message: string, instead?: Value): Value | undefined {
    this.problems.push({ code, severity: "error", property, message: `${message} (${this.subject})` });
    return instead;
  }

  /** The object at the path with only the allowed keys; undefined where there is none. */
  object<Key extends string>(
    value: Json,
    path: string,
    keys: Readonly<Record<Key, unknown>>,
  ): Readonly<Partial<Record<Key, Json>>> | undefined {
    if (value === undefined || value === null) return undefined;
    const allowed = Object.keys(keys);
    if (!isRecord(value)) {
      return this.problem("GU021", path, `expected an object with ${oneOf(allowed)}, found ${kindOf(value)}`);
    }
    for (const key of Object.keys(value)) {
      if (allowed.includes(key)) continue;
      const near = nearest(key, allowed);
      const hint = near === undefined ? "" : `; did you mean "${near}"?`;
      this.problem("GU020", join(path, key), `unknown argument; allowed are ${oneOf(allowed)}${hint}`);
    }
    const given: Partial<Record<Key, Json>> = {};
    for (const key in keys) if (Object.hasOwn(value, key)) given[key] = value[key];
    return given;
  }

  text(value: Json, path: string): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string" && value.trim() !== "") return value.trim();
    const hint = typeof value === "number" ? `; write it in quotes, as ${quoted(value)}` : "";
    return this.problem("GU021", path, `expected a text, found ${kindOf(value)}${hint}`);
  }

  flag(value: Json, path: string): boolean | undefined {
    if (value === undefined || value === null || typeof value === "boolean") return value ?? undefined;
    return this.problem("GU021", path, `expected true or false, found ${kindOf(value)}`);
  }

  wholeNumber(value: Json, path: string, minimum: number): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= minimum) return value;
    return this.problem(
      "GU021",
      path,
      `expected a whole number of at least ${minimum}, found ${kindOf(value)}`,
    );
  }

  /** Milliseconds, from one minute to the given maximum. */
  duration(value: Json, path: string, maximumMs: number): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number") {
      return this.problem("GU025", path, `${value} has no unit; write a duration such as "45m" or "2h30m"`);
    }
    const text = this.text(value, path);
    if (text === undefined) return undefined;
    const ms = parseDuration(text);
    if (ms === undefined) {
      const message = `${JSON.stringify(text)} is not a duration; write one such as "45m" or "2h30m"`;
      return this.problem("GU025", path, message);
    }
    if (ms >= MIN_DURATION_MS && ms <= maximumMs) return ms;
    const range = `between ${formatDuration(MIN_DURATION_MS)} and ${formatDuration(maximumMs)}`;
    return this.problem("GU025", path, `${JSON.stringify(text)} is out of range; it must lie ${range}`);
  }

  /** A moment with its offset from UTC (RFC 3339). */
  moment(value: Json, path: string): Date | undefined {
    const text = this.text(value, path);
    if (text === undefined) return undefined;
    return (
      parseMoment(text) ??
      this.problem(
        "GU028",
        path,
        `${JSON.stringify(text)} is not a moment with an offset from UTC; write one such as "2026-12-05T22:00:00+01:00"`,
      )
    );
  }

  /** @param values an enum, as in model/enums.ts. */
  choice<Choice extends string>(
    value: Json,
    path: string,
    values: Readonly<Record<string, Choice>>,
  ): Choice | undefined {
    if (value === undefined || value === null) return undefined;
    const choices = Object.values(values);
    const found = choices.find((choice) => choice === value);
    return found ?? this.problem("GU021", path, `expected ${oneOf(choices)}, found ${kindOf(value)}`);
  }
}

export function join(path: string, key: string): string {
  const segment = /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
  if (path === "") return segment;
  return segment === key ? `${path}.${key}` : `${path}[${segment}]`;
}

function oneOf(names: readonly string[]): string {
  return alternatives(names.map((name) => `"${name}"`));
}

/** A version as a text; a number has lost the zero at the end of 1.30. */
function quoted(value: number): string {
  return /^\d+\.\d$/.test(String(value)) ? `"${value}" or "${value}0"` : `"${value}"`;
}

function kindOf(value: Json): string {
  if (typeof value === "string") return value.length > 60 ? "a long text" : JSON.stringify(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeof value;
}
