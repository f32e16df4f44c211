import { once } from "node:events";
import { request } from "node:https";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import { expect } from "chai";
import { createCa, issueClient, issueServer } from "../../pki";

describe("The sandbox's certificate authorities", () => {
  it("issue a server and a client certificate that Node's TLS accepts, with user and groups", async () => {
    const serving = await createCa("shoot-ca");
    const clients = await createCa("shoot-client-ca");
    const server = await issueServer(serving, { hosts: ["127.0.0.1", "localhost"] });
    const client = await issueClient(clients, {
      commonName: "gardener.cloud:viewer:alice",
      organizations: ["viewers"],
    });
    const listener = createServer(
      {
        cert: server.certificate,
        key: server.key,
        ca: clients.certificate,
        requestCert: true,
        rejectUnauthorized: true,
      },
      (incoming, answer) => {
        const socket = incoming.socket;
        answer.end(JSON.stringify(socket instanceof TLSSocket ? socket.getPeerCertificate().subject : {}));
      },
    );
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    try {
      const subject = await new Promise<string>((resolve, reject) => {
        const { port } = address(listener.address());
        const call = request(
          { host: "127.0.0.1", port, ca: serving.certificate, cert: client.certificate, key: client.key },
          (answer) => {
            let text = "";
            answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
            answer.on("end", () => resolve(text));
          },
        );
        call.on("error", reject).end();
      });
      expect(JSON.parse(subject)).to.deep.equal({ O: "viewers", CN: "gardener.cloud:viewer:alice" });
    } finally {
      listener.close();
    }
  });
});

function address(value: AddressInfo | string | null): AddressInfo {
  if (value === null || typeof value === "string") throw new Error("not listening on a port");
  return value;
}
