/** Label and field selectors, as far as equality goes. */
import { at, type JsonObject, object, text } from "./fields";

export function labelsMatch(value: JsonObject, selector: string): boolean {
  if (selector === "") return true;
  const labels = object(at(value, "metadata", "labels"));
  return selector.split(",").every((term) => {
    const [key = "", wanted = ""] = term.split(/={1,2}/);
    return term.includes("=") ? text(labels[key]) === wanted : key in labels;
  });
}

export function fieldsMatch(value: JsonObject, selector: string): boolean {
  if (selector === "") return true;
  return selector.split(",").every((term) => {
    const [path = "", wanted = ""] = term.split(/={1,2}/);
    return text(at(value, ...path.split("."))) === wanted;
  });
}
