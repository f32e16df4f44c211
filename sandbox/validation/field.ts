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

const quoted = (values: readonly string[]) => values.map((one) => JSON.stringify(one)).join(", ");

/** Collects what is wrong with an object, in the order in which Gardener finds it. */
export class FieldErrors {
  readonly all: FieldError[] = [];

  required(field: string, detail: string): void {
    this.all.push({ reason: "FieldValueRequired", title: "Required value", field, detail });
  }

  forbidden(field: string, detail: string): void {
    this.all.push({ reason: "FieldValueForbidden", title: "Forbidden", field, detail });
  }

  invalid(field: string, value: Json | undefined, detail: string): void {
    this.all.push({
      reason: "FieldValueInvalid",
      title: "Invalid value",
      field,
      value: value ?? null,
      detail,
    });
  }

  immutable(field: string, value: Json | undefined): void {
    this.invalid(field, value, "field is immutable");
  }

  notSupported(field: string, value: Json, supported: readonly string[]): void {
    const detail = supported.length === 0 ? "" : `supported values: ${quoted(supported)}`;
    this.all.push({ reason: "FieldValueNotSupported", title: "Unsupported value", field, value, detail });
  }
}

/** The errors that the rules find. */
export function errorsOf(...rules: readonly ((errors: FieldErrors) => void)[]): readonly FieldError[] {
  const errors = new FieldErrors();
  for (const rule of rules) rule(errors);
  return errors.all;
}

export function errorBody(error: FieldError): string {
  const head = error.value === undefined ? error.title : `${error.title}: ${JSON.stringify(error.value)}`;
  return error.detail === "" ? head : `${head}: ${error.detail}`;
}

/** One line for all: equal messages once, several in brackets. */
export function aggregate(errors: readonly FieldError[]): string {
  const lines = [...new Set(errors.map((error) => `${error.field}: ${errorBody(error)}`))];
  return lines.length === 1 ? (lines[0] ?? "") : `[${lines.join(", ")}]`;
}
