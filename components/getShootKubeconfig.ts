import * as pulumi from "@pulumi/pulumi";
import type { GardenArgs, ShootArgs } from "../provider/args";
import { isRecord } from "../provider/model/json";
import { UserError } from "../provider/model/problem";
import { openSharedGarden } from "./connection";
import { asRunError } from "./failure";
import { mockedCall, underMocks } from "../provider/mocks";
import { parseReference } from "./reference";

export interface GetShootKubeconfigArgs {
  /** The cluster. */
  shoot: pulumi.Input<ShootArgs>;
  /** Where the garden is. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
  /** `"viewer"` reads everything but secrets, `"admin"` may do anything; Cleura has only this. Default `"viewer"`. */
  access?: pulumi.Input<string>;
  /** Seconds for which it is asked for, at least 600; the garden may grant less. Default 3600. */
  expirationSeconds?: pulumi.Input<number>;
}

/**
 * A kubeconfig for the Shoot that holds a short-lived client certificate, minted anew at every run: a
 * secret that changes every time, so never an input of a resource that shall stay the same. For a
 * `kubernetes.Provider` use the `kubeconfig` of {@link ShootVersions}.
 *
 * @throws RunError when the garden cannot be reached, or refuses (`create` on `shoots/viewerkubeconfig`
 * or `shoots/adminkubeconfig`).
 * @example
 * const kubeconfig = gardener.getShootKubeconfig({ shoot: { project: "demo", name: "web" } });
 */
export function getShootKubeconfig(args: GetShootKubeconfigArgs): pulumi.Output<string> {
  const minted = pulumi.output(args).apply((given) => asRunError(() => issue(given)));
  return pulumi.secret(minted);
}

async function issue(args: pulumi.Unwrap<GetShootKubeconfigArgs>): Promise<string> {
  const { access = "viewer", expirationSeconds = 3600, ...where } = args;
  if (access !== "viewer" && access !== "admin") {
    throw new UserError("GU021", `expected "viewer" or "admin", found ${JSON.stringify(access)}`, {
      property: "getShootKubeconfig.access",
    });
  }
  const { shoot: reference, garden: location } = parseReference(where, "getShootKubeconfig");
  if (underMocks()) {
    return (await mockedCall("gardener:index:getShootKubeconfig", args, isMinted)).kubeconfig;
  }
  const garden = await openSharedGarden(location);
  const ref = await garden.locate(reference);
  return (await garden.requestKubeconfig(ref, access, expirationSeconds)).kubeconfig;
}

/** A mock that echoes its inputs has no kubeconfig. */
function isMinted(value: unknown): value is { readonly kubeconfig: string } {
  return isRecord(value) && (value["kubeconfig"] === undefined || typeof value["kubeconfig"] === "string");
}
