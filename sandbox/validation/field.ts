/** Errors of single fields, worded as Kubernetes does (`k8s.io/apimachinery/pkg/util/validation/field`). */
import type { Json } from "../json";

export interface FieldError {
  readonly reason: string;
  readonly title: string;
  readonly field: string;
  /** Shown by those that name the value. */
  readonly value?: Json;
  readonly detail: string;
}

export const required = (field: string, detail: string): FieldError => ({
  reason: "FieldValueRequired",
  title: "Required value",
  field,
  detail,
});

export const forbiddenField = (field: string, detail: string): FieldError => ({
  reason: "FieldValueForbidden",
  title: "Forbidden",
  field,
  detail,
});

export const invalidField = (field: string, value: Json | undefined, detail: string): FieldError => ({
  reason: "FieldValueInvalid",
  title: "Invalid value",
  field,
  value: value ?? null,
  detail,
});

export const duplicate = (field: string, value: Json): FieldError => ({
  reason: "FieldValueDuplicate",
  title: "Duplicate value",
  field,
  value,
  detail: "",
});

export const tooLong = (field: string, bytes: number): FieldError => ({
  reason: "FieldValueTooLong",
  title: "Too long",
  field,
  detail: `may not be more than ${String(bytes)} bytes`,
});

export const notSupported = (field: string, value: Json, supported: readonly string[]): FieldError => ({
  reason: "FieldValueNotSupported",
  title: "Unsupported value",
  field,
  value,
  detail:
    supported.length === 0
      ? ""
      : `supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`,
});

export const immutable = (field: string, value: Json | undefined): FieldError =>
  invalidField(field, value, "field is immutable");

export function errorBody(error: FieldError): string {
  const head = error.value === undefined ? error.title : `${error.title}: ${JSON.stringify(error.value)}`;
  return error.detail === "" ? head : `${head}: ${error.detail}`;
}

/** One line for all: equal messages once, several in brackets. */
export function aggregate(errors: readonly FieldError[]): string {
  const lines = [...new Set(errors.map((error) => `${error.field}: ${errorBody(error)}`))];
  return lines.length === 1 ? (lines[0] ?? "") : `[${lines.join(", ")}]`;
}
