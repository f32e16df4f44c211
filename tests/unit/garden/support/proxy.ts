/** A proxy on loopback. */
import { createServer } from "node:http";
import { connect } from "node:net";
import { portOf, trackSockets } from "./api-server";

export interface Proxy {
  readonly url: string;
  readonly connects: readonly string[];
  close(): Promise<void>;
}

/** A CONNECT proxy that connects every name to one port on loopback, or refuses. */
export async function startProxy(port: number, refuseWith?: number): Promise<Proxy> {
  const connects: string[] = [];
  const server = createServer();
  const sockets = trackSockets(server);
  server.on("connect", (request, client) => {
    connects.push(`${request.url ?? ""} ${request.headers["proxy-authorization"] ?? ""}`.trim());
    if (refuseWith !== undefined) {
      client.end(`HTTP/1.1 ${refuseWith} Refused\r\n\r\n`);
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    connects,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
