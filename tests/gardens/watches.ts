import { expect } from "chai";
import { specVersions } from "../../provider/plan";
import { isComplete } from "../../provider/rollout/completion";
import { shoots } from "../../sandbox/api/resource";
import { clone, map } from "../../sandbox/json";
import type { Scene } from "./scene";
import { image, kubernetes, REF, stored, watched } from "./web";

export function watches(scene: () => Scene): void {
  const garden = () => scene().garden;
  const readShoot = () => garden().getShoot(REF);

  describe("watching", () => {
    it("returns the Shoot at once", async () => {
      const [first] = await watched(garden(), () => true);
      if (first?.kind !== "seen") throw new Error("It was not seen");
      expect(specVersions(first.shoot)).to.deep.equal(specVersions(await readShoot()));
    });

    for (const [what, change] of [
      ["a Kubernetes version", () => kubernetes(garden(), "1.33.7")],
      ["an image", () => image(garden(), "1592.14.0")],
    ] as const) {
      it(`reports ${what} complete, and never because of an earlier success`, async () => {
        const result = await garden().apply(await change());
        if (result.kind !== "accepted") throw new Error(`It was ${result.kind}`);
        const { shoot } = result;
        const target = specVersions(shoot);
        const awaited = { uid: shoot.uid, generation: shoot.generation, target };
        expect(isComplete(shoot, awaited), "done at once").to.equal(false);
        const generation = Number(map(stored(scene())["metadata"])["generation"]);
        await watched(garden(), (event) => {
          if (event.kind !== "seen" || !isComplete(event.shoot, awaited)) return false;
          const status = map(stored(scene())["status"]);
          expect(Number(status["observedGeneration"])).to.be.at.least(generation);
          return true;
        });
        await scene().sandbox.reconciled();
      });
    }

    it("reports that the Shoot is gone once it is", async () => {
      const events = await watched(garden(), (event) => {
        if (event.kind === "seen") scene().sandbox.garden.store.remove(shoots, REF.namespace, "web");
        return event.kind === "gone";
      });
      expect(events.at(-1)?.kind).to.equal("gone");
    });

    it("reports an interruption while the connection is down, and continues afterwards", async () => {
      let restore: (() => void) | undefined;
      const events = await watched(garden(), (event) => {
        if (restore === undefined) {
          restore = scene().disturb(() => ({ kind: "cut" }));
          scene().sandbox.garden.watches.drop();
        } else if (event.kind === "interrupted") {
          restore();
          touch(scene());
        } else return true;
        return false;
      });
      expect(events.map(({ kind }) => kind)).to.include("interrupted");
      expect(events.at(-1)?.kind).to.equal("seen");
    });
  });
}

/** Something that everybody sees. */
function touch(scene: Scene): void {
  const shoot = clone(stored(scene));
  const status = map(shoot["status"]);
  const operation = map(status["lastOperation"]);
  shoot["status"] = { ...status, lastOperation: { ...operation, description: "changed" } };
  scene.sandbox.garden.store.put(shoot);
}
