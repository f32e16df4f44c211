/** What webhooks and aggregated APIs are served by: Services and their EndpointSlices. */
import {
  at,
  isAbsent,
  list,
  optionalBoolean,
  optionalText,
  prose,
  root,
  type Field,
} from "../../garden/field";
import { decodeMetadata, type Metadata } from "./metadata";

export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
}

export interface ClientConfig {
  /** Absent: it is served at a URL outside of the cluster. */
  readonly service?: ServiceReference;
  /** PEM, empty where it is absent. */
  readonly caBundle: string;
}

export interface Service extends Metadata {
  readonly type: string;
}

export interface EndpointSlice extends Metadata {
  readonly service?: string;
  readonly ready: boolean;
  /** Names of the pods behind it. */
  readonly pods: readonly string[];
}

export function decodeClientConfig(config: Field): ClientConfig {
  const service = decodeServiceReference(at(config, "service"));
  return { ...(service && { service }), caBundle: decodeBundle(at(config, "caBundle")) };
}

export function decodeServiceReference(service: Field): ServiceReference | undefined {
  const name = optionalText(at(service, "name"));
  const namespace = optionalText(at(service, "namespace"));
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}

/** Base64 in JSON. */
function decodeBundle(bundle: Field): string {
  return typeof bundle.value === "string" ? Buffer.from(bundle.value, "base64").toString("utf8") : "";
}

export function decodeService(value: unknown): Service {
  const service = root("A Service of the Shoot", value);
  return { ...decodeMetadata(service), type: prose(at(service, "spec", "type")) };
}

export function decodeEndpointSlice(value: unknown): EndpointSlice {
  const slice = root("An EndpointSlice of the Shoot", value);
  const metadata = decodeMetadata(slice);
  const endpoints = list(at(slice, "endpoints"));
  return {
    ...metadata,
    service: metadata.labels["kubernetes.io/service-name"],
    ready: endpoints.some(isReady),
    pods: endpoints.flatMap((endpoint) =>
      prose(at(endpoint, "targetRef", "kind")) === "Pod"
        ? (optionalText(at(endpoint, "targetRef", "name")) ?? [])
        : [],
    ),
  };
}

/** Unknown counts as ready (discovery/v1). */
function isReady(endpoint: Field): boolean {
  const ready = at(endpoint, "conditions", "ready");
  return isAbsent(ready) || optionalBoolean(ready) === true;
}
