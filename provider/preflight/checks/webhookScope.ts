/** Which requests a webhook intercepts (k8s.io/apiserver pkg/admission/plugin/webhook/predicates). */
import { selects } from "../objects/selector";
import type { Labels } from "../objects/metadata";
import type { Webhook, WebhookRule } from "../objects/webhook";

/** What is created or updated. Labels that are undefined are not known: they may be any. */
export interface Target {
  readonly group: string;
  readonly version: string;
  /** Plural. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespaced: boolean;
  readonly namespaceLabels?: Labels;
  readonly objectLabels?: Labels;
}

/** A namespace is cluster-scoped, and still selected by its own labels. */
const isNamespace = ({ group, resource }: Target) => group === "" && resource === "namespaces";

export function intercepts(
  {
    rules,
    objectSelector,
    namespaceSelector,
  }: Pick<Webhook, "rules" | "objectSelector" | "namespaceSelector">,
  target: Target,
  operations: readonly string[] = ["CREATE", "UPDATE"],
): boolean {
  const { objectLabels, namespaceLabels } = target;
  const objects = objectLabels === undefined || selects(objectSelector, objectLabels);
  const bySelector = namespaceLabels === undefined || selects(namespaceSelector, namespaceLabels);
  const namespaces = isNamespace(target) || target.namespaced ? bySelector : true;
  return objects && namespaces && rules.some((rule) => ruleMatches(rule, target, operations));
}

function ruleMatches(rule: WebhookRule, target: Target, operations: readonly string[]): boolean {
  return (
    includes(rule.operations, ...operations) &&
    includes(rule.groups, target.group) &&
    includes(rule.versions, target.version) &&
    inScope(rule.scope, target) &&
    rule.resources.some((resource) => resourceMatches(resource, target))
  );
}

function includes(values: readonly string[], ...requested: readonly string[]): boolean {
  return values.some((value) => value === "*" || requested.includes(value));
}

function inScope(scope: string, target: Target): boolean {
  if (scope === "*") return true;
  const cluster = isNamespace(target) || !target.namespaced;
  return scope === (cluster ? "Cluster" : "Namespaced");
}

/** Such as `pods`, `pods/status`, and either part as a wildcard. */
function resourceMatches(resource: string, target: Target): boolean {
  const [name = "", subresource = ""] = resource.split("/", 2);
  return (
    (name === "*" || name === target.resource) && (subresource === "*" || subresource === target.subresource)
  );
}
