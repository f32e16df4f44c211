/** Errors of the connection to a garden, with the cluster that they concern and the argument that names it. */
import type { Code } from "../model/codes";
import type { Declaration } from "../model/declaration";
import { naming, UserError } from "../model/problem";
import type { Shoot } from "../model/shoot";
import type { LifecycleContext } from "./context";
import { refOf, type Inputs } from "./state";

/**
 * The error with the cluster's name: a connection does not know for which cluster it is used.
 * @param shoot for messages: `garden-demo/web`.
 */
export function nameShoot(error: UserError, shoot: string, property = error.property): UserError {
  const { message, code, retryable, writeOutcome } = isOfConnection(error.code)
    ? naming(error, [shoot, "Shoot "], `Shoot ${shoot}`)
    : error;
  return new UserError(code, message, { property, retryable, writeOutcome, cause: error });
}

/** Codes below GU020. */
function isOfConnection(code: Code): boolean {
  return code < "GU020";
}

/** The live Shoot of these inputs; errors name it. */
export async function readShoot(context: LifecycleContext, { garden, shoot }: Inputs): Promise<Shoot> {
  try {
    return await (await context.garden(garden ?? {})).getShoot(refOf(shoot));
  } catch (error) {
    throw error instanceof UserError ? nameShoot(error, shoot) : error;
  }
}

/** The error with the cluster's name and the property of the declaration that led to it. */
export function nameDeclared(error: UserError, { shoot, garden }: Declaration): UserError {
  return nameShoot(error, nameIn(shoot), error.property ?? propertyOf(error.code, garden));
}

function nameIn(shoot: Declaration["shoot"]): string {
  if (shoot.kind === "name") return shoot.name;
  return shoot.kind === "project"
    ? `${shoot.name} of the project ${shoot.project}`
    : `${shoot.namespace}/${shoot.name}`;
}

function propertyOf(code: Code, { kubeconfig, context }: Declaration["garden"]): string | undefined {
  switch (code) {
    case "GU002":
    case "GU003":
      return kubeconfig === undefined ? undefined : "garden.kubeconfig";
    case "GU004":
      return context === undefined ? undefined : "garden.context";
    case "GU009":
    case "GU010":
      return "shoot";
    default:
      return undefined;
  }
}

/** Undefined where the garden does not answer or refuses: whoever reads it next gets the error. */
export async function tryRead<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
