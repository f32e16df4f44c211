/** Changes of the Shoot web through Cleura's API on loopback. */
import type { Garden } from "../../../../provider/garden/garden";
import type { Change } from "../../../../provider/model/plan";
import { json, type ApiServer } from "../support/api-server";
import { accepted, cleuraScene, shootObject, shootPath, web } from "./scene";

export const poolPath = `${shootPath}/workers/pool-a`;

export interface WriteScene {
  readonly server: ApiServer;
  readonly garden: Garden;
  /** Of the Shoot as it is read now. */
  change(parts: Partial<Change>): Promise<Change>;
  kubernetes(): Promise<Change>;
  image(pool?: string, machineImage?: { readonly name: string; readonly version: string }): Promise<Change>;
  /** Requests that are no reads. */
  writes(): readonly string[];
  close(): Promise<void>;
}

/** The server accepts each change, and the Shoot stays as it was. */
export async function writeScene(): Promise<WriteScene> {
  const scene = await cleuraScene();
  const { server, garden } = scene;
  server.on(`GET ${shootPath}`, json(shootObject()));
  server.on(`PATCH ${shootPath}`, accepted(shootObject({ kubernetes: { version: "1.33.7" } })));
  server.on(`PUT ${poolPath}`, accepted(shootObject()));

  async function change(parts: Partial<Change>): Promise<Change> {
    const { uid, resourceVersion } = await garden.getShoot(web);
    return { shoot: web, uid, resourceVersion, workers: [], ...parts };
  }

  return {
    server,
    garden,
    change,
    kubernetes: () => change({ kubernetesVersion: "1.33.7" }),
    image: (name = "pool-a", machineImage = { name: "gardenlinux", version: "1877.9.0" }) =>
      change({ workers: [{ name, machineImage }] }),
    writes: () => server.calls().filter((call) => !call.startsWith("GET")),
    close: () => scene.close(),
  };
}
