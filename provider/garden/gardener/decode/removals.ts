/** Which parts of a Shoot's spec a later Kubernetes minor does not have. */
import {
  featureGateComponents,
  removedFeatureGates,
  removedFields,
  type RemovableField,
} from "../../../model/removals";
import { at, entries, isAbsent, list, text, type Field } from "../../field";

export function decodeRemovableFields(spec: Field): readonly RemovableField[] {
  const gates = featureGateComponents.flatMap((component) =>
    removableGates(at(spec, "kubernetes", component, "featureGates")),
  );
  const poolGates = list(at(spec, "provider", "workers")).flatMap((worker) => {
    const pool = text(at(worker, "name"));
    return removableGates(at(worker, "kubernetes", "kubelet", "featureGates")).map(({ path, minor }) => ({
      path: path.replace(/^spec\.provider\.workers\[\d+\]/, `spec.provider.workers[${pool}]`),
      minor,
      pool,
    }));
  });
  const fields = removedFields.flatMap(({ path, minor }) =>
    fieldsAt(spec, path).map((field) => ({ path: field.path, minor })),
  );
  return [...fields, ...gates, ...poolGates];
}

function fieldsAt(parent: Field, path: readonly string[]): readonly Field[] {
  const [key, ...rest] = path;
  if (key === undefined) return isAbsent(parent) ? [] : [parent];
  if (key === "*") return list(parent).flatMap((entry) => fieldsAt(entry, rest));
  return fieldsAt(at(parent, key), rest);
}

function removableGates(featureGates: Field): readonly RemovableField[] {
  return entries(featureGates).flatMap(([name, { path }]) => {
    const minor = Object.entries(removedFeatureGates).find(([, names]) => names.includes(name))?.[0];
    return minor === undefined ? [] : [{ path, minor }];
  });
}
