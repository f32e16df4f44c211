/** Names of resources and variables for Shoots: that of the Shoot where it is unique. */
import type { ShootRef } from "../../provider/model/shoot";

export interface Identifier {
  readonly resource: string;
  readonly variable: string;
}

/** In the order of the Shoots; each name and each variable once. */
export function identifiersOf(refs: readonly ShootRef[]): readonly Identifier[] {
  const taken = new Set(["gardener", "kubernetesVersions"]);
  return refs.map(({ namespace, name }) => {
    const isUnique = refs.filter((other) => other.name === name).length === 1;
    const resource = isUnique ? name : `${namespace}-${name}`;
    const variable = free(variableOf(resource), taken);
    taken.add(variable);
    return { resource, variable };
  });
}

/** `shopProd` of `shop-prod`; a prefix makes a word of the language or a digit a name. */
function variableOf(name: string): string {
  const camel = name
    .replace(/[^A-Za-z0-9]+([A-Za-z0-9])?/g, (_match, next: string | undefined) => (next ?? "").toUpperCase())
    .replace(/^[A-Z]/, (first) => first.toLowerCase());
  return isName(camel) ? camel : `shoot${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
}

function free(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function isName(text: string): boolean {
  return /^[a-z]\w*$/i.test(text) && !reserved.has(text);
}

/** Of ECMAScript in strict mode and modules, and names that are undefined's and the like. */
const reserved = new Set(
  (
    "arguments async await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null package private " +
    "protected public return static super switch this throw true try typeof undefined var void while with yield " +
    "exports module require process console global globalThis"
  ).split(" "),
);
