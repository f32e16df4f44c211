/** Whether what serves a webhook or an aggregated API can be reached and trusted. */
import { X509Certificate } from "node:crypto";
import { itemsOf } from "../objects/listed";
import type { ClientConfig, EndpointSlice, ServiceReference } from "../objects/backend";
import type { ClusterObjects } from "../objects/objects";

type BackendObjects = Pick<ClusterObjects, "services" | "endpointSlices">;

export interface Unusable {
  readonly kind: "dead" | "certificate";
  readonly reason: string;
}

/** Undefined: no problem is visible. */
export function unusable(
  { service, caBundle }: ClientConfig,
  objects: BackendObjects,
  now: Date,
): Unusable | undefined {
  const reason = service === undefined ? undefined : unreachable(service, objects);
  if (reason !== undefined) return { kind: "dead", reason };
  const certificate = invalidBundle(caBundle, now);
  return certificate === undefined ? undefined : { kind: "certificate", reason: certificate };
}

/** Undefined: there are ready endpoints, or it cannot be seen whether there are. */
export function unreachable(reference: ServiceReference, objects: BackendObjects): string | undefined {
  const id = `${reference.namespace}/${reference.name}`;
  if (objects.services.kind !== "listed") return undefined;
  const service = objects.services.items.find(
    ({ namespace, name }) => namespace === reference.namespace && name === reference.name,
  );
  if (service === undefined) return `Service ${id} does not exist`;
  // A name elsewhere.
  if (service.type === "ExternalName" || objects.endpointSlices.kind !== "listed") return undefined;
  return slicesOf(reference, objects).some(({ ready }) => ready)
    ? undefined
    : `Service ${id} has no ready endpoints`;
}

export function slicesOf(
  { namespace, name }: ServiceReference,
  { endpointSlices }: BackendObjects,
): readonly EndpointSlice[] {
  return itemsOf(endpointSlices).filter((slice) => slice.namespace === namespace && slice.service === name);
}

/** An empty bundle is none: the API server then trusts the authorities of its system. */
function invalidBundle(bundle: string, now: Date): string | undefined {
  if (bundle.trim() === "") return undefined;
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return "its caBundle contains no certificate";
  const certificates = blocks.map(parse);
  const valid = certificates.flatMap((certificate) => certificate ?? []);
  if (valid.length === 0) return "its caBundle cannot be parsed";
  const latest = Math.max(...valid.map(({ validTo }) => Date.parse(validTo)));
  return latest < now.getTime()
    ? `its caBundle expired on ${new Date(latest).toISOString().slice(0, 10)}`
    : undefined;
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
