/** From a SecretBinding to a CredentialsBinding: Kubernetes 1.34 no longer allows a SecretBinding. */
import type { Client } from "../client";
import { at, child, equal, type JsonMap, mapsAt, textAt } from "../json";
import { controlPlaneVersion } from "../validation/context";
import { atLeast } from "../validation/versions";

const MIGRATED =
  ".spec.secretBindingName was migrated to .spec.credentialsBindingName. Reason: SecretBinding is deprecated and can no longer be used for Shoot clusters using Kubernetes version 1.34+";

/** Changes `maintained` where the forced minor requires it; returns messages about what was done or why it was not. */
export async function migrateCredentials(
  garden: Client,
  shoot: JsonMap,
  maintained: JsonMap,
): Promise<readonly string[]> {
  const crosses =
    !atLeast(controlPlaneVersion(shoot), "1.34") && atLeast(controlPlaneVersion(maintained), "1.34");
  const secretBinding = textAt(maintained, "spec", "secretBindingName");
  if (!crosses || secretBinding === "" || textAt(maintained, "spec", "credentialsBindingName") !== "")
    return [];
  try {
    const name = await credentialsBindingFor(garden, textAt(shoot, "metadata", "namespace"), secretBinding);
    const spec = child(maintained, "spec");
    spec.credentialsBindingName = name;
    delete spec.secretBindingName;
    return [MIGRATED];
  } catch (error) {
    return [`Failed to migrate from secretBindingName to credentialsBindingName: ${messageOf(error)}`];
  }
}

/** One that refers to the same Secret and quotas: made by an earlier migration, by a user, or now. */
async function credentialsBindingFor(garden: Client, namespace: string, name: string): Promise<string> {
  const bindings = `/apis/security.gardener.cloud/v1alpha1/namespaces/${namespace}/credentialsbindings`;
  const path = `/apis/core.gardener.cloud/v1beta1/namespaces/${namespace}/secretbindings/${name}`;
  const old = await garden.get(path).catch((error: unknown) => {
    throw new Error(`failed to get SecretBinding ${namespace}/${name}: ${messageOf(error)}`);
  });
  const migrated = `force-migrated-${name}`;
  const all = (await garden.list(bindings)).items;
  const earlier = all.find((one) => textAt(one, "metadata", "name") === migrated);
  if (earlier !== undefined) {
    const pair = `existing CredentialsBinding ${namespace}/${migrated} does not`;
    if (!sameSecret(earlier, old)) {
      throw new Error(`${pair} reference the same Secret as SecretBinding ${namespace}/${name}`);
    }
    if (!sameQuotas(earlier, old)) {
      throw new Error(`${pair} have the same Quotas as SecretBinding ${namespace}/${name}`);
    }
    return migrated;
  }
  const [own] = all
    .filter((one) => sameSecret(one, old) && sameQuotas(one, old))
    .map((one) => textAt(one, "metadata", "name"))
    .sort();
  if (own !== undefined) return own;
  await garden.create(bindings, {
    apiVersion: "security.gardener.cloud/v1alpha1",
    kind: "CredentialsBinding",
    metadata: {
      name: migrated,
      namespace,
      labels: { "credentialsbinding.gardener.cloud/status": "force-migrated" },
    },
    provider: { type: textAt(old, "provider", "type") },
    credentialsRef: { ...secretOf(old, "secretRef"), apiVersion: "v1", kind: "Secret" },
    ...(old.quotas === undefined ? {} : { quotas: old.quotas }),
  });
  return migrated;
}

function secretOf(binding: JsonMap, reference: "secretRef" | "credentialsRef") {
  return { name: textAt(binding, reference, "name"), namespace: textAt(binding, reference, "namespace") };
}

function sameSecret(binding: JsonMap, old: JsonMap): boolean {
  return (
    at(binding, "credentialsRef", "kind") === "Secret" &&
    at(binding, "credentialsRef", "apiVersion") === "v1" &&
    equal(secretOf(binding, "credentialsRef"), secretOf(old, "secretRef"))
  );
}

function sameQuotas(binding: JsonMap, old: JsonMap): boolean {
  const names = (of: JsonMap): string[] =>
    mapsAt(of, "quotas")
      .map((quota) => `${textAt(quota, "namespace")}/${textAt(quota, "name")}`)
      .sort();
  return equal(names(binding), names(old));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
