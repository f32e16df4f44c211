/** An HTTPS proxy between provider and garden that injects faults and records what passed. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { KeyPair } from "../../sandbox/pki";
import { createAnswers, type Answered } from "./answers";
import type { FastClock } from "./clock";
import type { Director } from "./director";
import type { Traffic } from "./faults";
import { trafficOf } from "./traffic";

export interface Upstream {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** With whose certificate the proxy calls; the caller's own credentials are passed on where absent. */
  readonly client?: { readonly certificate: string; readonly key: string };
  /** How the server formats an error. */
  refusal(code: number): string;
}

/** A request that has reached the garden. */
export interface Passed {
  readonly at: number;
  readonly traffic: Traffic;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** What the garden answered, whatever the provider has seen of it. */
  readonly code: number;
  readonly answer: string;
}

export interface Proxy {
  readonly url: string;
  readonly passed: readonly Passed[];
  /** Nothing gets through until it is called again with false. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

export interface ProxyParts {
  readonly tls: KeyPair;
  readonly upstream: Upstream;
  readonly director: Director;
  readonly clock: FastClock;
  /** Applied to bodies of kubeconfigs, so that these lead through this proxy. */
  readonly rewrite: (body: string) => string;
  readonly say: (line: string) => void;
}

export async function startProxy(parts: ProxyParts): Promise<Proxy> {
  const { upstream, director, say } = parts;
  const agent = new Agent({
    keepAlive: true,
    ca: upstream.ca,
    cert: upstream.client?.certificate,
    key: upstream.client?.key,
  });
  const passed: Passed[] = [];
  const sockets = new Set<Duplex>();
  const answers = createAnswers(parts);
  let down = false;

  async function handle(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { method = "GET", url = "/" } = incoming;
    const traffic = trafficOf({ method, url });
    const fault = await director.next(traffic);
    if (down) return void incoming.socket.destroy();
    say(`${method} ${url}${fault === undefined ? "" : ` <- ${JSON.stringify(fault)}`}`);
    if (fault?.kind === "delay") await parts.clock.sleep(fault.ms);
    if (fault !== undefined && answers.instead(fault, url, reply)) return;
    const answer = await forward(incoming, body, reply);
    if (traffic === "watch" && answer.statusCode === 200) return answers.watch(fault, answer, reply);
    const content = (await buffer(answer)).toString("utf8");
    const code = answer.statusCode ?? 502;
    passed.push({
      at: performance.now(),
      traffic,
      method,
      url,
      body: body.toString("utf8"),
      code,
      answer: content,
    });
    if (traffic === "write" || traffic === "preparation") say(`  the garden answered ${code}`);
    const whole: Answered = {
      code,
      headers: answer.rawHeaders,
      body: traffic === "kubeconfig" ? parts.rewrite(content) : content,
    };
    answers.give(fault, url, whole, reply);
  }

  function forward(incoming: IncomingMessage, body: Buffer, reply: ServerResponse): Promise<IncomingMessage> {
    const headers = { ...incoming.headers };
    delete headers.host;
    delete headers.connection;
    if (upstream.client !== undefined) delete headers.authorization;
    const outgoing = request(`${upstream.url}${incoming.url ?? "/"}`, {
      method: incoming.method,
      agent,
      headers,
    });
    // What has arrived here arrives there, also where the caller does not wait for the answer.
    if (incoming.method === "GET") reply.once("close", () => outgoing.destroy());
    outgoing.end(body);
    return new Promise((resolve, reject) => outgoing.on("response", resolve).on("error", reject));
  }

  const server = createServer({ cert: parts.tls.certificate, key: parts.tls.key }, (incoming, reply) => {
    handle(incoming, reply).catch(() => incoming.socket.destroy());
  });
  server.on("connection", (socket) => {
    if (down) return void socket.destroy();
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://127.0.0.1:${portOf(server.address())}`,
    passed,
    setDown(value) {
      down = value;
      if (value) for (const socket of sockets) socket.destroy();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await once(server, "close");
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
