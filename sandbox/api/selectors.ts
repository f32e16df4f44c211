/** Label and field selectors of lists and watches. */
import { at, type Json, type JsonMap, map } from "../json";
import { badRequest } from "./failure";

export type Matches = (object: JsonMap) => boolean;

/** Every path to a string is a field; the API server supports fewer, and refuses the others. */
export function selector(labels = "", fields = ""): Matches {
  const tests = [
    ...testsOf(labels, (object, label) => map(at(object, "metadata", "labels"))[label]),
    ...testsOf(fields, (object, path) => at(object, ...path.split(".")) ?? ""),
  ];
  return (object) => tests.every((test) => test(object));
}

function testsOf(whole: string, valueOf: (object: JsonMap, key: string) => Json | undefined): Matches[] {
  const requirements = whole.split(",").map((part) => part.trim());
  return requirements
    .filter((requirement) => requirement !== "")
    .map((requirement): Matches => {
      const match = /^([^=!\s]+)\s*(?:(==|=|!=)(.*))?$/.exec(requirement);
      if (match === null) throw badRequest(`the selector ${JSON.stringify(requirement)} is not supported`);
      const [, key = "", operator, expected = ""] = match;
      const value = (object: JsonMap) => valueOf(object, key.trim());
      if (operator === undefined) return (object) => value(object) !== undefined;
      return (object) => (value(object) === expected.trim()) === (operator !== "!=");
    });
}
