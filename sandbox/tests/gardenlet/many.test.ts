import { expect } from "chai";
import { createStore } from "../../api/store";
import { startGardenlet } from "../../gardenlet/gardenlet";
import { memoryCluster } from "../../shoot/apis";
import { shootObject, SHOOT, tinyGarden } from "./garden";
import { state } from "./scene";

/** Node warns of more than ten listeners on one signal. */
const SHOOTS = 12;

describe("the sandbox's gardenlet with many Shoots", () => {
  const warnings: string[] = [];
  const keep = (warning: Error) => void warnings.push(warning.name);

  before(() => process.on("warning", keep));

  after(() => process.off("warning", keep));

  it("reconciles them side by side without a warning of listeners", async () => {
    const names = Array.from({ length: SHOOTS }, (_, index) => `web-${String(index)}`);
    const paths = names.map((name) => SHOOT.replace(/[^/]+$/, name));
    const garden = tinyGarden(
      ...names.map((name, index) => ({
        path: paths[index] ?? "",
        value: { ...shootObject(), metadata: { name, namespace: "garden-demo", generation: 1 } },
      })),
    );
    const now = () => new Date();
    const cluster = memoryCluster(createStore(now), { version: undefined, hibernated: false }, now);
    const gardenlet = startGardenlet({ garden, cluster: () => Promise.resolve(cluster), speed: 0.001 });
    await Promise.all(paths.map((path) => garden.until(path, (shoot) => state(shoot) === "Processing")));
    await new Promise((resolve) => setImmediate(resolve));
    await gardenlet.stop();
    expect(warnings).to.deep.equal([]);
  });
});
