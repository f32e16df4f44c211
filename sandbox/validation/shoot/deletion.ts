/** Nothing of the specification changes once a Shoot is being deleted. */
import { equal, isMap, type Json, textAt } from "../../json";
import { type FieldError, forbiddenField } from "../field";
import type { UpdateContext } from "../context";

export function changedWhileDeleted({ shoot, old }: UpdateContext): FieldError[] {
  if (textAt(shoot, "metadata", "deletionTimestamp") === "" || equal(shoot.spec, old.spec)) return [];
  return [
    forbiddenField(
      "spec",
      `cannot update shoot spec if deletion timestamp is set. Requested changes: ${differences(shoot.spec, old.spec).join(",")}`,
    ),
  ];
}

/** As `github.com/go-test/deep` tells them: Go's field names, the new value first. */
function differences(now: Json | undefined, before: Json | undefined, path = ""): string[] {
  if (equal(now, before)) return [];
  if (isMap(now) && isMap(before)) {
    const keys = [...new Set([...Object.keys(now), ...Object.keys(before)])];
    return keys.flatMap((key) =>
      differences(now[key], before[key], join(path, key.charAt(0).toUpperCase() + key.slice(1))),
    );
  }
  if (Array.isArray(now) && Array.isArray(before)) {
    const longest = now.length > before.length ? now : before;
    return longest.flatMap((_, index) =>
      differences(now[index], before[index], join(path, `slice[${String(index)}]`)),
    );
  }
  return [`${path}: ${show(now)} != ${show(before)}`];
}

const join = (path: string, step: string) => (path === "" ? step : `${path}.${step}`);

function show(value: Json | undefined): string {
  if (value === undefined || value === null) return "<nil pointer>";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
