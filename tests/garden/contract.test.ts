import type { GardenUnderTest } from "../contract/garden";
import { contractSuite } from "../contract/suite";
import { createRsaCa } from "../../sandbox/pki";
import { startRealGarden } from "./garden";
import { describeReal } from "./suite";

async function start(): Promise<GardenUnderTest> {
  const garden = await startRealGarden();
  return {
    name: "the real Gardener",
    url: garden.url,
    ca: garden.ca,
    admin: garden.admin,
    addUser: (name, namespace, rules) => garden.addUser(name, { namespace, rules }),
    createAuthority: createRsaCa,
    close: () => garden.stop(),
  };
}

describeReal("The contract on the real Gardener", () => {
  contractSuite(start);
});
