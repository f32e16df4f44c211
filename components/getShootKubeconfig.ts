import * as pulumi from "@pulumi/pulumi";
import type { GardenArgs, ShootArgs } from "../provider/args";
import type { Fields, Keys } from "../provider/declaration/fields";
import { mockedCall, underMocks } from "../provider/mocks";
import { Access } from "../provider/model/enums";
import { isRecord } from "../provider/model/json";
import { parseArguments, parseLocated, resolved } from "./arguments";
import { openSharedGarden } from "./connection";
import { asRunError } from "./failure";

/** The arguments of {@link getShootKubeconfig}. */
export interface GetShootKubeconfigArgs {
  /** The Shoot: `{ project, name }`, `{ namespace, name }` or `{ id: "namespace/name" }`. */
  shoot: pulumi.Unwrap<ShootArgs>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Unwrap<GardenArgs>;
  /**
   * `"viewer"` reads everything except Secrets, `"admin"` is a cluster administrator. On Cleura Cloud only
   * `"admin"` exists. Default `"viewer"`.
   */
  access?: Access;
  /** Requested lifetime in seconds, at least 600. The garden may grant less. Default 3600. */
  expirationSeconds?: number;
}

/** The arguments of {@link getShootKubeconfigOutput}. */
export interface GetShootKubeconfigOutputArgs {
  /** The Shoot: `{ project, name }`, `{ namespace, name }` or `{ id: "namespace/name" }`. */
  shoot: pulumi.Input<ShootArgs>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
  /**
   * `"viewer"` reads everything except Secrets, `"admin"` is a cluster administrator. On Cleura Cloud only
   * `"admin"` exists. Default `"viewer"`.
   */
  access?: pulumi.Input<Access>;
  /** Requested lifetime in seconds, at least 600. The garden may grant less. Default 3600. */
  expirationSeconds?: pulumi.Input<number>;
}

/** A short-lived kubeconfig. */
export interface GetShootKubeconfigResult {
  /** YAML with a client certificate and its private key. */
  readonly kubeconfig: string;
  /** When the client certificate expires: `"2026-12-01T22:00:00.000Z"`. */
  readonly expires: string;
}

const token = "gardener:index:getShootKubeconfig";
const keys: Keys<GetShootKubeconfigArgs> = {
  shoot: true,
  garden: true,
  access: true,
  expirationSeconds: true,
};
const MIN_EXPIRATION_SECONDS = 600;
const DEFAULT_EXPIRATION_SECONDS = 3600;

/**
 * Requests a kubeconfig for a Shoot with a short-lived client certificate. It is **a secret in clear
 * text**, and another one in every run: use {@link getShootKubeconfigOutput}, which marks it as secret, for
 * anything that Pulumi stores, and the output `kubeconfig` of {@link ShootVersions} for a
 * `kubernetes.Provider`. Needs `create` on `shoots/viewerkubeconfig` or `shoots/adminkubeconfig`.
 *
 * @param args The Shoot, and which permissions the kubeconfig has.
 * @param opts Pulumi's options for functions. They have no effect: the function runs in the program's process.
 * @throws RunError with a code if an argument is invalid, or the garden cannot be reached or refuses.
 * @example
 * const { kubeconfig, expires } = await gardener.getShootKubeconfig({ shoot: { project: "demo", name: "web" } });
 */
export function getShootKubeconfig(
  args: GetShootKubeconfigArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetShootKubeconfigResult> {
  return asRunError(async () => {
    const request = parseArguments("getShootKubeconfig", (fields) => parseRequest(args, fields));
    if (underMocks()) return mockedCall(token, args, opts, isKubeconfig);
    const garden = await openSharedGarden(request.garden);
    const ref = await garden.locate(request.shoot);
    const issued = await garden.requestKubeconfig(ref, request.access, request.expirationSeconds);
    return { kubeconfig: issued.kubeconfig, expires: issued.expires.toISOString() };
  });
}

/**
 * {@link getShootKubeconfig} for outputs of other resources. The result is marked as secret.
 *
 * @param args The Shoot, and which permissions the kubeconfig has.
 * @param opts Pulumi's options for functions: `dependsOn` delays the request until these resources exist.
 * The others have no effect: the function runs in the program's process.
 * @example
 * export const { kubeconfig } = gardener.getShootKubeconfigOutput({ shoot: { project: "demo", name: "web" } });
 */
export function getShootKubeconfigOutput(
  args: GetShootKubeconfigOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetShootKubeconfigResult> {
  return pulumi.secret(
    pulumi.all([args, resolved(opts)]).apply(([given]) => getShootKubeconfig(given, opts)),
  );
}

function parseRequest(args: GetShootKubeconfigArgs, fields: Fields) {
  const given = fields.object(args, "", keys) ?? {};
  const access = fields.choice(given.access, "access", Access) ?? Access.Viewer;
  const expirationSeconds =
    fields.wholeNumber(given.expirationSeconds, "expirationSeconds", MIN_EXPIRATION_SECONDS) ??
    DEFAULT_EXPIRATION_SECONDS;
  const located = parseLocated(given, fields);
  return located && { ...located, access, expirationSeconds };
}

/** A mock that returns its inputs has no kubeconfig. */
function isKubeconfig(value: unknown): value is GetShootKubeconfigResult {
  return isRecord(value) && (value["kubeconfig"] === undefined || typeof value["kubeconfig"] === "string");
}
