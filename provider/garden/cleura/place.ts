/** Where in Cleura Cloud: cloud, region, project, and the address of the API. */
import type { CleuraLocation } from "../../model/declaration";
import { UserError } from "../../model/problem";
import type { ConnectionSources } from "../connection";
import { askCli, type HandOff } from "./cli";

export interface CleuraPlace {
  /** `public`, `compliant`, or the name of a private cloud; a segment of the API's paths. */
  readonly cloud: string;
  /** Case-sensitive. */
  readonly region: string;
  readonly projectId: string;
  /** Of the REST API, without a slash at its end. */
  readonly url: string;
}

/** The public addresses; those of private clouds have to be given. */
const addresses: Readonly<Record<string, string>> = {
  public: "https://rest.cleura.cloud",
  compliant: "https://rest.compliant.cleura.cloud",
};

/**
 * Each part by itself: the program, the environment, the stack's configuration, then the profile of
 * the `cleura` command, which is asked only where something is missing.
 */
export async function resolveCleura(
  location: CleuraLocation,
  { config, env }: ConnectionSources,
): Promise<CleuraPlace> {
  const given = (part: string | undefined, variable: string, key: string) =>
    nonEmpty(part) ?? nonEmpty(env[variable]) ?? nonEmpty(config(`gardener:${key}`));
  const cloud = given(location.cloud, "CLEURA_CLOUD", "cleuraCloud");
  const region = given(location.region, "CLEURA_REGION", "cleuraRegion");
  const projectId = given(location.projectId, "CLEURA_PROJECT_ID", "cleuraProjectId");
  const url = given(undefined, "CLEURA_API_URL", "cleuraUrl");
  const complete = region !== undefined && projectId !== undefined;
  const profile = complete ? undefined : await profileFor(cloud, env);
  const named = cloud ?? profile?.cloud ?? "public";
  return {
    cloud: named,
    region: region ?? profile?.region ?? missing("region", "CLEURA_REGION", "cleuraRegion"),
    projectId:
      projectId ?? profile?.projectId ?? missing("projectId", "CLEURA_PROJECT_ID", "cleuraProjectId"),
    url: secured(url ?? addresses[named] ?? profile?.endpoint ?? unaddressed(named)),
  };
}

/** What is written down for another cloud names no place in this one. */
async function profileFor(cloud: string | undefined, env: NodeJS.ProcessEnv): Promise<HandOff | undefined> {
  const asked = await askCli(env);
  if (asked.kind !== "found") return undefined;
  const same = cloud === undefined || asked.handOff.cloud === undefined || asked.handOff.cloud === cloud;
  return same ? asked.handOff : undefined;
}

function missing(part: string, variable: string, key: string): never {
  throw new UserError(
    "GU015",
    `It is not said which ${part} of Cleura Cloud. Give it in one of three ways: ` +
      `garden: { cleura: { ${part}: "…" } } in the program; ${variable} in the environment; ` +
      `\`pulumi config set gardener:${key} …\`. A profile of the \`cleura\` command that names it serves as well.`,
    { property: `garden.cleura.${part}` },
  );
}

function unaddressed(cloud: string): never {
  throw new UserError(
    "GU015",
    `The address of the API of the cloud ${JSON.stringify(cloud)} is not known; known are those of ` +
      `${Object.keys(addresses).join(" and ")}. For a private cloud set CLEURA_API_URL, or \`pulumi config set gardener:cleuraUrl https://…\`.`,
    { property: "garden.cleura.cloud" },
  );
}

function secured(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" && url.username === "" && url.password === "") {
    return (url.origin + url.pathname).replace(/\/+$/, "");
  }
  throw new UserError(
    "GU015",
    "The address of Cleura's API (CLEURA_API_URL or gardener:cleuraUrl) must begin with https:// and hold no credentials.",
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}
