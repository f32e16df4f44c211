import { journeySuite } from "../engine/journey";
import { setRealScene } from "./scene";
import { describeReal } from "./suite";

describeReal("On the real Gardener", () => {
  describe("the journey of a cluster, on the real engine", function () {
    this.timeout(180_000);
    journeySuite(setRealScene);
  });
});
