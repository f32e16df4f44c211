import { expect } from "chai";
import type { Shoot } from "../../provider/model/shoot";
import { specVersions } from "../../provider/plan";
import type { Recorded } from "../../sandbox/http";
import { clone, map, mapsAt } from "../../sandbox/json";
import type { Scene } from "./scene";
import { failureOf, image, kubernetes, REF, stored, watched } from "./web";

const isAt = ({ workers }: Shoot, version: string) => workers[0]?.machineImage.version === version;

export function writes(scene: () => Scene): void {
  const garden = () => scene().garden;
  const readShoot = () => garden().getShoot(REF);

  describe("writing", () => {
    it("accepts a Kubernetes version, and the Shoot's spec has it", async () => {
      const result = await garden().apply(await kubernetes(garden(), "1.33.7"));
      expect(result.kind).to.equal("accepted");
      await watched(garden(), (event) => event.kind === "seen" && event.shoot.kubernetesVersion === "1.33.7");
      expect(scene().writes()).to.have.length(1);
    });

    it("changes the image of a pool, and nothing else of it", async () => {
      const before = clone(stored(scene()));
      expect((await garden().apply(await image(garden(), "1592.14.0"))).kind).to.equal("accepted");
      const [worker] = mapsAt(before, "spec", "provider", "workers");
      const machine = map(worker?.["machine"]);
      const expected = {
        ...worker,
        machine: { ...machine, image: { ...map(machine["image"]), version: "1592.14.0" } },
      };
      expect(mapsAt(stored(scene()), "spec", "provider", "workers")).to.deep.equal([expected]);
      expect(stored(scene())["spec"]).to.deep.equal({
        ...map(before["spec"]),
        provider: { ...map(map(before["spec"])["provider"]), workers: [expected] },
      });
    });

    it("accepts a lower image than the pool has", async () => {
      expect((await garden().apply(await image(garden(), "1592.14.0"))).kind).to.equal("accepted");
      let result = await garden().apply(await image(garden(), "1592.10.0"));
      while (result.kind === "busy" || result.kind === "conflict") {
        result = await garden().apply(await image(garden(), "1592.10.0"));
      }
      expect(result.kind).to.equal("accepted");
      await watched(garden(), (event) => event.kind === "seen" && isAt(event.shoot, "1592.10.0"));
    });

    it("is refused with the garden's message for what the garden does not allow", async () => {
      const result = await garden().apply(await kubernetes(garden(), "1.35.2"));
      if (result.kind !== "refused") throw new Error(`It was ${result.kind}`);
      expect(result.message).to.match(/1\.35\.2|skip|minor/);
      expect((await readShoot()).kubernetesVersion).to.equal("1.33.4");
    });

    it("is refused where the Shoot has changed since it was read", async () => {
      const change = await kubernetes(garden(), "1.33.7");
      expect((await garden().apply(await image(garden(), "1592.14.0"))).kind).to.equal("accepted");
      expect((await garden().apply(change)).kind).to.be.oneOf(["conflict", "busy"]);
      expect(specVersions(await readShoot()).kubernetesVersion).to.equal("1.33.4");
    });

    it("is refused for another cluster than the one that was read", async () => {
      const change = { ...(await kubernetes(garden(), "1.33.7")), uid: "another" };
      expect((await garden().apply(change)).kind).not.to.equal("accepted");
      expect((await readShoot()).kubernetesVersion).to.equal("1.33.4");
    });

    it("never adds a pool", async () => {
      const change = await image(garden(), "1592.14.0", "pool-z");
      await garden()
        .apply(change)
        .catch(() => undefined);
      expect((await readShoot()).workers.map(({ name }) => name)).to.deep.equal(["pool-a"]);
    });

    it("is validated by a dry run, where the garden has one", async function () {
      if (!garden().capabilities.dryRun) this.skip();
      expect((await garden().dryRun(await kubernetes(garden(), "1.33.7"))).kind).to.equal("accepted");
      expect((await garden().dryRun(await kubernetes(garden(), "1.35.2"))).kind).to.equal("refused");
      expect((await readShoot()).kubernetesVersion).to.equal("1.33.4");
    });

    it("reports the result of a write that was cut off as unknown, and does not write twice", async () => {
      const change = await kubernetes(garden(), "1.33.7");
      const restore = scene().disturb((call) => (isWrite(call) ? { kind: "cut" } : undefined));
      const { message } = await failureOf(garden().apply(change), "GU005");
      restore();
      expect(message).to.contain("not known whether the change was written");
      expect(scene().writes()).to.have.length(1);
    });

    it("does not repeat a write that a gateway may have passed on", async () => {
      const change = await kubernetes(garden(), "1.33.7");
      const restore = scene().disturb((call) =>
        isWrite(call) ? scene().refusal(503, "try later") : undefined,
      );
      await failureOf(garden().apply(change), "GU005");
      restore();
      expect(scene().writes()).to.have.length(1);
    });
  });
}

function isWrite({ method, path }: Recorded): boolean {
  return (method === "PATCH" || method === "PUT") && path.includes("/shoots/");
}
