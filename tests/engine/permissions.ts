/** The permissions that docs/permissions.md documents. */
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { expect } from "chai";
import { load } from "js-yaml";
import { isRecord } from "../../provider/model/json";
import { repository } from "../../tools/engine/project";

/** As in an RBAC Role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface Right {
  readonly verb: string;
  readonly resource: string;
}

/** The Role in docs/permissions.md, which is what users give to their pipelines. */
export async function documentedRules(): Promise<readonly PolicyRule[]> {
  const page = await readFile(path.join(repository, "docs", "permissions.md"), "utf8");
  const section = page.slice(page.indexOf("## Permissions in the garden"));
  const role: unknown = load(/```yaml\n([^]*?)\n```/.exec(section)?.[1] ?? "");
  const rules: unknown = isRecord(role) ? role["rules"] : undefined;
  if (!Array.isArray(rules)) throw new Error("docs/permissions.md shows no Role.");
  return rules.filter(isRecord).map((rule) => ({
    apiGroups: texts(rule["apiGroups"]),
    resources: texts(rule["resources"]),
    verbs: texts(rule["verbs"]),
  }));
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Fails where there is nothing to take away. */
export function without(rules: readonly PolicyRule[], { verb, resource }: Right): readonly PolicyRule[] {
  const isMeant = (rule: PolicyRule) => rule.resources.includes(resource) && rule.verbs.includes(verb);
  expect(rules.filter(isMeant), `rules to ${verb} ${resource}`).to.have.length(1);
  return rules
    .map((rule) => (isMeant(rule) ? { ...rule, verbs: rule.verbs.filter((known) => known !== verb) } : rule))
    .filter(({ verbs }) => verbs.length > 0);
}
