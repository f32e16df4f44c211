import { journeySuite } from "./journey";
import { setScene } from "./scene";

describe("the journey of a cluster, on the real engine", function () {
  this.timeout(120_000);
  journeySuite(setScene);
});
