/** The Shoots' own API servers in the sandbox: one HTTPS endpoint for each, opened when it is first asked for. */
import { createServer, type Server } from "node:https";
import { type ShootRef, shootId } from "../../provider/model/shoot";
import { createCa, issueServer } from "../pki";
import type { ClusterAccess, ShootClusterWriter } from "./cluster";
import { handle } from "./handler";
import { memoryCluster } from "./memory";

export interface ShootApisOptions {
  readonly now?: () => Date;
}

/** A Shoot's cluster that lives in this process. */
export interface SandboxCluster extends ShootClusterWriter {
  /** `access.clientCa` signs viewers (group gardener.cloud:project:viewers) and admins (system:masters). */
  readonly access: ClusterAccess;
}

export interface ShootApis {
  /** The same cluster for the same Shoot; its endpoint listens when this resolves. */
  clusterFor(shoot: ShootRef): Promise<SandboxCluster>;
  stop(): Promise<void>;
}

interface Opened {
  readonly cluster: SandboxCluster;
  readonly server: Server;
}

const HOST = "127.0.0.1";

export function startShootApis(options: ShootApisOptions = {}): ShootApis {
  const now = options.now ?? ((): Date => new Date());
  const opened = new Map<string, Promise<Opened>>();

  async function open(shoot: ShootRef): Promise<Opened> {
    const id = shootId(shoot);
    const [clusterCa, clientCa] = await Promise.all([createCa(`${id} cluster`), createCa(`${id} client`)]);
    const serving = await issueServer(clusterCa, { hosts: [HOST, "localhost"] });
    const server = createServer({
      cert: serving.certificate,
      key: serving.key,
      ca: clientCa.certificate,
      requestCert: true,
      // Who shows no certificate is told so by the API, with 401.
      rejectUnauthorized: false,
    });
    const port = await listen(server);
    const access = { server: `https://${HOST}:${String(port)}`, ca: clusterCa.certificate, clientCa };
    const cluster = memoryCluster(now, access);
    server.on("request", (request, response) => {
      handle(cluster, now, request, response);
    });
    return { cluster: { ...cluster, access }, server };
  }

  return {
    async clusterFor(shoot) {
      const id = shootId(shoot);
      const known = opened.get(id) ?? open(shoot);
      opened.set(id, known);
      return (await known).cluster;
    },
    async stop() {
      const servers = await Promise.allSettled(opened.values());
      opened.clear();
      await Promise.all(
        servers.flatMap((result) => (result.status === "fulfilled" ? [close(result.value.server)] : [])),
      );
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("The Shoot's API has no port."));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
