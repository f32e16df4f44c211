/** Forwards TCP to a server, with its TLS: the connection can be cut and restored. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface TcpLine {
  readonly url: string;
  setDown(down: boolean): void;
  close(): Promise<void>;
}

export async function startLine(target: string): Promise<TcpLine> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let down = false;

  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  };

  const server = createServer((incoming) => {
    if (down) return void incoming.destroy();
    const outgoing = connect(Number(port), hostname);
    keep(incoming, outgoing);
    keep(outgoing, incoming);
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `https://127.0.0.1:${own}`,
    setDown(value) {
      down = value;
      if (value) for (const socket of sockets) socket.destroy();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** Puts one address in another's place, in texts and in texts encoded in base64, as kubeconfigs come. */
export function readdress(body: string, from: string, to: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body.replaceAll(from, to);
  }
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "string") return part;
    if (part.includes(from)) return part.replaceAll(from, to);
    const decoded = Buffer.from(part, "base64").toString("utf8");
    if (!decoded.includes(from)) return part;
    return Buffer.from(decoded.replaceAll(from, to)).toString("base64");
  });
}
