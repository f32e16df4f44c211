import { randomBytes } from "node:crypto";
import { connect } from "../../sandbox/client";
import { startGarden } from "../../sandbox/garden";
import { startMaintenance } from "../../sandbox/maintenance/maintenance";
import { createCa } from "../../sandbox/pki";
import type { GardenUnderTest } from "./garden";
import { contractSuite } from "./suite";

async function start(): Promise<GardenUnderTest> {
  const garden = await startGarden();
  const client = connect({ url: garden.url, ca: garden.ca, token: garden.token, userAgent: "maintenance" });
  const controller = startMaintenance({ garden: client });
  return {
    name: "the sandbox",
    url: garden.url,
    ca: garden.ca,
    admin: { token: garden.token },
    addUser(name, namespace, rules) {
      const token = randomBytes(12).toString("hex");
      garden.users.add({ name, token, rules: rules.map((rule) => ({ ...rule, namespaces: [namespace] })) });
      return Promise.resolve({ token });
    },
    createAuthority: createCa,
    async close() {
      await controller.stop();
      client.close();
      await garden.close();
    },
  };
}

describe("The contract on the sandbox", () => {
  contractSuite(start);
});
