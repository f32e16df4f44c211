/** The real Gardener, started for tests: API server with its admission, controller manager, and the Shoots' own APIs. */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ShootRef, shootId } from "../../provider/model/shoot";
import { type Client, connect } from "../../sandbox/client";
import { createCa } from "../../sandbox/pki";
import type { ClusterAccess, ShootClusterWriter } from "../../sandbox/shoot/cluster";
import { kubeCluster } from "./kubecluster";
import { type Build, buildGarden, cacheFolder } from "./build";
import { type Environment, startEnvironment } from "./environment";
import { type Front, startFront } from "./front";
import { letViewersIn } from "./viewers";
import { grant, issueUser, type Rights, type User } from "./users";

export interface RealGardenOptions {
  /** Progress of a build, for a person who waits. */
  readonly log?: (line: string) => void;
  /** Of gardener-apiserver, such as `InPlaceNodeUpdates=true`. */
  readonly featureGates?: readonly string[];
}

export interface RealCluster {
  readonly writer: ShootClusterWriter & { readonly access: ClusterAccess };
  /** May everything in the Shoot's own API. */
  readonly admin: Client;
}

export interface RealGarden {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** In system:masters. */
  readonly admin: User;
  /** A user with these rights and no others, beside what every authenticated user may. */
  addUser(name: string, rights?: Rights): Promise<User>;
  /** The same cluster for the same Shoot; its API server is started at the first request. */
  clusterFor(shoot: ShootRef): Promise<RealCluster>;
  /** One file for each process. */
  readonly logs: string;
  stop(): Promise<void>;
}

/** Without these gates the API server refuses in-place pools and lifecycle stages. */
const FEATURE_GATES = ["InPlaceNodeUpdates=true", "VersionClassificationLifecycle=true"];

export class NoGoError extends Error {
  constructor(reason: string) {
    super(`The real Gardener cannot be built: ${reason}`);
    this.name = "NoGoError";
  }
}

export async function startRealGarden(options: RealGardenOptions = {}): Promise<RealGarden> {
  const build = await buildGarden(options.log ?? ignore);
  if (build.kind === "noGo") throw new NoGoError(build.reason);
  const directory = await mkdtemp(join(tmpdir(), "pulumi-gardener-garden-"));
  try {
    return await start(build, directory, options.featureGates ?? FEATURE_GATES);
  } catch (error) {
    await keepLogs(directory);
    throw error;
  }
}

async function start(
  build: Extract<Build, { kind: "built" }>,
  directory: string,
  featureGates: readonly string[],
): Promise<RealGarden> {
  const logs = join(directory, "logs");
  const users = join(directory, "users");
  for (const folder of [logs, users]) await mkdir(folder);

  const authority = await createCa("garden-client-ca");
  const clientCa = join(directory, "client-ca.crt");
  const clientCaKey = join(directory, "client-ca.key");
  await writeFile(clientCa, authority.certificate);
  await writeFile(clientCaKey, authority.key, { mode: 0o600 });

  const environment = await startEnvironment({
    program: build.environment,
    programs: build.programs,
    directory,
    clientCa,
    clientCaKey,
    featureGates,
  });
  const server = { url: environment.url, ca: environment.ca };
  const admin = await issueUser(server, authority, users, "admin", ["system:masters"]);
  const issued: User[] = [admin];
  const clusters = new Map<string, Promise<Started>>();

  return {
    ...server,
    admin,
    logs,
    async addUser(name, rights = {}) {
      await grant(admin.client, name, rights);
      const user = await issueUser(server, authority, users, name, rights.groups ?? []);
      issued.push(user);
      return user;
    },
    async clusterFor(shoot) {
      const id = shootId(shoot);
      const known = clusters.get(id) ?? startCluster(environment, shoot);
      clusters.set(id, known);
      return (await known).cluster;
    },
    async stop() {
      for (const user of issued) user.client.close();
      await Promise.all([...clusters.values()].map(async (cluster) => (await cluster).close()));
      await environment.stop();
      await keepLogs(directory);
    },
  };
}

interface Started {
  readonly cluster: RealCluster;
  close(): Promise<void>;
}

async function startCluster(environment: Environment, shoot: ShootRef): Promise<Started> {
  const server = await environment.startShoot(`${shoot.namespace}.${shoot.name}`);
  const front = await startFront(server);
  const access: ClusterAccess = {
    server: front.url,
    ca: server.ca,
    clientCa: { commonName: "shoot-client-ca", certificate: server.clientCa, key: server.clientCaKey },
  };
  // Not through the front, which is away while the Shoot sleeps.
  const admin = connect({
    url: server.url,
    ca: server.ca,
    clientCert: server.adminCertificate,
    clientKey: server.adminKey,
  });
  await letViewersIn(admin);
  return {
    cluster: { admin, writer: { ...kubeCluster(admin, access), ...versionOf(front), access } },
    async close() {
      admin.close();
      await front.close();
    },
  };
}

function versionOf(front: Front): Pick<ShootClusterWriter, "version" | "setVersion" | "setHibernated"> {
  return {
    version: () => Promise.resolve(front.version()),
    setVersion(kubernetesVersion) {
      front.setVersion(kubernetesVersion);
      return Promise.resolve();
    },
    setHibernated(hibernated) {
      front.setHibernated(hibernated);
      return Promise.resolve();
    },
  };
}

/** The logs of the last run outlive it; everything else goes. */
async function keepLogs(directory: string): Promise<void> {
  const kept = join(cacheFolder(), "logs");
  await rm(kept, { recursive: true, force: true });
  await cp(join(directory, "logs"), kept, { recursive: true });
  await rm(directory, { recursive: true, force: true });
}

function ignore(): void {
  return;
}
