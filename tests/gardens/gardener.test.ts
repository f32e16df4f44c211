import { gardenerScene } from "./scene";
import { gardenSuite } from "./suite";

describe("a Gardener API server as a garden", () => {
  gardenSuite(gardenerScene);
});
