/** Create, read, update, patch and delete, with the checks around them in the API server's order. */
import { randomUUID } from "node:crypto";
import {
  at,
  child,
  clone,
  equal,
  type Json,
  type JsonMap,
  list,
  map,
  text,
  textAt,
  timestamp,
  withoutNulls,
} from "../json";
import type { Environment } from "../strategy/rules";
import { rulesOf } from "../strategy/rulesof";
import { errorsOf, FieldErrors } from "../validation/field";
import { alreadyExists, badRequest, conflict, Failure, invalid, notFound } from "./failure";
import { recordFields } from "./managedfields";
import { patch } from "./patch";
import { apiVersion, namespaces, type Resource } from "./resource";
import { dropUnknown } from "./schema";
import type { Store } from "./store";
import type { User } from "./users";

export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  /** "" or "status". */
  readonly subresource: string;
}

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: string;
  readonly user: User;
}

export interface Answer {
  readonly code: number;
  readonly object: JsonMap;
  readonly warnings: readonly string[];
}

export interface Objects {
  get(target: Target): JsonMap;
  create(target: Target, body: Json, options: WriteOptions): Answer;
  update(target: Target, body: Json, options: WriteOptions): Answer;
  patch(target: Target, body: Json, contentType: string, options: WriteOptions): Answer;
  delete(target: Target, options: WriteOptions): Answer;
}

/** A refusal carries the warnings that were found before it. */
function withWarnings<T>(warnings: readonly string[], write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof Failure) error.warnings = warnings;
    throw error;
  }
}

export function createObjects(store: Store, now: () => Date, gates: readonly string[]): Objects {
  const environment = (user: User): Environment => ({ store, now: now(), user, gates });

  function get({ resource, namespace, name }: Target): JsonMap {
    const found = store.get(resource, namespace, name);
    if (found === undefined) throw notFound(resource, name);
    return found;
  }

  /** What came, in the shape of its kind; with what was wrong with it. */
  function decode(
    resource: Resource,
    body: Json,
    options: WriteOptions,
    onUnknown: (fields: string) => Failure = (fields) =>
      badRequest(
        `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: strict decoding error: ${fields}`,
      ),
  ): { object: JsonMap; warnings: string[] } {
    const object = withoutNulls(map(body));
    const expected = apiVersion(resource);
    if (object.kind !== undefined && (object.kind !== resource.kind || object.apiVersion !== expected)) {
      throw badRequest(
        `${text(object.apiVersion)}, Kind=${text(object.kind)} in the body does not match ${expected}, Kind=${resource.kind} of the URL`,
      );
    }
    object.kind = resource.kind;
    object.apiVersion = expected;
    const unknown = dropUnknown(object);
    if (unknown.length > 0 && options.fieldValidation === "Strict") throw onUnknown(unknown.join(", "));
    return { object, warnings: options.fieldValidation === "Ignore" ? [] : unknown };
  }

  function create(target: Target, body: Json, options: WriteOptions): Answer {
    const { resource, namespace } = target;
    const { object, warnings } = decode(resource, body, options);
    const env = environment(options.user);
    const rules = rulesOf(resource);
    const metadata = child(object, "metadata");
    if (resource.namespaced) {
      if (text(metadata.namespace) !== "" && metadata.namespace !== namespace) {
        throw badRequest(
          "the namespace of the provided object does not match the namespace sent on the request",
        );
      }
      metadata.namespace = namespace;
      if (store.get(namespaces, "", namespace) === undefined) throw notFound(namespaces, namespace);
    }
    const name = text(metadata.name);
    delete metadata.resourceVersion;
    delete metadata.managedFields;
    metadata.uid = randomUUID();
    metadata.creationTimestamp = timestamp(env.now);
    if (resource.generation) metadata.generation = 1;
    rules.defaults?.(object, env);
    rules.mutate?.(object, undefined, env);
    rules.prepareForCreate?.(object, env);
    const errors = new FieldErrors();
    if (name === "") errors.required("metadata.name", "name or generateName is required");
    rules.validate?.(errors, object, undefined, env);
    if (errors.all.length > 0) throw invalid(resource, resource.kind, name, errors.all);
    warnings.push(...(rules.warnings?.(object) ?? []));
    withWarnings(warnings, () => rules.admit?.(object, undefined, env, true));
    if (store.get(resource, namespace, name) !== undefined) throw alreadyExists(resource, name);
    recordFields(object, undefined, writer(target, options));
    if (options.dryRun) return { code: 201, object, warnings };
    const stored = store.put(object);
    rules.reconcile?.(stored, env);
    return { code: 201, object: store.get(resource, namespace, name) ?? stored, warnings };
  }

  function update(target: Target, body: Json, options: WriteOptions): Answer {
    const { resource, name } = target;
    const { object, warnings } = decode(resource, body, options);
    const old = get(target);
    const metadata = child(object, "metadata");
    if (text(metadata.name) !== "" && metadata.name !== name) {
      throw badRequest(
        `the name of the object (${text(metadata.name)}) does not match the name on the URL (${name})`,
      );
    }
    const uid = textAt(old, "metadata", "uid");
    if (text(metadata.uid) !== "" && metadata.uid !== uid) {
      throw conflict(
        resource,
        name,
        `StorageError: invalid object, Code: 4, Key: /registry/${resource.resource}/${target.namespace}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${text(metadata.uid)}, UID in object meta: ${uid}`,
      );
    }
    if (text(metadata.resourceVersion) === "" && !resource.unconditionalUpdate) {
      const required = errorsOf((errors) => {
        errors.invalid("metadata.resourceVersion", 0, "must be specified for an update");
      });
      throw invalid(resource, resource.resource, name, required);
    }
    return withWarnings(warnings, () => replace(target, object, old, options, warnings));
  }

  function change(target: Target, body: Json, contentType: string, options: WriteOptions): Answer {
    const old = get(target);
    const patched = patch(old, body, contentType);
    const { object, warnings } = decode(target.resource, patched, options, (fields) => {
      const unknown = errorsOf((errors) => {
        errors.invalid("patch", JSON.stringify(patched), `strict decoding error: ${fields}`);
      });
      return invalid({ group: "", resource: "" }, "", "", unknown);
    });
    return withWarnings(warnings, () => replace(target, object, old, options, warnings));
  }

  function replace(
    target: Target,
    object: JsonMap,
    old: JsonMap,
    options: WriteOptions,
    warnings: string[],
  ): Answer {
    const { resource, namespace, name } = target;
    const env = environment(options.user);
    const rules = rulesOf(resource);
    const metadata = child(object, "metadata");
    const before = map(old.metadata);
    // A shorthand for the stored value counts as a change, as it does in managedFields.
    let touched = false;
    if (target.subresource === "status") object.spec = clone(map(old.spec));
    else {
      rules.defaults?.(object, env);
      touched = !equal(object.spec, old.spec);
      rules.mutate?.(object, old, env);
    }
    const expected = text(metadata.resourceVersion);
    if (expected !== "" && expected !== before.resourceVersion) throw conflict(resource, name);
    const uid = text(metadata.uid) || text(before.uid);
    const errors = new FieldErrors();
    // The API server's library checks it, and Gardener's own validation once more.
    for (let times = rules.validate === undefined ? 1 : 2; uid !== before.uid && times > 0; times -= 1) {
      errors.immutable("metadata.uid", uid);
    }
    keepSystemFields(metadata, before);
    if (target.subresource === "") {
      if (resource.subresources.includes("status")) object.status = clone(map(old.status));
      if (resource.generation && rules.prepareForUpdate === undefined && !equal(object.spec, old.spec)) {
        metadata.generation = Number(before.generation ?? 1) + 1;
      }
      rules.prepareForUpdate?.(object, old, env);
      rules.validate?.(errors, object, old, env);
    }
    if (errors.all.length > 0) throw invalid(resource, resource.kind, name, errors.all);
    if (target.subresource === "") {
      warnings.push(...(rules.warnings?.(object) ?? []));
      rules.admit?.(object, old, env, touched);
    }
    if (equal(object, old)) return { code: 200, object: old, warnings };
    recordFields(object, old, writer(target, options));
    if (options.dryRun) return { code: 200, object, warnings };
    if (isGone(object)) {
      return { code: 200, object: store.remove(resource, namespace, name) ?? object, warnings };
    }
    const stored = store.put(object);
    if (target.subresource === "") rules.reconcile?.(stored, env);
    return { code: 200, object: store.get(resource, namespace, name) ?? stored, warnings };
  }

  function remove(target: Target, options: WriteOptions): Answer {
    const { resource, namespace, name } = target;
    const object = get(target);
    rulesOf(resource).admitDelete?.(object);
    const metadata = child(object, "metadata");
    if (list(metadata.finalizers).length > 0) {
      if (metadata.deletionTimestamp === undefined) {
        metadata.deletionTimestamp = timestamp(now());
        metadata.deletionGracePeriodSeconds = 0;
        if (resource.generation) metadata.generation = Number(metadata.generation ?? 1) + 1;
        if (!options.dryRun) return { code: 200, object: store.put(object), warnings: [] };
      }
      return { code: 200, object, warnings: [] };
    }
    if (!options.dryRun) store.remove(resource, namespace, name);
    const details: JsonMap = { name, kind: resource.resource, uid: text(metadata.uid) };
    if (resource.group !== "") details.group = resource.group;
    return {
      code: 200,
      object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details },
      warnings: [],
    };
  }

  function writer({ resource, subresource }: Target, options: WriteOptions) {
    return { manager: options.fieldManager, subresource, apiVersion: apiVersion(resource), now: now() };
  }

  return { get, create, update, patch: change, delete: remove };
}

/** What no request changes. */
function keepSystemFields(metadata: JsonMap, before: JsonMap): void {
  for (const key of [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
  ]) {
    const value = before[key];
    if (value === undefined) delete metadata[key];
    else metadata[key] = clone(value);
  }
}

function isGone(object: JsonMap): boolean {
  return (
    textAt(object, "metadata", "deletionTimestamp") !== "" &&
    list(at(object, "metadata", "finalizers")).length === 0
  );
}
