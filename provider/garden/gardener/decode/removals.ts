/** Which parts of a Shoot's spec a later Kubernetes minor does not have or does not accept. */
import { featureGateComponents, lockedFeatureGates, removedFeatureGates } from "../../../model/featureGates";
import { entryOf } from "../../../model/json";
import { removedApiVersions, removedFields, type LimitedField } from "../../../model/removals";
import { foreignText } from "../../../model/text";
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
  const fields = removedFields.flatMap(({ path, removedIn, instead, since }) =>
    fieldsAt(spec, path).map((field) => ({
      path: field.path,
      ...valueOf(field),
      removedIn,
      ...(instead !== undefined && { instead }),
      ...(since !== undefined && { since }),
    })),
  );
  return [...fields, ...gates, ...poolGates, ...limitedApiVersions(spec)];
}

function fieldsAt(parent: Field, path: readonly string[]): readonly Field[] {
  const [key, ...rest] = path;
  if (key === undefined) return isAbsent(parent) ? [] : [parent];
  if (key === "*") return list(parent).flatMap((entry) => fieldsAt(entry, rest));
  return fieldsAt(at(parent, key), rest);
}

function limitedGates(featureGates: Field): readonly LimitedField[] {
  return entries(featureGates).flatMap(([name, field]) => {
    const { path, value } = field;
    const removedIn = minorOfName(removedFeatureGates, name);
    const lock = Object.entries(lockedFeatureGates).find(([, gates]) => entryOf(gates, name) !== undefined);
    const locked = lock?.[1][name];
    const refusedIn = locked !== value ? lock?.[0] : undefined;
    if (removedIn === undefined && refusedIn === undefined) return [];
    return [
      {
        path,
        ...valueOf(field),
        ...(removedIn && { removedIn }),
        ...(refusedIn && { refusedIn }),
        ...(refusedIn && removedIn === undefined && { instead: `remove it, or set it to ${String(locked)}` }),
      },
    ];
  });
}

/** Alpha versions are deleted from k8s.io/api: a later API server fails to list what is stored in them. */
const instead =
  "delete the objects of this version first, which a later API server may not be able to read, and remove it";

function limitedApiVersions(spec: Field): readonly LimitedField[] {
  return entries(at(spec, "kubernetes", "kubeAPIServer", "runtimeConfig")).flatMap(([name, field]) => {
    const refusedIn = minorOfName(removedApiVersions, name);
    return refusedIn === undefined ? [] : [{ path: field.path, ...valueOf(field), refusedIn, instead }];
  });
}

function minorOfName(names: Readonly<Record<string, readonly string[]>>, name: string): string | undefined {
  return Object.entries(names).find(([, some]) => some.includes(name))?.[0];
}

function valueOf({ value }: Field): Pick<LimitedField, "value"> {
  return ["string", "number", "boolean"].includes(typeof value)
    ? { value: foreignText(JSON.stringify(value)) }
    : {};
}
