import { expect } from "chai";
import { ROLLOUT_ANNOTATION } from "../../../provider/model/shoot";
import { aPool, aShoot, version } from "../builders";
import { planned } from "./asking";

/** The pool of the later order is held back so far behind that it has to roll on the way. */
const shoot = aShoot({
  kubernetesVersion: "1.33.9",
  workers: [aPool({ name: "main", kubernetesVersion: "1.32.9" }), aPool({ name: "canary" })],
  annotations: { [ROLLOUT_ANNOTATION]: JSON.stringify({ pools: { main: "1.32.9" }, target: "1.35.2" }) },
  gardenerVersion: "v1.126.0",
});

const rolls = (order: number) =>
  planned({ kubernetes: version("1.35"), workers: { canary: { order } } }, { shoot }).steps.map(
    ({ kubernetes, pools }) => [
      kubernetes?.to,
      pools.flatMap(({ name, replacesNodes, kubernetes: own }) =>
        replacesNodes ? [`${name} ${own?.to ?? ""}`] : [],
      ),
    ],
  );

describe("a pool of an earlier order", () => {
  it("rolls before one of a later order that may not be held back to the end", () => {
    expect(rolls(-1)).to.deep.equal([
      ["1.34.3", ["canary 1.34.3"]],
      [undefined, ["main 1.34.3"]],
      ["1.35.2", ["canary 1.35.2"]],
      [undefined, ["main 1.35.2"]],
    ]);
  });

  it("is held back longer where the orders are the same", () => {
    expect(rolls(0)).to.deep.equal([
      ["1.34.3", ["main 1.34.3"]],
      ["1.35.2", ["main 1.35.2", "canary 1.35.2"]],
    ]);
  });
});
