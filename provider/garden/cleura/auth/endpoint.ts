/** Where in Cleura Cloud: cloud, region, project, and the address of the API. */
import { cleuraFields, type CleuraLocation } from "../../../model/location";
import { UserError } from "../../../model/problem";
import type { ConnectionSources } from "../../connection/index";
import { addresses, addressOf, cloudAt } from "../address";
import { readCliCredentials, type CliCredentials } from "./cli";

export interface CleuraEndpoint {
  /** `public`, `compliant`, or the name of a private cloud; a segment of the API's paths. */
  readonly cloud: string;
  /** Case-sensitive. */
  readonly region: string;
  readonly projectId: string;
  /** Of the REST API, without a slash at its end. */
  readonly url: string;
}

/** What is said outside of the `cleura` command. */
type Given = Partial<CleuraEndpoint>;

type Profile =
  | { readonly kind: "found"; readonly handOff: CliCredentials; readonly cloud?: string }
  /** After "the `cleura` command". */
  | { readonly kind: "none"; readonly why: string };

/**
 * Each part by itself: the program, the environment, the stack's configuration, then the profile of
 * the `cleura` command, which is asked only where something is missing.
 */
export async function resolveCleura(
  location: CleuraLocation,
  { config, env }: ConnectionSources,
): Promise<CleuraEndpoint> {
  const configured = (names: { readonly variable: string; readonly config: string }) =>
    nonEmpty(env[names.variable]) ?? nonEmpty(config(names.config));
  const find = (field: keyof CleuraLocation) => nonEmpty(location[field]) ?? configured(cleuraFields[field]);
  const url = configured({ variable: "CLEURA_API_URL", config: "gardener:cleuraUrl" });
  const given: Given = {
    cloud: find("cloud"),
    region: find("region"),
    projectId: find("projectId"),
    url: url === undefined ? undefined : secured(url),
  };
  const profile = isComplete(given) ? undefined : await profileFor(given, env);
  const found = profile?.kind === "found" ? profile : undefined;
  const cloud = given.cloud ?? found?.cloud ?? "public";
  const lacks = (part: "region" | "projectId") => missing(part, profile);
  return {
    cloud,
    region: given.region ?? found?.handOff.region ?? lacks("region"),
    projectId: given.projectId ?? found?.handOff.projectId ?? lacks("projectId"),
    url: given.url ?? found?.handOff.endpoint ?? addresses[cloud] ?? unaddressed(cloud, profile),
  };
}

/** The cloud has a default. */
function isComplete({ cloud = "public", region, projectId, url }: Given): boolean {
  return region !== undefined && projectId !== undefined && (url ?? addresses[cloud]) !== undefined;
}

/** What is written down for another cloud names no place in this one. */
async function profileFor({ cloud, url }: Given, env: NodeJS.ProcessEnv): Promise<Profile> {
  const request = await readCliCredentials(env);
  if (request.kind === "none") return request;
  const { handOff } = request;
  const { endpoint } = handOff;
  const its = handOff.cloud ?? cloudAt(endpoint);
  const unnamed = cloud !== undefined && addresses[cloud] === undefined;
  const agrees = its === undefined ? url !== undefined || unnamed : cloud === undefined || its === cloud;
  // Neither a name nor a place goes with the address of another source.
  const same = agrees && (url === undefined || url === endpoint);
  if (same) return { kind: "found", handOff, cloud: its };
  return { kind: "none", why: `is logged in at ${endpoint}, another cloud than ${cloud ?? "public"}` };
}

function missing(part: "region" | "projectId", profile: Profile | undefined): never {
  const { variable, config } = cleuraFields[part];
  throw new UserError(
    "GU015",
    `It is not said which ${part} of Cleura Cloud. Give it in one of four ways: ` +
      `(1) the program: garden: { cleura: { ${part}: "…" } }; (2) the environment: ${variable}; ` +
      `(3) the stack's configuration: \`pulumi config set ${config} …\`; ` +
      `(4) the profile of the \`cleura\` command${nameSource(profile)}.`,
    { property: `garden.cleura.${part}` },
  );
}

function unaddressed(cloud: string, profile: Profile | undefined): never {
  throw new UserError(
    "GU015",
    `The address of the API of the cloud ${JSON.stringify(cloud)} is not known; known are those of ` +
      `${Object.keys(addresses).join(" and ")}. Give that of a private cloud in one of three ways: ` +
      "(1) the environment: CLEURA_API_URL; (2) the stack's configuration: `pulumi config set gardener:cleuraUrl https://…`; " +
      `(3) the profile of the \`cleura\` command${nameSource(profile)}.`,
    { property: "garden.cleura.cloud" },
  );
}

function nameSource(profile: Profile | undefined): string {
  if (profile === undefined) return "";
  return profile.kind === "none" ? `; the command ${profile.why}` : "; the present one does not name it";
}

function secured(text: string): string {
  const address = addressOf(text);
  if (address !== undefined) return address;
  throw new UserError(
    "GU015",
    "The address of Cleura's API (CLEURA_API_URL or gardener:cleuraUrl) must begin with https:// and hold no credentials: " +
      "a token is never sent over a line that is not encrypted, also not to this machine.",
    { property: "garden.cleura" },
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value.trim();
}
