import { rightsSuite } from "../engine/rights";
import { setRealScene } from "./scene";
import { describeReal } from "./suite";

describeReal("On the real Gardener", () => {
  describe("the documented rights, on the real engine", function () {
    this.timeout(180_000);
    rightsSuite(setRealScene);
  });
});
