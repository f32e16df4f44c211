/** Label and field selectors of lists and watches. */
import { type Json, type JsonMap, map, textAt } from "../json";
import { badRequest } from "./failure";

export type Matches = (object: JsonMap) => boolean;

export function selector(labels: string | undefined, fields: string | undefined): Matches {
  const labelTests = requirements(labels ?? "").map(labelTest);
  const fieldTests = requirements(fields ?? "").map(fieldTest);
  return (object) => labelTests.every((test) => test(object)) && fieldTests.every((test) => test(object));
}

function requirements(whole: string): string[] {
  return whole
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function labelTest(requirement: string): Matches {
  const value = (object: JsonMap, key: string) => textOrNothing(map(map(object.metadata).labels)[key]);
  const comparison = /^([^=!]+)(==|=|!=)(.*)$/.exec(requirement);
  if (comparison !== null) {
    const [, key = "", operator, expected = ""] = comparison;
    return (object) => (value(object, key.trim()) === expected.trim()) === (operator !== "!=");
  }
  if (requirement.startsWith("!")) return (object) => value(object, requirement.slice(1)) === undefined;
  return (object) => value(object, requirement) !== undefined;
}

/** Every path to a string; the API server supports fewer, and refuses the others. */
function fieldTest(requirement: string): Matches {
  const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(requirement);
  if (match === null) throw badRequest(`invalid field selector ${JSON.stringify(requirement)}`);
  const [, path = "", operator, expected = ""] = match;
  return (object) => (textAt(object, ...path.split(".")) === expected) === (operator !== "!=");
}

const textOrNothing = (value: Json | undefined) => (typeof value === "string" ? value : undefined);
