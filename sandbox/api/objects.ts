/** Create, read, update, patch and delete, with the checks around them in the API server's order. */
import { randomUUID } from "node:crypto";
import {
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
import { cloudProfileRules } from "../strategy/cloudprofile";
import { type Environment, type Rules } from "../strategy/rules";
import { shootRules } from "../strategy/shoot";
import { errorsOf, FieldErrors } from "../validation/field";
import { alreadyExists, badRequest, conflict, Failure, invalid, notFound } from "./failure";
import { recordFields } from "./managedfields";
import { patch } from "./patch";
import { apiVersion, cloudProfiles, namespaces, type Resource, shoots } from "./resource";
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

export type Objects = ReturnType<typeof createObjects>;

const RULES = new Map<Resource, Rules>([
  [shoots, shootRules],
  [cloudProfiles, cloudProfileRules],
]);

const rulesOf = (resource: Resource): Rules => RULES.get(resource) ?? {};

/** A refusal carries the warnings that were found before it. */
function withWarnings<T>(warnings: readonly string[], write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof Failure) error.warnings = warnings;
    throw error;
  }
}

export function createObjects(store: Store, now: () => Date) {
  const environment = (user: User): Environment => ({ store, now: now(), user });

  function get({ resource, namespace, name }: Target): JsonMap {
    const found = store.get(resource, namespace, name);
    if (found === undefined) throw notFound(resource, name);
    return found;
  }

  /** The body in the form of its kind, with warnings about unknown fields. */
  function decode(
    { kind, version, ...resource }: Resource,
    body: Json,
    options: WriteOptions,
    strictError = (fields: string) =>
      badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${fields}`),
  ): { object: JsonMap; warnings: string[] } {
    const object = withoutNulls(map(body));
    const expected = apiVersion({ ...resource, version });
    Object.assign(object, { kind, apiVersion: expected });
    const unknown = dropUnknown(object);
    if (unknown.length > 0 && options.fieldValidation === "Strict") {
      throw strictError(`strict decoding error: ${unknown.join(", ")}`);
    }
    return { object, warnings: options.fieldValidation === "Ignore" ? [] : unknown };
  }

  function create(target: Target, body: Json, options: WriteOptions): Answer {
    const { resource, namespace } = target;
    const { object, warnings } = decode(resource, body, options);
    const metadata = child(object, "metadata");
    if (resource.namespaced) {
      metadata.namespace = namespace;
      if (store.get(namespaces, "", namespace) === undefined) throw notFound(namespaces, namespace);
    }
    delete metadata.resourceVersion;
    delete metadata.managedFields;
    metadata.uid = randomUUID();
    metadata.creationTimestamp = timestamp(now());
    return withWarnings(warnings, () => write(target, object, undefined, options, warnings));
  }

  function save(target: Target, object: JsonMap, old: JsonMap | undefined, options: WriteOptions) {
    const { resource, namespace, subresource } = target;
    const name = textAt(object, "metadata", "name");
    recordFields(object, old, {
      manager: options.fieldManager,
      subresource,
      apiVersion: apiVersion(resource),
      now: now(),
    });
    if (options.dryRun) return { object };
    const { deletionTimestamp, finalizers } = map(object.metadata);
    if (deletionTimestamp !== undefined && list(finalizers).length === 0) {
      return { object: store.remove(resource, namespace, name) ?? object };
    }
    const stored = store.put(object);
    if (subresource === "") rulesOf(resource).reconcile?.(stored, environment(options.user));
    return { object: store.get(resource, namespace, name) ?? stored };
  }

  function update(target: Target, body: Json, options: WriteOptions): Answer {
    const { resource, name } = target;
    const { object, warnings } = decode(resource, body, options);
    const old = get(target);
    const metadata = child(object, "metadata");
    if (text(metadata.resourceVersion) === "" && !resource.unconditionalUpdate) {
      const required = errorsOf((errors) => {
        errors.invalid("metadata.resourceVersion", 0, "must be specified for an update");
      });
      throw invalid(resource, resource.resource, name, required);
    }
    return withWarnings(warnings, () => write(target, object, old, options, warnings));
  }

  function change(target: Target, body: Json, contentType: string, options: WriteOptions): Answer {
    const old = get(target);
    const patched = patch(old, body, contentType);
    const { object, warnings } = decode(target.resource, patched, options, (fields) => {
      const unknown = errorsOf((errors) => {
        errors.invalid("patch", JSON.stringify(patched), fields);
      });
      return invalid({ group: "", resource: "" }, "", "", unknown);
    });
    return withWarnings(warnings, () => write(target, object, old, options, warnings));
  }

  /** The steps in which a new or a changed object is stored. */
  function write(
    target: Target,
    object: JsonMap,
    old: JsonMap | undefined,
    options: WriteOptions,
    warnings: string[],
  ): Answer {
    const { resource, namespace } = target;
    const env = environment(options.user);
    const rules = rulesOf(resource);
    const metadata = child(object, "metadata");
    const name = text(metadata.name);
    const isStatus = target.subresource === "status";
    if (isStatus) object.spec = clone(map(old?.spec));
    else rules.defaults?.(object, env);
    // A shorthand for the stored value counts as a change, as it does in managedFields.
    const sentSpecDiffers = old === undefined || (!isStatus && !equal(object.spec, old.spec));
    if (!isStatus) rules.mutate?.(object, old, env);
    const errors = new FieldErrors();
    if (old === undefined) {
      rules.prepareForCreate?.(object, env);
      if (name === "") errors.required("metadata.name", "name or generateName is required");
    } else {
      const before = map(old.metadata);
      const expected = text(metadata.resourceVersion);
      if (expected !== "" && expected !== before.resourceVersion) throw conflict(resource, target.name);
      const uid = text(metadata.uid) || text(before.uid);
      // The API server's library checks it, and Gardener's own validation once more.
      for (let times = rules.validate === undefined ? 1 : 2; uid !== before.uid && times > 0; times -= 1) {
        errors.immutable("metadata.uid", uid);
      }
      keepSystemFields(metadata, before);
      if (!isStatus) {
        if (resource.subresources.includes("status")) object.status = clone(map(old.status));
        rules.prepareForUpdate?.(object, old, env);
      }
    }
    if (!isStatus) rules.validate?.(errors, object, old, env);
    if (errors.all.length > 0) throw invalid(resource, resource.kind, text(metadata.name), errors.all);
    if (!isStatus) {
      warnings.push(...(rules.warnings?.(object) ?? []));
      rules.admit?.(object, old, env, sentSpecDiffers);
    }
    if (old === undefined && store.get(resource, namespace, name) !== undefined) {
      throw alreadyExists(resource, name);
    }
    if (old !== undefined && equal(object, old)) return { code: 200, object: old, warnings };
    return { ...save(target, object, old, options), code: old === undefined ? 201 : 200, warnings };
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
        if (metadata.generation !== undefined) metadata.generation = Number(metadata.generation ?? 1) + 1;
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

  return { get, create, update, patch: change, delete: remove };
}

/** What no request changes. */
const SYSTEM_FIELDS =
  "name namespace uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds managedFields";

function keepSystemFields(metadata: JsonMap, before: JsonMap): void {
  for (const key of SYSTEM_FIELDS.split(" ")) {
    const value = before[key];
    if (value === undefined) delete metadata[key];
    else metadata[key] = clone(value);
  }
}
