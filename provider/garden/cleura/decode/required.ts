/** Required fields of Cleura's answers, and enums, whose letter case differs from field to field. */
import { UserError } from "../../../model/problem";
import { isAbsent, list, optionalBoolean, optionalNumber, text, unusable, type Field } from "../../field";

export function requiredNumber(field: Field): number {
  const number = lenientNumber(field);
  if (number === undefined) throw unusable(field, "a number");
  return number;
}

/** Some fields contain a number as text. */
export function lenientNumber(field: Field): number | undefined {
  const { value } = field;
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return optionalNumber(field);
}

export function requiredBoolean(field: Field): boolean {
  const flag = optionalBoolean(field);
  if (flag === undefined) throw unusable(field, "true or false");
  return flag;
}

export function requiredList(field: Field): readonly Field[] {
  if (isAbsent(field)) throw unusable(field, "a list");
  return list(field);
}

/** In any letter case, with or without underscores. */
export function enumValue<Value extends string>(field: Field, values: readonly Value[]): Value {
  const given = text(field);
  const value = values.find((candidate) => normalized(candidate) === normalized(given));
  if (value !== undefined) return value;
  throw new UserError(
    "GU013",
    `${field.object}: ${field.path} is ${JSON.stringify(given)}, expected one of ${values.join(", ")}.`,
  );
}

/** As {@link enumValue}, with a value for unknown texts. */
export function enumValueOr<Value extends string>(
  field: Field,
  values: readonly Value[],
  unknown: Value,
): Value {
  const given = typeof field.value === "string" ? field.value : "";
  return values.find((candidate) => normalized(candidate) === normalized(given)) ?? unknown;
}

function normalized(text: string): string {
  return text.toLowerCase().replace(/[_\s-]/g, "");
}
