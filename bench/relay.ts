/** A TCP relay that delays each direction: distance to a garden, on loopback. */
import { connect, createServer, type Socket } from "node:net";

function delay(from: Socket, to: Socket, ms: number): void {
  from.on("data", (chunk) => setTimeout(() => to.writable && to.write(chunk), ms));
  from.on("end", () => setTimeout(() => to.end(), ms));
  from.on("error", () => to.destroy());
}

function main(): void {
  const [port, ms] = [Number(process.argv[2]), Number(process.argv[3])];
  const server = createServer((client) => {
    // A handshake takes a round trip before the first byte.
    client.pause();
    setTimeout(() => {
      const upstream = connect({ host: "127.0.0.1", port, noDelay: true });
      client.setNoDelay(true);
      delay(client, upstream, ms);
      delay(upstream, client, ms);
      client.resume();
    }, 2 * ms);
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(typeof address === "object" ? address?.port : undefined);
  });
  process.on("disconnect", () => process.exit());
}

main();
