/** The options that `report` and `program` share: where the garden is, and which of its Shoots. */
import { Option, type Command } from "commander";
import { decodeOptions } from "../provider/declaration/location";
import type { ShootScope } from "../provider/garden/garden";
import { cleuraFields, kubeconfigFields, type GardenLocation } from "../provider/model/location";
import { UserError } from "../provider/model/problem";

export type Values = Readonly<Record<string, unknown>>;

export interface Located {
  readonly location: GardenLocation;
  /** Empty: all that the user may see. */
  readonly scopes: readonly ShootScope[];
}

const descriptions = {
  kubeconfig: "kubeconfig of the garden (default: GARDEN_KUBECONFIG)",
  context: "context of the kubeconfig",
  cloud: "Cleura Cloud (default: CLEURA_CLOUD, else public)",
  region: "region, case-sensitive (default: CLEURA_REGION)",
  projectId: "id of the OpenStack project (default: CLEURA_PROJECT_ID)",
} as const satisfies Record<keyof typeof kubeconfigFields | keyof typeof cleuraFields, string>;

const kubeconfigOptions = [
  option(kubeconfigFields.kubeconfig.option, "file", descriptions.kubeconfig),
  option(kubeconfigFields.context.option, "name", descriptions.context),
];
const cleuraOptions = [
  option(cleuraFields.cloud.option, "name", descriptions.cloud),
  option(cleuraFields.region.option, "name", descriptions.region),
  option(cleuraFields.projectId.option, "id", descriptions.projectId),
];

function option(name: string, value: string, description: string): Option {
  return new Option(`--${name} <${value}>`, description);
}

export function addLocation(command: Command): Command {
  command
    .addOption(
      repeatable("--project <name>", "Gardener project; may be repeated (default: all visible Shoots)"),
    )
    .addOption(repeatable("--namespace <name>", "namespace in the garden; may be repeated"));
  for (const one of kubeconfigOptions) command.addOption(one);
  command.option("--cleura", "Cleura's REST API instead of a kubeconfig");
  for (const one of cleuraOptions) command.addOption(one);
  return command;
}

/** An option that collects its values; absent where it is not given. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}

export function locationOf(values: Values): Located {
  const isGiven = (one: Option) => values[one.attributeName()] !== undefined;
  const cleura = values["cleura"] === true || cleuraOptions.some(isGiven);
  if (cleura && kubeconfigOptions.some(isGiven)) {
    throw new UserError("GU021", "give a kubeconfig or Cleura Cloud, not both", { property: "--cleura" });
  }
  const given = [...kubeconfigOptions, ...cleuraOptions].map(
    (one) => [one.name(), values[one.attributeName()]] as const,
  );
  return {
    location: decodeOptions({ ...Object.fromEntries(given), cleura }),
    scopes: [
      ...textsOf(values, "project").map((project): ShootScope => ({ kind: "project", project })),
      ...textsOf(values, "namespace").map((namespace): ShootScope => ({ kind: "namespace", namespace })),
    ],
  };
}

export function textsOf(values: Values, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
