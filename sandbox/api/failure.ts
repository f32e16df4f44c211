/** Refusals as the API server sends them: `metav1.Status`, its reasons, codes and causes. */
import type { Json, JsonMap } from "../json";
import { type FieldError, errorBody, aggregate } from "../validation/field";
import type { ResourceName } from "./resource";

export class Failure extends Error {
  readonly status: JsonMap;
  readonly code: number;
  /** Warnings about the request. */
  warnings: readonly string[] = [];

  constructor(code: number, reason: string, message: string, details?: JsonMap) {
    super(message);
    this.name = "Failure";
    this.code = code;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === "" ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

function details(resource: ResourceName, name: string, kind: string = resource.resource): JsonMap {
  return {
    ...(name === "" ? {} : { name }),
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind,
  };
}

/** `shoots.core.gardener.cloud`, or `secrets` in the core group. */
function qualified(resource: ResourceName, name: string = resource.resource): string {
  return resource.group === "" ? name : `${name}.${resource.group}`;
}

export const unauthorized = () => new Failure(401, "Unauthorized", "Unauthorized");

export const badRequest = (message: string) => new Failure(400, "BadRequest", message);

export const internal = (message: string) =>
  new Failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });

export const notFound = (resource: ResourceName, name: string) =>
  new Failure(
    404,
    "NotFound",
    `${qualified(resource)} ${JSON.stringify(name)} not found`,
    details(resource, name),
  );

/** For unknown paths. */
export const noSuchPath = () =>
  new Failure(404, "NotFound", "the server could not find the requested resource", {});

export const methodNotAllowed = () =>
  new Failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});

export const alreadyExists = (resource: ResourceName, name: string) =>
  new Failure(
    409,
    "AlreadyExists",
    `${qualified(resource)} ${JSON.stringify(name)} already exists`,
    details(resource, name),
  );

export const conflict = (
  resource: ResourceName,
  name: string,
  why = "the object has been modified; please apply your changes to the latest version and try again",
) =>
  new Failure(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: ${why}`,
    details(resource, name),
  );

export function forbidden(resource: ResourceName, name: string, why: string): Failure {
  const what = name === "" ? qualified(resource) : `${qualified(resource)} ${JSON.stringify(name)}`;
  return new Failure(403, "Forbidden", `${what} is forbidden: ${why}`, details(resource, name));
}

/** `kind` as the API server names it in messages: the kind, or the resource where the store itself refuses. */
export function invalid(
  resource: ResourceName,
  kind: string,
  name: string,
  errors: readonly FieldError[],
): Failure {
  const causes: Json[] = errors.map((error) => ({
    reason: error.reason,
    message: errorBody(error),
    field: error.field,
  }));
  return new Failure(
    422,
    "Invalid",
    `${qualified(resource, kind)} ${JSON.stringify(name)} is invalid: ${aggregate(errors)}`,
    { ...details(resource, name, kind), causes },
  );
}

/** For a patch that cannot be applied, such as one with a failing `test`. */
export const unprocessable = () =>
  new Failure(422, "Invalid", "the server rejected our request due to an error in our request", {});

export const expired = (requested: number, oldest: number) =>
  new Failure(410, "Expired", `too old resource version: ${String(requested)} (${String(oldest)})`);

export const pageExpired = () =>
  new Failure(
    410,
    "Expired",
    "The provided continue parameter is too old to display a consistent list result.",
  );
