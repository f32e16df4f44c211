/** Has the real Gardener maintain a Shoot now. */
import { expect } from "chai";
import type { Api } from "../contract/api";

const MAINTENANCE_MS = 30_000;

export async function maintain(server: Api, path: string): Promise<void> {
  const annotations = { "gardener.cloud/operation": "maintain" };
  const { code, body: answer } = await server.patch(path, "merge", { metadata: { annotations } });
  expect(code, JSON.stringify(answer.raw)).to.equal(200);
  for (const start = Date.now(); ;) {
    const { body } = await server.get(path);
    const pending = body.text("metadata", "annotations", "gardener.cloud/operation") === "maintain";
    if (!pending && body.text("status", "lastMaintenance", "state") !== "Processing") return;
    if (Date.now() - start > MAINTENANCE_MS) throw new Error(`No maintenance: ${JSON.stringify(body.raw)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
