import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type RealGarden, startRealGarden } from "./garden";
import { readSchema, SCHEMA_FILE } from "./schema";
import { describeReal } from "./suite";

describeReal("The sandbox's data file", () => {
  let garden: RealGarden;

  before(async function () {
    this.timeout(180_000);
    garden = await startRealGarden();
  });

  after(async function () {
    this.timeout(30_000);
    await garden.stop();
  });

  it("is what the real Gardener reports of itself (npm run schema writes it)", async () => {
    const current: unknown = JSON.parse(await readSchema(garden));
    expect(JSON.parse(readFileSync(SCHEMA_FILE, "utf8"))).to.deep.equal(current);
  });
});
