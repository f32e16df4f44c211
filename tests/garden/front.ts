/**
 * A proxy before a kube-apiserver in the role of a Shoot's: it reports the Kubernetes version that the Shoot runs, where
 * the server would report its own, and it is unreachable while the Shoot is hibernated. It forwards everything else, in the name of
 * the user whose certificate it has checked.
 */
import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import type { ShootServer } from "./environment";

export interface Front {
  readonly url: string;
  /** Without the leading v; undefined until the first call. */
  version(): string | undefined;
  setVersion(kubernetesVersion: string): void;
  setHibernated(hibernated: boolean): void;
  close(): Promise<void>;
}

export async function startFront(shoot: ShootServer): Promise<Front> {
  const agent = new Agent({
    keepAlive: true,
    ca: shoot.ca,
    cert: shoot.proxyCertificate,
    key: shoot.proxyKey,
  });
  let running: string | undefined;
  let hibernated = false;

  const server = createServer(
    // A certificate is optional: a token is accepted as well.
    {
      cert: shoot.certificate,
      key: shoot.key,
      ca: shoot.clientCa,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (incoming, answer) => {
      if (incoming.url?.split("?")[0] === "/version" && running !== undefined) tellVersion(answer, running);
      else handOn(incoming, answer);
    },
  );
  server.on("secureConnection", (socket) => {
    if (hibernated) socket.destroy();
  });

  function handOn(incoming: IncomingMessage, answer: ServerResponse): void {
    const outgoing = request(
      `${shoot.url}${incoming.url ?? "/"}`,
      {
        method: incoming.method,
        agent,
        headers: { ...withoutIdentity(incoming.headers), ...identityOf(incoming) },
      },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        answer.flushHeaders();
        response.pipe(answer);
      },
    );
    outgoing.on("error", () => answer.destroy());
    answer.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://127.0.0.1:${String(portOf(server.address()))}`,
    version: () => running,
    setVersion(kubernetesVersion) {
      running = kubernetesVersion;
    },
    setHibernated(value) {
      hibernated = value;
      if (value) server.closeAllConnections();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, "close");
    },
  };
}

function tellVersion(answer: ServerResponse, version: string): void {
  const [major, minor] = version.split(".");
  answer.writeHead(200, { "content-type": "application/json" });
  answer.end(JSON.stringify({ major, minor, gitVersion: `v${version}`, platform: "linux/amd64" }));
}

/** Only the proxy may impersonate a user. */
function withoutIdentity(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("x-remote-")));
}

function identityOf(incoming: IncomingMessage): Record<string, string | string[]> {
  const socket = incoming.socket;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return {};
  const { CN: user, O: groups } = socket.getPeerCertificate().subject;
  return { "x-remote-user": [user].flat()[0] ?? "", "x-remote-group": [groups ?? []].flat() };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
