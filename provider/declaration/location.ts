/**
 * Where the garden is, in each of its forms: argument of a program, value in state, options of the
 * command `pulumi-gardener credential`. The fields are those of model/location.ts.
 */
import type { CleuraArgs, GardenArgs } from "../args";
import { isRecord } from "../model/json";
import { cleuraFields, kubeconfigFields, type CleuraLocation, type GardenLocation } from "../model/location";
import type { Fields, Json } from "./fields";

// Each field is an argument, and each argument a field: neither compiles without the other.
const cleuraKeys: Readonly<Record<keyof CleuraArgs, unknown>> = cleuraFields;
const gardenKeys: Readonly<Record<keyof GardenArgs, unknown>> = { ...kubeconfigFields, cleura: true };

/** `garden` of a program; the problems are added to the fields. */
export function parseGarden(value: Json, fields: Fields): GardenLocation {
  const given = fields.object(value, "garden", gardenKeys) ?? {};
  const kubeconfig = collect(kubeconfigFields, (field) => fields.text(given[field], `garden.${field}`));
  if (kubeconfig.kubeconfig !== undefined && looksLikeContent(kubeconfig.kubeconfig)) {
    // The value is not repeated: it may hold credentials.
    fields.problem(
      "GU021",
      "garden.kubeconfig",
      "expected the path of a kubeconfig, found its content; inputs are stored in state, so name a file here, or set the content as secret with `pulumi config set --secret gardener:kubeconfig`",
    );
    return {};
  }
  const cleura = parseCleura(given.cleura, fields);
  if (cleura === undefined) return kubeconfig;
  if (Object.keys(kubeconfig).length > 0) {
    fields.problem("GU021", "garden", "give a kubeconfig or cleura, not both");
  }
  return { cleura };
}

function parseCleura(value: Json, fields: Fields): CleuraLocation | undefined {
  const given = fields.object(value, "garden.cleura", cleuraKeys);
  if (given === undefined) return undefined;
  return collect(cleuraFields, (field) => {
    const path = `garden.cleura.${field}`;
    const text = fields.text(given[field], path);
    if (text === undefined || /^[\w.-]{1,100}$/.test(text)) return text;
    return fields.problem(
      "GU021",
      path,
      `expected up to 100 letters, digits, ".", "_" and "-", found ${JSON.stringify(text.slice(0, 40))}`,
      text,
    );
  });
}

/** A kubeconfig or a token, in clear or in base64. */
function looksLikeContent(text: string): boolean {
  return (
    /\n|apiVersion|[{}]/.test(text) ||
    /^(ey[\w-]{8,}\.|YXBp|ewo|LS0t)/.test(text) ||
    /^[\w+/=-]{120,}$/.test(text)
  );
}

/** As it is kept in state; undefined where state has none. */
export function decodeLocation(value: unknown): GardenLocation | undefined {
  if (!isRecord(value)) return undefined;
  const { cleura } = value;
  return {
    ...decodeFields(kubeconfigFields, value),
    ...(isRecord(cleura) && { cleura: decodeFields(cleuraFields, cleura) }),
  };
}

function decodeFields<Field extends string>(
  table: Readonly<Record<Field, unknown>>,
  value: Readonly<Record<string, unknown>>,
) {
  return collect(table, (field) => {
    const text = value[field];
    return typeof text === "string" ? text : undefined;
  });
}

export function sameLocation(a: GardenLocation | undefined, b: GardenLocation | undefined): boolean {
  return (
    sameFields(kubeconfigFields, a, b) &&
    (a?.cleura === undefined) === (b?.cleura === undefined) &&
    sameFields(cleuraFields, a?.cleura, b?.cleura)
  );
}

function sameFields<Field extends string>(
  table: Readonly<Record<Field, unknown>>,
  a: Values<NoInfer<Field>> | undefined,
  b: Values<NoInfer<Field>> | undefined,
): boolean {
  return namesOf(table).every((field) => a?.[field] === b?.[field]);
}

type Option = { readonly type: "string" } | { readonly type: "boolean" };

/** For `util.parseArgs`. */
export const locationOptions: Readonly<Record<string, Option>> = {
  cleura: { type: "boolean" },
  ...Object.fromEntries(
    [...Object.values(kubeconfigFields), ...Object.values(cleuraFields)].map(({ option }) => [
      option,
      { type: "string" },
    ]),
  ),
};

/** The location as options, in a fixed order. */
export function encodeOptions(location: GardenLocation): readonly string[] {
  const { cleura } = location;
  return [
    ...(cleura === undefined ? [] : ["--cleura"]),
    ...encodeFields(kubeconfigFields, location),
    ...encodeFields(cleuraFields, cleura ?? {}),
  ];
}

function encodeFields<Field extends string>(
  table: Readonly<Record<Field, { readonly option: string }>>,
  values: Values<NoInfer<Field>>,
): readonly string[] {
  return namesOf(table).flatMap((field) => {
    const value = values[field];
    return value === undefined ? [] : [`--${table[field].option}=${value}`];
  });
}

/** What {@link encodeOptions} has encoded. @param values as `util.parseArgs` returns them. */
export function decodeOptions(values: Readonly<Record<string, unknown>>): GardenLocation {
  return values["cleura"] === true
    ? { cleura: decodeOptionFields(cleuraFields, values) }
    : decodeOptionFields(kubeconfigFields, values);
}

function decodeOptionFields<Field extends string>(
  table: Readonly<Record<Field, { readonly option: string }>>,
  values: Readonly<Record<string, unknown>>,
) {
  return collect(table, (field) => {
    const value = values[table[field].option];
    return typeof value === "string" ? value : undefined;
  });
}

function namesOf<Field extends string>(table: Readonly<Record<Field, unknown>>): readonly Field[] {
  const names: Field[] = [];
  for (const name in table) names.push(name);
  return names;
}

type Values<Field extends string> = Readonly<Partial<Record<Field, string>>>;

/** The fields that have a value. */
function collect<Field extends string>(
  table: Readonly<Record<Field, unknown>>,
  valueOf: (field: Field) => string | undefined,
): Partial<Record<Field, string>> {
  const found: Partial<Record<Field, string>> = {};
  for (const field in table) {
    const value = valueOf(field);
    if (value !== undefined) found[field] = value;
  }
  return found;
}
