/** Which parts of a Shoot's spec a later Kubernetes minor does not have or does not accept. */
import {
  featureGateComponents,
  removedFeatureGates,
  lockedFeatureGates,
  removedFields,
  type LimitedField,
} from "../../../model/removals";
import { entryOf } from "../../../model/json";
import { at, entries, isAbsent, list, text, type Field } from "../../field";

export function decodeLimitedFields(spec: Field): readonly LimitedField[] {
  const gates = featureGateComponents.flatMap((component) =>
    limitedGates(at(spec, "kubernetes", component, "featureGates")),
  );
  const poolGates = list(at(spec, "provider", "workers")).flatMap((worker) => {
    const pool = text(at(worker, "name"));
    return limitedGates(at(worker, "kubernetes", "kubelet", "featureGates")).map((field) => ({
      ...field,
      path: field.path.replace(/^spec\.provider\.workers\[\d+\]/, `spec.provider.workers[${pool}]`),
      pool,
    }));
  });
  const fields = removedFields.flatMap(({ path, removedIn }) =>
    fieldsAt(spec, path).map((field) => ({ path: field.path, removedIn })),
  );
  return [...fields, ...gates, ...poolGates];
}

function fieldsAt(parent: Field, path: readonly string[]): readonly Field[] {
  const [key, ...rest] = path;
  if (key === undefined) return isAbsent(parent) ? [] : [parent];
  if (key === "*") return list(parent).flatMap((entry) => fieldsAt(entry, rest));
  return fieldsAt(at(parent, key), rest);
}

function limitedGates(featureGates: Field): readonly LimitedField[] {
  return entries(featureGates).flatMap(([name, { path, value }]) => {
    const removedIn = Object.entries(removedFeatureGates).find(([, names]) => names.includes(name))?.[0];
    const lock = Object.entries(lockedFeatureGates).find(([, gates]) => entryOf(gates, name) !== undefined);
    const refusedIn = lock !== undefined && lock[1][name] !== value ? lock[0] : undefined;
    if (removedIn === undefined && refusedIn === undefined) return [];
    return [{ path, ...(removedIn && { removedIn }), ...(refusedIn && { refusedIn }) }];
  });
}
