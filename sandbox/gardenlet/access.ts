/** Publishes what a garden needs to issue kubeconfigs for a Shoot, where Gardener's API server reads it. */
import type { ShootRef } from "../../provider/model/shoot";
import { type Client, isApiError, type JsonObject } from "../client";
import { base64 } from "../kubeconfig";
import type { ClusterAccess } from "../shoot/cluster";

export async function publishAccess(garden: Client, shoot: ShootRef, access: ClusterAccess): Promise<void> {
  const { namespace, name } = shoot;
  const labels = (role: string): JsonObject => ({
    "gardener.cloud/role": role,
    "shoot.gardener.cloud/name": name,
  });
  await put(garden, `/apis/core.gardener.cloud/v1beta1/namespaces/${namespace}/internalsecrets`, {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "InternalSecret",
    metadata: { name: `${name}.ca-client`, namespace, labels: labels("ca-client") },
    type: "Opaque",
    data: { "ca.crt": base64(access.clientCa.certificate), "ca.key": base64(access.clientCa.key) },
  });
  await put(garden, `/api/v1/namespaces/${namespace}/configmaps`, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${name}.ca-cluster`, namespace, labels: labels("ca-cluster") },
    data: { "ca.crt": access.ca },
  });
}

async function put(
  garden: Client,
  collection: string,
  value: JsonObject & { readonly metadata: JsonObject & { readonly name: string } },
): Promise<void> {
  try {
    await garden.create(collection, value);
  } catch (error) {
    if (!isApiError(error, 409)) throw error;
    await garden.patch(`${collection}/${value.metadata.name}`, "merge", value);
  }
}
