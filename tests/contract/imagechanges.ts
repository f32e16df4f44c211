/** Changes of the machine image of the pool `a`, and how Gardener names it in refusals. */
import type { Answer } from "./api";
import { OS } from "./profile";
import type { ContractWorld } from "./world";

export const IMAGE = "spec.provider.workers[0].machine.image";
/** As Gardener's internal type is written into messages. */
export const shown = (version: string, name = OS) =>
  `{"Name":"${name}","ProviderConfig":null,"Version":"${version}"}`;

export interface ImageChanges {
  change(path: string, image: object | null, more?: object): Promise<Answer>;
  setImage(path: string, version: string): Promise<Answer>;
}

/** As dry runs. */
export function imageChanges(world: () => ContractWorld): ImageChanges {
  const change = (path: string, image: object | null, more: object = {}): Promise<Answer> =>
    world().admin.patch(`${path}?dryRun=All`, "strategic", {
      spec: { provider: { workers: [{ name: "a", machine: { image }, ...more }] } },
    });
  return { change, setImage: (path, version) => change(path, { version }) };
}
