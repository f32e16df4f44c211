/** Two steps, an image and a patch, on a garden that accepts one change at a time. */
import { aNode, ONE_AT_A_TIME, targetOf, type Scene } from "./scene";

export const limits = { capabilities: ONE_AT_A_TIME };
export const BOTH = targetOf("1.33.9", "1877.3.0");

/** The nodes after the image has come, and after the patch as well. */
export const imaged = ["m1", "m2", "m3"].map((name) =>
  aNode(name, { osImage: "Garden Linux 1877.3", created: new Date("2026-11-23T11:00:00Z") }),
);
export const patchedToo = imaged.map((node) => ({ ...node, kubeletVersion: "1.33.9" }));

export async function finish(scene: Scene, nodes: typeof imaged): Promise<void> {
  await scene.begin();
  await scene.setNodes(nodes);
  await scene.succeed();
}
