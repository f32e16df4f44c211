import { rightsSuite } from "./rights";
import { setScene } from "./scene";

describe("the documented rights, on the real engine", function () {
  this.timeout(120_000);
  rightsSuite(() => setScene({ speed: 100 }));
});
