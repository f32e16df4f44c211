/** Which Cleura Cloud, region and project a program means, and the address of the REST API. */
import type { CleuraLocation } from "../../../model/declaration";
import { UserError } from "../../../model/problem";
import type { ConnectionSources } from "../../connection/index";
import { addresses, addressOf, cloudAt } from "../address";
import { readCliCredentials, type CliCredentials } from "./cli";
import { nonEmpty } from "./text";

export interface CleuraEndpoint {
  /** `public`, `compliant`, or the name of a private cloud; a segment of the API's paths. */
  readonly cloud: string;
  /** Case-sensitive. */
  readonly region: string;
  readonly projectId: string;
  /** Of the REST API, without a slash at its end. */
  readonly url: string;
}

/** From the program, the environment and the stack configuration. */
type Declared = Partial<CleuraEndpoint>;

/** The profile of the `cleura` command. */
type Profile =
  | { readonly kind: "found"; readonly credentials: CliCredentials; readonly cloud?: string }
  /** Completes "the `cleura` command". */
  | { readonly kind: "none"; readonly reason: string };

/**
 * Each part comes from the program, else from the environment, else from the stack configuration. The
 * profile of the `cleura` command is read only where something is missing. It gives region and project
 * together or neither: beside one that is declared, the other would depend on who runs the program.
 */
export async function resolveCleura(
  location: CleuraLocation,
  { config, env }: ConnectionSources,
): Promise<CleuraEndpoint> {
  const find = (part: string | undefined, variable: string, key: string) =>
    nonEmpty(part) ?? nonEmpty(env[variable]) ?? nonEmpty(config(`gardener:${key}`));
  const url = find(undefined, "CLEURA_API_URL", "cleuraUrl");
  const declared: Declared = {
    cloud: find(location.cloud, "CLEURA_CLOUD", "cleuraCloud"),
    region: find(location.region, "CLEURA_REGION", "cleuraRegion"),
    projectId: find(location.projectId, "CLEURA_PROJECT_ID", "cleuraProjectId"),
    url: url === undefined ? undefined : httpsAddress(url),
  };
  const profile = isComplete(declared) ? undefined : await readProfile(declared, env);
  const found = profile?.kind === "found" ? profile : undefined;
  const cloud = declared.cloud ?? found?.cloud ?? "public";
  return {
    cloud,
    ...projectOf(declared, profile),
    url: declared.url ?? found?.credentials.endpoint ?? addresses[cloud] ?? missingAddress(cloud, profile),
  };
}

/** The cloud has a default. */
function isComplete({ cloud = "public", region, projectId, url }: Declared): boolean {
  return region !== undefined && projectId !== undefined && (url ?? addresses[cloud]) !== undefined;
}

function projectOf(
  { region, projectId }: Declared,
  profile: Profile | undefined,
): Pick<CleuraEndpoint, "region" | "projectId"> {
  if (region !== undefined && projectId !== undefined) return { region, projectId };
  if (region !== undefined) throw missing("projectId", profile, { name: "region", value: region });
  if (projectId !== undefined) throw missing("region", profile, { name: "projectId", value: projectId });
  const credentials = profile?.kind === "found" ? profile.credentials : undefined;
  if (credentials?.region === undefined) throw missing("region", profile);
  if (credentials.projectId === undefined) throw missing("projectId", profile);
  return { region: credentials.region, projectId: credentials.projectId };
}

/** A profile for another cloud, or for another address than the declared one, is not used. */
async function readProfile({ cloud, url }: Declared, env: NodeJS.ProcessEnv): Promise<Profile> {
  const result = await readCliCredentials(env);
  if (result.kind === "none") return result;
  const { credentials } = result;
  const { endpoint } = credentials;
  const profileCloud = credentials.cloud ?? cloudAt(endpoint);
  const isPrivate = cloud !== undefined && addresses[cloud] === undefined;
  const sameCloud =
    profileCloud === undefined
      ? url !== undefined || isPrivate
      : cloud === undefined || profileCloud === cloud;
  if (sameCloud && (url === undefined || url === endpoint)) {
    return { kind: "found", credentials, cloud: profileCloud };
  }
  return { kind: "none", reason: `is logged in at ${endpoint}, another cloud than ${cloud ?? "public"}` };
}

const settings = {
  region: { variable: "CLEURA_REGION", key: "cleuraRegion" },
  projectId: { variable: "CLEURA_PROJECT_ID", key: "cleuraProjectId" },
} as const;

/** @param other the part that is declared, without this one. */
function missing(
  part: keyof typeof settings,
  profile: Profile | undefined,
  other?: { readonly name: string; readonly value: string },
): UserError {
  const { variable, key } = settings[part];
  const found =
    other === undefined
      ? `The ${part} in Cleura Cloud is missing.`
      : `The ${part} in Cleura Cloud is missing: ${other.name} is ${JSON.stringify(other.value)}, and the two belong together.`;
  const fromProfile =
    other === undefined
      ? describeProfile(profile)
      : `, which gives both or neither${profile?.kind === "none" ? describeProfile(profile) : ""}`;
  return new UserError(
    "GU015",
    `${found} Set it in one of four ways: ` +
      `(1) the program: garden: { cleura: { ${part}: "…" } }; (2) the environment: ${variable}; ` +
      `(3) the stack configuration: \`pulumi config set gardener:${key} …\`; (4) the profile of the \`cleura\` command${fromProfile}.`,
    { property: `garden.cleura.${part}` },
  );
}

function missingAddress(cloud: string, profile: Profile | undefined): never {
  throw new UserError(
    "GU015",
    `The address of the API of the cloud ${JSON.stringify(cloud)} is missing; known are those of ` +
      `${Object.keys(addresses).join(" and ")}. Set the address of a private cloud in one of three ways: ` +
      "(1) the environment: CLEURA_API_URL; (2) the stack configuration: `pulumi config set gardener:cleuraUrl https://…`; " +
      `(3) the profile of the \`cleura\` command${describeProfile(profile)}.`,
    { property: "garden.cleura.cloud" },
  );
}

function describeProfile(profile: Profile | undefined): string {
  if (profile === undefined) return "";
  return profile.kind === "none" ? `; the command ${profile.reason}` : "; the present one does not have it";
}

function httpsAddress(text: string): string {
  const address = addressOf(text);
  if (address !== undefined) return address;
  throw new UserError(
    "GU015",
    "The address of Cleura's API (CLEURA_API_URL or gardener:cleuraUrl) must begin with https:// and contain no credentials: " +
      "a token is never sent over an unencrypted connection, not even to this machine.",
    { property: "garden.cleura" },
  );
}
