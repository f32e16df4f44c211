/** Webhook configurations (admissionregistration.k8s.io/v1). */
import { at, list, optionalNumber, optionalText, prose, root, texts, type Field } from "../../garden/field";
import { decodeClientConfig, type ClientConfig } from "./backend";
import { decodeMetadata, type Metadata } from "./metadata";
import { decodeSelector, type Selector } from "./selector";

export interface WebhookRule {
  readonly operations: readonly string[];
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  readonly resources: readonly string[];
  /** `*`, `Cluster` or `Namespaced`. */
  readonly scope: string;
}

export interface Webhook {
  readonly name: string;
  /** `Fail` where it is absent. */
  readonly failurePolicy: string;
  readonly timeoutSeconds?: number;
  readonly namespaceSelector: Selector;
  readonly objectSelector: Selector;
  readonly rules: readonly WebhookRule[];
  readonly clientConfig: ClientConfig;
}

export interface WebhookConfiguration extends Metadata {
  readonly kind: "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration";
  readonly webhooks: readonly Webhook[];
}

export function decodeWebhooks(kind: WebhookConfiguration["kind"]): (value: unknown) => WebhookConfiguration {
  return (value) => {
    const configuration = root(`A ${kind} of the Shoot`, value);
    return {
      ...decodeMetadata(configuration),
      kind,
      webhooks: list(at(configuration, "webhooks")).map(decodeWebhook),
    };
  };
}

function decodeWebhook(webhook: Field): Webhook {
  return {
    name: prose(at(webhook, "name")),
    failurePolicy: optionalText(at(webhook, "failurePolicy")) ?? "Fail",
    timeoutSeconds: optionalNumber(at(webhook, "timeoutSeconds")),
    namespaceSelector: decodeSelector(at(webhook, "namespaceSelector")) ?? [],
    objectSelector: decodeSelector(at(webhook, "objectSelector")) ?? [],
    rules: list(at(webhook, "rules")).map((rule) => ({
      operations: texts(at(rule, "operations")),
      groups: list(at(rule, "apiGroups")).map(prose),
      versions: texts(at(rule, "apiVersions")),
      resources: texts(at(rule, "resources")),
      scope: optionalText(at(rule, "scope")) ?? "*",
    })),
    clientConfig: decodeClientConfig(at(webhook, "clientConfig")),
  };
}
