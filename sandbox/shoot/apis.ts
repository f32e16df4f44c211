/** The Shoots' own API servers in the sandbox: one HTTPS endpoint for each, opened when it is first asked for. */
import type { ShootRef } from "../../provider/model/shoot";
import type { ClusterAccess, ShootClusterWriter } from "./cluster";

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

export function startShootApis(options: ShootApisOptions = {}): ShootApis {
  throw new Error(`not there yet: ${String(options.now)}`);
}
