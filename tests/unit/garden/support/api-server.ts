/** A tiny API server on loopback: routes as functions, all requests are recorded. */
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { createCa, issueServer, type Ca, type KeyPair } from "../../../../sandbox/pki";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Common name of the client certificate. */
  readonly client?: string;
}

export type Route = (seen: Seen, response: ServerResponse) => void | Promise<void>;

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly Seen[];
  /** `GET /path`: without query. */
  on(call: string, ...routes: readonly Route[]): void;
  calls(): readonly string[];
  close(): Promise<void>;
}

let authority: Promise<Ca> | undefined;

/** One for all tests: keys cost time. */
export function testCa(): Promise<Ca> {
  authority ??= createCa("garden test");
  return authority;
}

let certificate: Promise<KeyPair> | undefined;

async function loopbackCertificate(): Promise<KeyPair> {
  certificate ??= testCa().then((ca) => issueServer(ca, { hosts: ["127.0.0.1", "garden.test"] }));
  return certificate;
}

export async function startApiServer(own?: KeyPair): Promise<ApiServer> {
  const pair = own ?? (await loopbackCertificate());
  const ca = await testCa();
  const requests: Seen[] = [];
  const routes = new Map<string, Route[]>();
  const server = createServer(
    {
      cert: pair.certificate,
      key: pair.key,
      ca: ca.certificate,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      void serve(request, response);
    },
  );

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await read(request);
    requests.push(seen);
    const known = routes.get(`${seen.method} ${seen.path}`);
    // The last route answers whatever comes after.
    const route = known !== undefined && known.length > 1 ? known.shift() : known?.[0];
    if (route === undefined) sendStatus(response, 404, "NotFound", "not found");
    else await route(seen, response);
  }

  const sockets = trackSockets(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server);
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    requests,
    on(call, ...given) {
      routes.set(call, [...given]);
    },
    calls: () => requests.map(({ method, path }) => `${method} ${path}`),
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return sockets;
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server does not listen");
  return address.port;
}

async function read(request: IncomingMessage): Promise<Seen> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  const url = new URL(request.url ?? "/", "https://server");
  return {
    method: request.method ?? "",
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body,
    client: commonName(request.socket),
  };
}

function commonName(socket: Socket): string | undefined {
  if (!isTls(socket) || !socket.authorized) return undefined;
  const certificate = socket.getPeerCertificate();
  // Empty where there is none; a resumed session counts as authorized nevertheless.
  if (!("subject" in certificate)) return undefined;
  const name = certificate.subject.CN;
  return Array.isArray(name) ? name[0] : name;
}

function isTls(socket: Socket): socket is TLSSocket {
  return "getPeerCertificate" in socket;
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  code = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

function sendStatus(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  details: unknown = {},
  headers: Record<string, string> = {},
): void {
  sendJson(
    response,
    { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message, details },
    code,
    headers,
  );
}

export const json =
  (value: unknown): Route =>
  (_seen, response) =>
    sendJson(response, value);

export const status =
  (
    code: number,
    reason: string,
    message: string,
    details: unknown = {},
    headers: Record<string, string> = {},
  ): Route =>
  (_seen, response) =>
    sendStatus(response, code, reason, message, details, headers);

/** RBAC's refusal, as the API server formats it. */
export const forbidden =
  (verb: string, resource: string, where = 'in the namespace "garden-demo"'): Route =>
  (_seen, response) =>
    sendStatus(
      response,
      403,
      "Forbidden",
      `${resource}.core.gardener.cloud is forbidden: User "jane" cannot ${verb} resource "${resource}" in API group "core.gardener.cloud" ${where}`,
    );

/** A watch that sends these events and then stays open. */
export const events =
  (...sent: readonly unknown[]): Route =>
  (_seen, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const event of sent) response.write(`${JSON.stringify(event)}\n`);
  };

/** A watch that sends these events and ends well. */
export const endingEvents =
  (...sent: readonly unknown[]): Route =>
  (_seen, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(sent.map((event) => `${JSON.stringify(event)}\n`).join(""));
  };

export const dropConnection: Route = (_seen, response) => {
  response.socket?.destroy();
};
