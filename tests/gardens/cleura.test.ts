import { cleuraScene } from "./scene";
import { gardenSuite } from "./suite";

describe("Cleura's REST API as a garden", () => {
  gardenSuite(cleuraScene);
});
