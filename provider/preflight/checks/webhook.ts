/**
 * Admission webhooks. Gardener reports the first one that breaks its own rule, and never looks at what serves it; here are all of
 * them, with their backends.
 */
import type { Finding } from "../../model/preflight";
import { foundObject, idOf } from "../objects/metadata";
import { hidden, itemsOf } from "../objects/listed";
import type { Webhook, WebhookConfiguration } from "../objects/webhook";
import { finding, type Rule } from "../rule";
import { enumerate } from "../text";
import { slicesOf, unusable } from "./backends";
import type { Check, Inspected } from "./check";
import { isExamined, problematicTargets } from "./criticalResources";
import { intercepts, type Target } from "./webhookScope";

const check = "webhook";
const problematic: Rule = {
  check,
  name: "criticalResources",
  severity: { nodeRoll: "warn", controlPlane: "warn", patch: "info" },
};
/** docs/usage/shoot/shoot_status.md: its owner confirms that it causes no problem, and Gardener leaves it as it is. */
const EXCLUDED = "remediation.webhook.shoot.gardener.cloud/exclude";
const confirmed: Rule = {
  check,
  name: "confirmed",
  severity: { nodeRoll: "info", controlPlane: "info", patch: "info" },
};
const remediated: Rule = {
  check,
  name: "remediated",
  severity: { nodeRoll: "info", controlPlane: "info", patch: "info" },
};
/** Nodes do not join, or evicted pods are not created again. */
const blocksRollout: Rule = {
  check,
  name: "unusableBackend",
  severity: { nodeRoll: "block", controlPlane: "warn", patch: "warn" },
};
const blocksRequests: Rule = {
  check,
  name: "unusableBackendElsewhere",
  severity: { nodeRoll: "warn", controlPlane: "warn", patch: "info" },
};
const ignoredFailure: Rule = {
  check,
  name: "ignoredFailure",
  severity: { nodeRoll: "info", controlPlane: "info", patch: "info" },
};
const ownPods: Rule = { check, name: "ownPods", severity: { nodeRoll: "warn" } };

export const webhooks: Check = (inspected) => {
  const { objects } = inspected;
  const configurations = [...itemsOf(objects.validatingWebhooks), ...itemsOf(objects.mutatingWebhooks)];
  return {
    findings: configurations
      .filter(isExamined)
      .flatMap((configuration) => [
        ...wasRemediated(configuration, inspected),
        ...configuration.webhooks.flatMap((webhook) => inspect(configuration, webhook, inspected)),
      ]),
    notVisible: hidden(
      objects.validatingWebhooks,
      objects.mutatingWebhooks,
      objects.services,
      objects.endpointSlices,
      objects.namespaces,
      objects.pods,
    ),
  };
};

function inspect(
  configuration: WebhookConfiguration,
  webhook: Webhook,
  inspected: Inspected,
): readonly Finding[] {
  const { work, objects, now } = inspected;
  const object = foundObject(configuration.kind, configuration);
  const part = webhook.name;
  const backend = unusable(webhook.clientConfig, objects, now);
  if (backend !== undefined) {
    const found = `webhook ${webhook.name} cannot be called: ${backend.reason}`;
    const action =
      backend.kind === "dead"
        ? "restore the Service and its pods, or delete the configuration"
        : "renew the caBundle, as its certificate manager does";
    if (webhook.failurePolicy !== "Fail") {
      const why = `its failures are ignored, but each request waits for it (${timeoutOf(webhook)})`;
      return finding(ignoredFailure, work, { object, part, found, why, action });
    }
    const affected = affectedByFailure(webhook);
    return affected === undefined
      ? finding(blocksRequests, work, {
          object,
          part,
          found,
          why: "the requests that it intercepts fail",
          action,
        })
      : finding(blocksRollout, work, { object, part, found, why: affected, action });
  }
  return [
    ...critical(configuration, webhook, inspected),
    ...interceptsOwnPods(configuration, webhook, inspected),
  ];
}

const podsOfUsers: Target = { group: "", version: "v1", resource: "pods", subresource: "", namespaced: true };

function affectedByFailure(webhook: Webhook): string | undefined {
  const targets = problematicTargets(webhook);
  if (targets.length > 0)
    return `requests for ${resourcesOf(targets)} fail: new nodes do not join, or system components do not start`;
  return intercepts(webhook, podsOfUsers, ["CREATE"])
    ? "no pod that it intercepts is created, so evicted ones are not replaced"
    : undefined;
}

function critical(
  configuration: WebhookConfiguration,
  webhook: Webhook,
  { work }: Inspected,
): readonly Finding[] {
  const targets = problematicTargets(webhook);
  if (targets.length === 0) return [];
  const isConfirmed = configuration.labels[EXCLUDED] === "true";
  return finding(isConfirmed ? confirmed : problematic, work, {
    object: foundObject(configuration.kind, configuration),
    part: webhook.name,
    found: `webhook ${webhook.name} intercepts ${resourcesOf(targets)} (failurePolicy ${webhook.failurePolicy}, ${timeoutOf(webhook)})`,
    why: "if it does not answer in time, new nodes do not join, or system components do not start",
    action:
      "exempt kube-system by its namespaceSelector, or set failurePolicy Ignore with timeoutSeconds of at most 15 (3 for leases)",
  });
}

/** Gardener has changed it to what it considers safe (pkg/gardenlet/controller/shoot/care/webhook_remediation.go). */
function wasRemediated(configuration: WebhookConfiguration, { work }: Inspected): readonly Finding[] {
  if (!configuration.annotations["gardener.cloud/warning"]) return [];
  return finding(remediated, work, {
    object: foundObject(configuration.kind, configuration),
    found: "Gardener has changed it (annotation gardener.cloud/warning)",
    why: "it broke Gardener's rule for critical resources, and whoever deploys it may restore that",
    action: "deploy it as Gardener has changed it",
  });
}

/** Its pods are evicted, too: while none runs, none can be created. */
function interceptsOwnPods(
  configuration: WebhookConfiguration,
  webhook: Webhook,
  { work, objects }: Inspected,
): readonly Finding[] {
  const { service } = webhook.clientConfig;
  if (service === undefined || webhook.failurePolicy !== "Fail") return [];
  const namespaceLabels = itemsOf(objects.namespaces).find(({ name }) => name === service.namespace)?.labels;
  const backends = new Set(slicesOf(service, objects).flatMap(({ pods }) => pods));
  const own = itemsOf(objects.pods).filter(
    (pod) =>
      pod.namespace === service.namespace &&
      backends.has(pod.name) &&
      intercepts(webhook, { ...podsOfUsers, namespaceLabels, objectLabels: pod.labels }, ["CREATE"]),
  );
  if (namespaceLabels === undefined || own.length === 0) return [];
  return finding(ownPods, work, {
    object: foundObject(configuration.kind, configuration),
    related: own.map((pod) => foundObject("Pod", pod)),
    part: webhook.name,
    found: `webhook ${webhook.name} intercepts the creation of its own pods (${enumerate(own.map(idOf), 2)})`,
    why: "when all of them are evicted, none can be created again",
    action: "exempt them by its namespaceSelector or objectSelector",
  });
}

function resourcesOf(targets: readonly Target[]): string {
  const names = targets.map(({ group, resource, subresource }) =>
    [resource, ...(subresource === "" ? [] : [subresource])]
      .join("/")
      .concat(group === "" ? "" : `.${group}`),
  );
  return enumerate([...new Set(names)], 3);
}

function timeoutOf({ timeoutSeconds }: Webhook): string {
  return timeoutSeconds === undefined ? "no timeout" : `timeout ${timeoutSeconds} s`;
}
