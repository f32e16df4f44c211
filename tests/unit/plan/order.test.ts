import { expect } from "chai";
import { ROLLOUT_ANNOTATION } from "../../../provider/model/shoot";
import type { Declaration } from "../../../provider/model/declaration";
import { anImageVersion, aPool, aShoot, everyCapability, version } from "../builders";
import { noticesOf, offeringImages, planned, type Scene } from "./asking";

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

describe("an order that the images of its first pool forbid", () => {
  const canary = (old: string | undefined, declared: string | undefined): Scene => ({
    shoot: { ...shoot, workers: [...shoot.workers.slice(0, 1).map(withServing), aPool({ name: "canary" })] },
    ...offeringImages(
      anImageVersion("1592.10.0", { kubeletVersionConstraint: old }),
      anImageVersion("1592.14.0"),
      anImageVersion("1877.3.0", { kubeletVersionConstraint: declared }),
    ),
  });
  const withServing = (pool: ReturnType<typeof aPool>) => ({
    ...pool,
    machineImage: { name: "gardenlinux", version: "1592.14.0" },
  });
  const declared = (order: number): Partial<Declaration> => ({
    kubernetes: version("1.35"),
    workers: { canary: { order, machineImage: version("1877.3.0") } },
  });
  const warnings = (order: number, scene: Scene) =>
    noticesOf(planned(declared(order), scene), "GU079").map(({ severity, property, message }) => [
      severity,
      property,
      message,
    ]);

  it("is not kept, and the plan warns with the pools, the minor and the images", () => {
    const scene = canary("< 1.34", ">= 1.35");
    const { steps } = planned(declared(-1), scene);
    expect(
      steps.map(({ pools }) => pools.flatMap(({ name, replacesNodes }) => (replacesNodes ? [name] : []))),
    ).to.deep.equal([["main"], ["canary"], ["main"]]);
    expect(warnings(-1, scene)).to.deep.equal([
      [
        "warning",
        'workers["canary"].order',
        "garden-demo/web: worker pool main rolls before canary at Kubernetes 1.34.3, against their order: for canary to be first, at " +
          "Kubernetes 1.34.3 its kubelets have to run 1.34.3, but 1592.10.0 runs kubelets < 1.34 only, not 1.34.3 and 1877.3.0 runs " +
          "kubelets >= 1.35 only, not 1.34.3. Declare a machineImage version for canary that serves them, or accept it.",
      ],
    ]);
  });

  it("is kept without a warning where an image serves the kubelets on the way", () => {
    expect(warnings(-1, canary("< 1.34", ">= 1.34"))).to.deep.equal([]);
    expect(warnings(-1, canary(undefined, ">= 1.35"))).to.deep.equal([]);
  });

  it("is no matter where the pools have the same order", () => {
    expect(warnings(0, canary("< 1.34", ">= 1.35"))).to.deep.equal([]);
  });
});

describe("an order on a garden whose pools have no Kubernetes version of their own", () => {
  const capabilities = { ...everyCapability, combinedWrites: false, poolKubernetesVersions: false };
  const two: Scene = { shoot: aShoot({ workers: [aPool(), aPool({ name: "canary" })] }), capabilities };
  const declared = (order: number) => ({
    kubernetes: version("1.35"),
    machineImage: version("1877.3.0"),
    workers: { canary: { order } },
  });

  it("is that of the images, and the plan warns that a minor rolls all pools", () => {
    const plan = planned(declared(-1), two);
    expect(plan.steps.slice(0, 2).map(({ pools }) => pools.map(({ name }) => name))).to.deep.equal([
      ["canary"],
      ["pool-a"],
    ]);
    expect(noticesOf(plan, "GU079").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: this garden rolls all worker pools together at Kubernetes 1.34.3 and 1.35.2; the order of the pools is " +
        "kept for machine images only. Upgrade a Shoot that may fail first, or accept it.",
    ]);
  });

  it("is no matter where no minor is crossed, or the orders are the same", () => {
    expect(noticesOf(planned({ ...declared(-1), kubernetes: version("1.33") }, two), "GU079")).to.deep.equal(
      [],
    );
    expect(noticesOf(planned(declared(0), two), "GU079")).to.deep.equal([]);
  });
});
