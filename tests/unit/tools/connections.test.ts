import { Client, credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { expect } from "chai";
import { isRecord } from "../../../provider/model/json";
import { separateConnections } from "../../../tools/engine/connections";

/** What a call gets on that port, made as the SDK makes its own. */
async function answer(port: number): Promise<status> {
  const options: unknown = Reflect.get(settings, "grpcClientOptions");
  const client = new Client(
    `127.0.0.1:${port}`,
    credentials.createInsecure(),
    isRecord(options) ? options : {},
  );
  const bytes = (value: Buffer) => value;
  return new Promise((resolve) => {
    client.makeUnaryRequest("/none/none", bytes, bytes, Buffer.of(), (error) =>
      resolve(error?.code ?? status.OK),
    );
  });
}

function listen(port: number): Promise<{ readonly port: number; readonly server: Server }> {
  const server = new Server();
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve({ port: bound, server });
    });
  });
}

describe("a program in this process", () => {
  it("reaches an engine on the port of one that has ended", async () => {
    separateConnections();
    const first = await listen(0);
    expect(await answer(first.port)).to.equal(status.UNIMPLEMENTED);
    first.server.forceShutdown();
    while ((await answer(first.port)) !== status.UNAVAILABLE);
    const second = await listen(first.port);
    try {
      expect(await answer(first.port)).to.equal(status.UNIMPLEMENTED);
    } finally {
      second.server.forceShutdown();
    }
  });
});
