import * as pulumi from "@pulumi/pulumi";
import type { GardenArgs, ShootArgs } from "../provider/args";
import type { Keys } from "../provider/declaration/fields";
import { mockedCall, underMocks } from "../provider/mocks";
import { systemClock } from "../provider/model/clock";
import { isRecord } from "../provider/model/json";
import type { GetUpgradesResult } from "../provider/model/upgrades";
import { upgrades } from "../provider/plan";
import { parseArguments, parseLocated, resolved } from "./arguments";
import { openSharedGarden } from "./connection";
import { asRunError } from "./failure";

/** The arguments of {@link getUpgrades}. */
export interface GetUpgradesArgs {
  /** The Shoot: `{ project, name }`, `{ namespace, name }` or `{ id: "namespace/name" }`. */
  shoot: pulumi.Unwrap<ShootArgs>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Unwrap<GardenArgs>;
}

/** The arguments of {@link getUpgradesOutput}. */
export interface GetUpgradesOutputArgs {
  /** The Shoot: `{ project, name }`, `{ namespace, name }` or `{ id: "namespace/name" }`. */
  shoot: pulumi.Input<ShootArgs>;
  /** Where the garden and its credentials are found. Default: stack configuration, then `GARDEN_KUBECONFIG`. */
  garden?: pulumi.Input<GardenArgs>;
}

const token = "gardener:index:getUpgrades";
const keys: Keys<GetUpgradesArgs> = { shoot: true, garden: true };

/**
 * Lists the versions of a Shoot, the versions that it can be upgraded to, when each of them expires, and
 * what Gardener will upgrade by itself. Needs `get` on the Shoot and its CloudProfile; writes nothing.
 *
 * @param args The Shoot.
 * @param opts Pulumi's options for functions. They have no effect: the function runs in the program's process.
 * @returns Plain data; times are ISO 8601.
 * @throws RunError with a code if an argument is invalid, the garden cannot be reached or has no such Shoot.
 * @example
 * const { kubernetes } = await gardener.getUpgrades({ shoot: { project: "demo", name: "web" } });
 * for (const { version, expires } of kubernetes.minors) console.log(version, expires);
 */
export function getUpgrades(args: GetUpgradesArgs, opts?: pulumi.InvokeOptions): Promise<GetUpgradesResult> {
  return asRunError(async () => {
    const located = parseArguments("getUpgrades", (fields) =>
      parseLocated(fields.object(args, "", keys) ?? {}, fields),
    );
    if (underMocks()) return mockedCall(token, args, opts, isUpgrades);
    const garden = await openSharedGarden(located.garden);
    const shoot = await garden.getShoot(await garden.locate(located.shoot));
    return upgrades(shoot, await garden.getCloudProfile(shoot), systemClock.now());
  });
}

/**
 * {@link getUpgrades} for outputs of other resources.
 *
 * @param args The Shoot.
 * @param opts Pulumi's options for functions: `dependsOn` delays the request until these resources exist.
 * The others have no effect: the function runs in the program's process.
 * @example
 * const { forecast } = gardener.getUpgradesOutput({ shoot: { project: "demo", name: web.name } });
 */
export function getUpgradesOutput(
  args: GetUpgradesOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetUpgradesResult> {
  return pulumi.all([args, resolved(opts)]).apply(([given]) => getUpgrades(given, opts));
}

/** As much as is checked of a mock's result. */
function isUpgrades(value: unknown): value is GetUpgradesResult {
  return isRecord(value);
}
