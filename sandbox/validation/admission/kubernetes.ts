/** Is the version in the CloudProfile? Asked only where it changes (validateKubernetesVersionConstraints). */
import { type JsonMap, mapsAt, text, textAt } from "../../json";
import { type AdmissionContext, controlPlaneVersion, findPool, poolPath } from "../context";
import { type FieldError, notSupported } from "../field";
import { isActive } from "../versions";

export function controlPlaneMembership(context: AdmissionContext): FieldError[] {
  const version = controlPlaneVersion(context.shoot);
  if (version === controlPlaneVersion(context.old)) return [];
  return membership(context, version, context.operation === "CREATE", "spec.kubernetes.version");
}

export function poolMembership(context: AdmissionContext, pool: JsonMap, index: number): FieldError[] {
  const pin = textAt(pool, "kubernetes", "version");
  const before = findPool(context.old, textAt(pool, "name"));
  const was = textAt(before, "kubernetes", "version") || controlPlaneVersion(context.old);
  if (pin === "" || pin === was) return [];
  const isNew = context.operation === "CREATE" || before === undefined;
  return membership(context, pin, isNew, `${poolPath(index)}.kubernetes.version`);
}

/** Expired versions stay a way up for what exists: forced updates go through them one after the other. */
function membership(context: AdmissionContext, version: string, isNew: boolean, field: string): FieldError[] {
  const choice = mapsAt(context.profile, "kubernetes", "versions").filter(
    (entry) => !isNew || isActive(entry, context.now),
  );
  if (choice.some((entry) => entry.version === version)) return [];
  const names = choice.map((entry) =>
    entry.classification === "preview" ? `${text(entry.version)} (preview)` : text(entry.version),
  );
  return [notSupported(field, version, names)];
}
