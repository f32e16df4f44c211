/** Refusals as Cleura's API sends them: `{error: {code, message, errors?: [{key, value}]}}`. */
import { Failure } from "../api/failure";
import { type JsonMap, mapsAt, textAt } from "../json";

/** A field that is wrong, and why. */
export interface FieldFault {
  readonly key: string;
  readonly value: string;
}

export class Refusal extends Error {
  readonly body: JsonMap;

  constructor(
    readonly code: number,
    message: string,
    errors: readonly FieldFault[] = [],
  ) {
    super(message);
    this.body = errorBody(code, message, errors);
  }
}

/** Also for answers that tests send instead of Cleura. */
export function errorBody(code: number, message: string, errors: readonly FieldFault[] = []): JsonMap {
  return {
    error: { code, message, ...(errors.length === 0 ? {} : { errors: errors.map((one) => ({ ...one })) }) },
  };
}

/** Real clients receive 403, which differs from a missing right by the text "token"; 401 is documented. */
export const invalidToken = () => new Refusal(403, "Invalid token");

export const noPrivilege = () =>
  new Refusal(403, "No access: Your user does not have access to this method.");

export const notFound = (what: string) => new Refusal(404, `${what} not found`);

export const noSuchPath = () => new Refusal(404, "The requested resource does not exist");

export const malformed = (errors: readonly FieldFault[]) =>
  new Refusal(400, "The request is not valid", errors);

export const busy = (name: string) =>
  new Refusal(409, `Shoot ${name} is being reconciled; try again when its last operation has ended`);

/** What the garden refuses is the caller's mistake for Cleura, where it is not the garden's own. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Failure)) {
    return new Refusal(500, error instanceof Error ? error.message : String(error));
  }
  const faults = mapsAt(error.status, "details", "causes")
    .map((cause) => ({ key: textAt(cause, "field"), value: textAt(cause, "message") }))
    .filter(({ key }) => key !== "");
  const isForwarded = error.code === 404 || error.code === 409 || error.code >= 500;
  return new Refusal(isForwarded ? error.code : 400, error.message, faults);
}
