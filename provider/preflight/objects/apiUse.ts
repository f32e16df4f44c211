/** Who uses a version of an API: field managers in `metadata.managedFields`, and the API server's metric. */
import { at, list, optionalDate, prose, root } from "../../garden/field";
import type { ApiVersion } from "../apiVersion";
import { decodeMetadata, type Metadata } from "./metadata";
import type { Listed } from "./listed";

export interface ManagedObject extends Metadata {
  readonly managers: readonly FieldManager[];
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
      /** Empty where the metrics are not readable, as for a viewer. */
      readonly requested: readonly RequestedApi[];
    }
  | { readonly kind: "notVisible"; readonly reason: string };

export function decodeManagedObject(value: unknown): ManagedObject {
  const object = root("An object of the Shoot", value);
  return {
    ...decodeMetadata(object),
    managers: list(at(object, "metadata", "managedFields")).map((entry) => ({
      manager: prose(at(entry, "manager")),
      apiVersion: prose(at(entry, "apiVersion")),
      time: optionalDate(at(entry, "time")),
    })),
  };
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
