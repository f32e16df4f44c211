/** Which nodes a pod or a volume may use (core/v1). */
import { at, entries, list, prose, type Field } from "../../garden/field";
import type { Labels } from "./metadata";
import { decodeExpressions, selects, type Requirement, type Selector } from "./selector";

/** Any of the terms; none: every node. */
export type NodeSelector = readonly Selector[];

export const HOSTNAME = "kubernetes.io/hostname";
const NAME = "metadata.name";

/** Of each CSI driver for local volumes its own, such as topology.topolvm.io/node and openebs.io/nodename. */
const NODE_LABEL = /(^|\/)(node|nodename|hostname)$/;

/** @param labels of `nodeSelector`, which each term must satisfy as well. */
export function decodeNodeSelector(nodeSelector: Field, labels?: Field): NodeSelector {
  const always = labels === undefined ? [] : entries(labels).map(([key, value]) => is(key, prose(value)));
  const terms = list(at(nodeSelector, "nodeSelectorTerms")).map((term) => [
    ...decodeExpressions(at(term, "matchExpressions")),
    ...decodeExpressions(at(term, "matchFields")),
  ]);
  if (terms.length === 0) return always.length === 0 ? [] : [always];
  return terms.map((term) => [...always, ...term]);
}

function is(key: string, value: string): Requirement {
  return { key, operator: "In", values: [value] };
}

export function admits(
  selector: NodeSelector,
  { name, labels }: { readonly name: string; readonly labels: Labels },
): boolean {
  if (selector.length === 0) return true;
  return selector.some((term) => selects(term, { ...labels, [NAME]: name }));
}

/** The nodes by name that each term requires; empty: a term requires none, and any of them is enough. */
export function namesOf(selector: NodeSelector): readonly string[] {
  const names = selector.map((term) => term.filter(isByName).flatMap(({ values }) => values));
  return names.every((each) => each.length > 0) ? names.flat() : [];
}

function isByName({ key, operator }: Requirement): boolean {
  return operator === "In" && (key === NAME || NODE_LABEL.test(key));
}

/** Without what Kubernetes, Gardener and drivers give to nodes: what is left somebody has labelled, or the pool has. */
export function ownLabels(selector: NodeSelector): NodeSelector {
  return selector.map((term) => term.filter(({ key }) => key !== NAME && !isGiven(key)));
}

function isGiven(key: string): boolean {
  const [domain = "", name] = key.split("/");
  if (name === undefined) return false;
  return (
    /(^|\.)(kubernetes\.io|k8s\.io|gardener\.cloud|sapcloud\.io)$/.test(domain) ||
    domain.startsWith("topology.")
  );
}
