import { expect } from "chai";
import type { Fault } from "../../sandbox/http";
import type { Scene } from "./scene";
import { failureOf, REF } from "./web";

export function failures(scene: () => Scene): void {
  const garden = () => scene().garden;
  const readShoot = () => garden().getShoot(REF);

  describe("a failure", () => {
    for (const [failure, code] of [
      ["connection refused", "GU005"],
      ["another authority", "GU006"],
      ["refused credentials", "GU007"],
      ["no rights", "GU008"],
    ] as const) {
      it(`is reported as ${code}, without a secret: ${failure}`, async () => {
        const failing = await scene().open(failure);
        const error = await failureOf(failing.getShoot(REF), code);
        for (const secret of scene().secrets)
          expect(`${error.message} ${error.stack}`).not.to.contain(secret);
      });
    }

    for (const code of [429, 502, 503, 504]) {
      it(`is overcome where the server answers ${code} occasionally`, async () => {
        let times = 2;
        scene().disturb(() => (times-- > 0 ? scene().refusal(code, "try later") : undefined));
        expect((await readShoot()).kubernetesVersion).to.equal("1.33.4");
      });
    }

    it("is reported where the server stays overloaded", async () => {
      scene().disturb(() => scene().refusal(503, "overloaded"));
      expect((await failureOf(readShoot(), "GU005")).message).to.contain("503");
    });

    it("is reported where the answer does not have the expected shape", async () => {
      scene().disturb(({ method }) =>
        method === "GET" ? { kind: "answer", code: 200, body: {} } : undefined,
      );
      await failureOf(readShoot(), "GU013");
    });

    it("is overcome where a kept connection was closed meanwhile", async () => {
      await readShoot();
      let cut = true;
      scene().disturb(({ method }): Fault | undefined => {
        if (method !== "GET" || !cut) return undefined;
        cut = false;
        return { kind: "cut" };
      });
      expect((await readShoot()).kubernetesVersion).to.equal("1.33.4");
    });
  });
}
