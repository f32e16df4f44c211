/** What extends the API: CustomResourceDefinitions and APIServices. */
import { at, list, prose, root, texts } from "../../garden/field";
import {
  decodeClientConfig,
  decodeServiceReference,
  type ClientConfig,
  type ServiceReference,
} from "./backend";
import { decodeMetadata, type Metadata } from "./metadata";
import { isTrue } from "./pod";

export interface CustomResourceDefinition extends Metadata {
  readonly storedVersions: readonly string[];
  /** Absent: versions are not converted by a webhook. */
  readonly conversion?: ClientConfig;
}

export interface ApiService extends Metadata {
  /** Absent: the API server serves it itself. */
  readonly service?: ServiceReference;
  readonly available: boolean;
  /** The message of the condition Available. */
  readonly message: string;
}

export function decodeCrd(value: unknown): CustomResourceDefinition {
  const crd = root("A CustomResourceDefinition of the Shoot", value);
  const conversion = at(crd, "spec", "conversion");
  return {
    ...decodeMetadata(crd),
    storedVersions: texts(at(crd, "status", "storedVersions")),
    ...(prose(at(conversion, "strategy")) === "Webhook" && {
      conversion: decodeClientConfig(at(conversion, "webhook", "clientConfig")),
    }),
  };
}

export function decodeApiService(value: unknown): ApiService {
  const apiService = root("An APIService of the Shoot", value);
  const conditions = at(apiService, "status", "conditions");
  const service = decodeServiceReference(at(apiService, "spec", "service"));
  const available = list(conditions).find((condition) => prose(at(condition, "type")) === "Available");
  return {
    ...decodeMetadata(apiService),
    ...(service && { service }),
    available: isTrue(conditions, "Available"),
    message: available === undefined ? "" : prose(at(available, "message")),
  };
}
