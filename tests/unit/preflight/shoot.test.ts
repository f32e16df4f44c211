import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import type { Work } from "../../../provider/preflight/work";
import { aCondition, aPool, aShoot } from "../builders";
import { aNode, checked, rulesOf, type Given } from "./scene";

const check = (shoot: Partial<Shoot> = {}, work: Partial<Work> = {}, given: Given = {}) =>
  checked("shoot", { shoot, work, ...given });
const rules = async (...args: Parameters<typeof check>) => rulesOf((await check(...args)).findings);
const to135: Partial<Work> = { minors: ["1.34", "1.35"], kubernetesVersion: "1.35.2" };
const to136: Partial<Work> = { minors: ["1.36"], kubernetesVersion: "1.36.0" };
const id = "garden-demo/web";

describe("the check of the Shoot itself", () => {
  it("passes for a healthy Shoot with a surge", async () => {
    expect((await check()).outcome).to.equal("passed");
  });

  it("is not visible without the right to list nodes", async () => {
    expect((await check({}, {}, { hidden: ["nodes"] })).outcome).to.equal("notVisible");
  });

  it("has conditions and constraints that are not as they should be", async () => {
    const conditions = [aCondition({ status: "False", message: "node-1 is not ready" })];
    const constraints = [aCondition({ type: "MaintenancePreconditionsSatisfied", status: "False" })];
    expect(await rules({ conditions, constraints })).to.deep.equal([
      `warn readiness ${id}`,
      `warn readiness ${id}`,
    ]);
  });

  it("does not have constraints that were not checked", async () => {
    const constraints = [
      aCondition({
        type: "MaintenancePreconditionsSatisfied",
        status: "False",
        reason: "ConstraintNotChecked",
      }),
    ];
    expect(await rules({ constraints })).to.deep.equal([]);
  });

  it("warns of a pool without a surge", async () => {
    expect(await rules({ workers: [aPool({ maxSurge: 0, maxUnavailable: 1 })] })).to.deep.equal([
      `warn noSurge ${id}`,
    ]);
  });

  it("warns where the networks have no room for the surge", async () => {
    const networks = { pods: "10.0.0.0/22", nodes: "10.250.0.0/29", nodeCidrMaskSize: 24 };
    const { findings } = await check({ networks, workers: [aPool({ maximum: 4 })] });
    expect(rulesOf(findings)).to.deep.equal([`warn networkTooSmall ${id}`, `warn networkTooSmall ${id}`]);
    expect(findings[0]?.found).to.contain(
      "up to 5 nodes run, and the pod network 10.0.0.0/22 has room for 4",
    );
    expect(findings[1]?.found).to.contain("the node network 10.250.0.0/29 has room for 3");
  });

  it("accepts networks that have room for it", async () => {
    const networks = { pods: "10.0.0.0/20", nodes: "10.250.0.0/16", nodeCidrMaskSize: 24 };
    expect(await rules({ networks, workers: [aPool({ maximum: 10, maxSurge: "50%" })] })).to.deep.equal([]);
  });

  it("blocks where kubelets of a pool that stays are too old for the target", async () => {
    const objects = {
      nodes: [aNode("node-1", { pool: "pool-b", version: "1.32.9" }), aNode("node-2", { version: "1.32.9" })],
    };
    const { findings } = await check({}, to136, { objects });
    expect(rulesOf(findings)).to.deep.equal([`block kubeletSkew ${id}`]);
    expect(findings[0]?.related).to.deep.equal([{ kind: "Node", name: "node-1" }]);
    expect(await rules({}, to135, { objects })).to.deep.equal([]);
    expect(await rules({ gardenerVersion: "v1.126.0" }, to135, { objects })).to.deep.equal([
      `block kubeletSkew ${id}`,
    ]);
  });

  it("does not compare a kubelet that has not reported its version", async () => {
    const objects = { nodes: [aNode("node-1", { pool: "pool-b", version: "" })] };
    expect(await rules({}, to136, { objects })).to.deep.equal([]);
  });

  it("warns of a Seed that would leave what Gardener supports", async () => {
    const ref = { namespace: "garden", name: "seed" };
    expect(await rules({ ref }, to136)).to.deep.equal(["warn managedSeed garden/seed"]);
    expect(await rules({ ref }, to135)).to.deep.equal([]);
    expect(await rules(aShoot(), to136)).to.deep.equal([]);
  });
});
