import { expect } from "chai";
import { inspect } from "node:util";
import { issueClient } from "../../../sandbox/pki";
import { openConnection } from "../../../provider/garden/connection";
import { createGardenerGarden } from "../../../provider/garden/gardener";
import { UserError } from "../../../provider/model/problem";
import { systemClock } from "../../../provider/model/clock";
import { dropConnection, json, status, testCa, type Route } from "./support/api-server";
import { shootPath, web } from "./support/fixtures";
import { apiServerPerTest } from "./support/perTest";
import { base64, kubeconfigOf } from "./support/kubeconfigs";

const SECRET = "s3cr3t-t0ken";

/** What could come back from a server that is broken or hostile: everything that we sent. */
const echo: Route = (seen, response) => {
  response.writeHead(500, { "content-type": "text/plain" });
  response.end(JSON.stringify(seen.headers));
};

describe("a message about a failure", function () {
  this.timeout(10_000);
  const server = apiServerPerTest();

  /** Everything that could be shown of an error, its causes and properties too. */
  async function shownBy(content: string): Promise<string> {
    try {
      const source = { kind: "content", content, origin: "the stack's configuration" } as const;
      const connection = await openConnection(source, {}, systemClock);
      await createGardenerGarden(connection, { retryMs: 1, timeoutMs: 500 }).getShoot(web);
    } catch (error) {
      if (error instanceof UserError) return inspect(error, { depth: 10, showHidden: true });
      throw error;
    }
    throw new Error("Nothing failed");
  }

  const answers: readonly (readonly [string, Route])[] = [
    ["an echo", echo],
    ["401", status(401, "Unauthorized", "Unauthorized")],
    ["403", status(403, "Forbidden", 'User "jane" cannot get resource "shoots"')],
    ["a Shoot without anything", json({})],
    ["a closed connection", dropConnection],
  ];
  for (const [name, route] of answers) {
    it(`contains no token, key or certificate when the garden answers with ${name}`, async () => {
      const pair = await issueClient(await testCa(), { commonName: "jane" });
      server.on(`GET ${shootPath}`, route);
      const user = {
        token: SECRET,
        "client-certificate-data": base64(pair.certificate),
        "client-key-data": base64(pair.key),
      };
      const shown = await shownBy(await kubeconfigOf({ server: server.url, user }));
      expect(shown).not.to.contain(SECRET);
      expect(shown).not.to.contain("-----BEGIN");
      expect(shown).not.to.contain(base64(pair.key).slice(0, 40));
    });
  }

  const kubeconfigs: readonly (readonly [string, string])[] = [
    ["is cut off", `users:\n- user: {token: ${SECRET}`],
    ["has a tab", `users:\n\t- token: ${SECRET}`],
    ["is one text", `token: ${SECRET}: ${SECRET}`],
    ["has no context", JSON.stringify({ users: [{ user: { token: SECRET } }] })],
    ["has an alias", `a: *${SECRET}`],
  ];
  for (const [name, content] of kubeconfigs) {
    it(`contains nothing of a kubeconfig that ${name}`, async () => {
      expect(await shownBy(content)).not.to.contain(SECRET);
    });
  }

  it("contains nothing of the output of an exec plugin", async () => {
    const exec = {
      command: process.execPath,
      args: ["-e", `console.log("${SECRET}"); console.error("${SECRET}"); process.exit(1)`],
    };
    expect(await shownBy(await kubeconfigOf({ server: server.url, user: { exec } }))).not.to.contain(SECRET);
  });
});
