/** Paths behind `/gardener/v2/{cloud}`, and what all parts of the garden share. */
import type { Clock } from "../../model/clock";
import type { CleuraClient } from "./client";
import type { WriteGenerations } from "./polling/generations";
import type { CleuraEndpoint } from "./auth/endpoint";

export interface CleuraContext {
  readonly client: CleuraClient;
  readonly endpoint: CleuraEndpoint;
  readonly paths: Paths;
  readonly generations: WriteGenerations;
  readonly clock: Clock;
}

export type Paths = ReturnType<typeof pathsIn>;

export function pathsIn({ region, projectId }: CleuraEndpoint) {
  const shoots = `/shoots/${encodeURIComponent(region)}/${encodeURIComponent(projectId)}`;
  const shoot = (name: string) => `${shoots}/${encodeURIComponent(name)}`;
  return {
    cloudProfiles: "/cloud-profiles",
    shoots,
    shoot,
    worker: (name: string, pool: string) => `${shoot(name)}/workers/${encodeURIComponent(pool)}`,
    upgrade: (name: string, step: "check" | "prepare" | "revert") => `${shoot(name)}/upgrade/${step}`,
    adminKubeconfig: (name: string) => `${shoot(name)}/admin-kubeconfig`,
  };
}

export function describeShoot({ name }: { readonly name: string }): string {
  return `Shoot ${name}`;
}
