import * as pulumi from "@pulumi/pulumi";
import type { GardenArgs, ShootArgs } from "../provider/args";
import { isRecord } from "../provider/model/json";
import type { Upgrades } from "../provider/model/upgrades";
import { upgrades } from "../provider/plan";
import { openSharedGarden } from "./connection";
import { asRunError } from "./failure";
import { mockedCall, underMocks } from "../provider/mocks";
import { parseReference } from "./reference";

export interface GetUpgradesArgs {
  /** The cluster. */
  shoot: pulumi.Unwrap<ShootArgs>;
  /** Where the garden is. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Unwrap<GardenArgs>;
}

export interface GetUpgradesOutputArgs {
  /** The cluster. */
  shoot: pulumi.Input<ShootArgs>;
  /** Where the garden is. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
}

/**
 * What a Shoot runs, what it could be upgraded to, how long each version lasts, and what Gardener
 * will do by itself and when. Reads only.
 *
 * @throws RunError when the garden cannot be reached or has no such Shoot.
 * @example
 * const { kubernetes } = await gardener.getUpgrades({ shoot: { project: "demo", name: "web" } });
 * if (kubernetes.minors.length > 0) console.log(`next minor: ${kubernetes.minors[0].version}`);
 */
export function getUpgrades(args: GetUpgradesArgs): Promise<Upgrades> {
  return asRunError(async () => {
    const { shoot: reference, garden: location } = parseReference(args, "getUpgrades");
    if (underMocks()) return mockedCall("gardener:index:getUpgrades", args, isUpgrades);
    const garden = await openSharedGarden(location);
    const shoot = await garden.getShoot(await garden.locate(reference));
    return upgrades(shoot, await garden.getCloudProfile(shoot), new Date());
  });
}

/** As far as a mock is to be trusted: it is the test's own. */
function isUpgrades(value: unknown): value is Upgrades {
  return isRecord(value);
}

/** {@link getUpgrades} on outputs of other resources. */
export function getUpgradesOutput(args: GetUpgradesOutputArgs): pulumi.Output<Upgrades> {
  return pulumi.output(args).apply(getUpgrades);
}
