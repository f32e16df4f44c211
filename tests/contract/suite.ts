/** One suite for every garden: what Gardener's API does around version changes, seen through the API alone. */
import { access } from "./access";
import { cloudProfiles } from "./cloudprofiles";
import type { GardenUnderTest } from "./garden";
import { generation } from "./generation";
import { inPlaceUpdates } from "./inplaceupdates";
import { kubeconfigs } from "./kubeconfig";
import { kubernetesVersions } from "./kubernetesversions";
import { machineImages } from "./machineimages";
import { maintenance } from "./maintenance";
import { patches } from "./patches";
import { poolVersions } from "./poolversions";
import { watches } from "./watch";
import { type ContractWorld, createWorld } from "./world";

export function contractSuite(start: () => Promise<GardenUnderTest>): void {
  let running: ContractWorld | undefined;
  const world = (): ContractWorld => {
    if (running === undefined) throw new Error("The garden is not up.");
    return running;
  };

  before(async function () {
    this.timeout(180_000);
    running = await createWorld(await start());
  });

  after(async function () {
    this.timeout(30_000);
    running?.admin.close();
    await running?.garden.close();
  });

  for (const part of [
    kubernetesVersions,
    poolVersions,
    machineImages,
    inPlaceUpdates,
    patches,
    generation,
    watches,
    access,
    kubeconfigs,
    cloudProfiles,
    maintenance,
  ]) {
    part(world);
  }
}
