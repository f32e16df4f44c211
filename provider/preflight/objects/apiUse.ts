/** Who uses a version of an API: field managers in `metadata.managedFields`, and the API server's metric. */
import { at, list, optionalDate, prose, root, type Field } from "../../garden/field";
import { isRecord } from "../../model/json";
import type { ApiVersion } from "../apiVersion";
import { decodeMetadata, type Metadata } from "./metadata";
import type { Listed } from "./listed";

export interface ManagedObject extends Metadata {
  readonly managers: readonly FieldManager[];
  /** `group/version` with which `kubectl apply` has sent it last; absent: not applied so. */
  readonly lastApplied?: string;
}

/** The last write of a manager with one version of the API. */
export interface FieldManager {
  readonly manager: string;
  /** `group/version`. */
  readonly apiVersion: string;
  readonly time?: Date;
}

export interface ApiUse {
  readonly api: ApiVersion;
  readonly objects: Listed<ManagedObject>;
}

/** A version that clients have requested since the API server started. */
export interface RequestedApi {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly removedIn: string;
}

export type ApiUses =
  | {
      readonly kind: "read";
      readonly uses: readonly ApiUse[];
      /** Not requested with a viewer's kubeconfig, which never may read metrics: then empty. */
      readonly requested: Listed<RequestedApi>;
    }
  | { readonly kind: "notVisible"; readonly reason: string };

export function decodeManagedObject(value: unknown): ManagedObject {
  const object = root("An object of the Shoot", value);
  const lastApplied = decodeLastApplied(at(object, "metadata", "annotations", LAST_APPLIED));
  return {
    ...decodeMetadata(object),
    ...(lastApplied !== undefined && { lastApplied }),
    managers: list(at(object, "metadata", "managedFields")).map((entry) => ({
      manager: prose(at(entry, "manager")),
      apiVersion: prose(at(entry, "apiVersion")),
      time: optionalDate(at(entry, "time")),
    })),
  };
}

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The object in JSON; of it only the version is read. */
function decodeLastApplied({ value }: Field): string | undefined {
  if (typeof value !== "string") return undefined;
  try {
    const applied: unknown = JSON.parse(value);
    const version = isRecord(applied) ? applied["apiVersion"] : undefined;
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** `apiserver_requested_deprecated_apis{group="…",removed_release="1.34",resource="…",version="v1beta1"} 1` */
export function decodeRequestedApis(metrics: string): readonly RequestedApi[] {
  return [...metrics.matchAll(/^apiserver_requested_deprecated_apis\{([^}]*)\} 1$/gm)].map(
    ([, labels = ""]) => {
      const values = new Map(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
      );
      const of = (key: string) => values.get(key) ?? "";
      return {
        group: of("group"),
        version: of("version"),
        resource: of("resource"),
        removedIn: of("removed_release"),
      };
    },
  );
}
