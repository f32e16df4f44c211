import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { UserError } from "../../../provider/model/problem";
import { readManagedSeed } from "../../../provider/preflight/managedSeed";
import { rollOfAllNodes, type Work } from "../../../provider/preflight/work";
import { aCondition, aPool, aShoot } from "../builders";
import { FakeGarden } from "../support/fakeGarden";
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

  it("warns of a pool whose nodes are all replaced at the same time", async () => {
    for (const pool of [aPool({ maxSurge: "100%" }), aPool({ maxUnavailable: 3, maximum: 4 })]) {
      expect(await rules({ workers: [pool] })).to.deep.equal([`warn wholePoolAtOnce ${id}`]);
    }
    expect(await rules({ workers: [aPool({ maximum: 1, maxSurge: 1 })] })).to.deep.equal([]);
  });

  describe("of a ManagedSeed", () => {
    const managedSeed = { kind: "known", isSeed: true } as const;

    const by = (gardenerVersion: string) => ({ gardenerVersion });
    const tooNew = [`warn managedSeed ${id}`];
    const to1354: Partial<Work> = { minors: ["1.35"], kubernetesVersion: "1.35.4" };
    const to134: Partial<Work> = { minors: ["1.34"], kubernetesVersion: "1.34.3" };

    it("warns where the target leaves what this release of Gardener supports for Seeds", async () => {
      expect(await rules(by("v1.150.0"), to136, { managedSeed })).to.deep.equal(tooNew);
      expect(await rules(by("v1.141.0-dev"), to136, { managedSeed })).to.deep.equal(tooNew);
      expect(await rules(by("v1.141.0"), to1354, { managedSeed })).to.deep.equal([]);
      expect(await rules(by("v1.140.5"), to1354, { managedSeed })).to.deep.equal(tooNew);
      expect(await rules(by("v1.135.0"), to134, { managedSeed })).to.deep.equal([]);
    });

    it("has no finding by releases that name no newest minor, nor where the minor stays", async () => {
      expect(await rules(by("v1.134.2"), to136, { managedSeed })).to.deep.equal([]);
      const stays = { minors: [], kubernetesVersion: "1.36.4" };
      expect(await rules(by("v1.150.0"), stays, { managedSeed })).to.deep.equal([]);
    });

    it("is not visible, and not passed, where the release is not known or later", async () => {
      for (const shoot of [by("v1.151.0"), {}]) {
        const { outcome, notVisible } = await check(shoot, to136, { managedSeed });
        expect(outcome).to.equal("notVisible");
        expect(notVisible.join()).to.contain("is not known to this version of pulumi-gardener");
        expect((await check(shoot, to134, { managedSeed })).outcome).to.equal("passed");
      }
      expect((await check(by("v1.151.0"), to1354, { managedSeed })).outcome).to.equal("passed");
      expect((await check({}, to1354, { managedSeed })).outcome).to.equal("notVisible");
    });

    it("warns of patches in which StatefulSets may deadlock", async () => {
      expect(await rules(by("v1.150.0"), to135, { managedSeed })).to.deep.equal([
        `warn managedSeedDeadlock ${id}`,
      ]);
      expect(await rules(by("v1.150.0"), to1354, { managedSeed })).to.deep.equal([]);
    });

    it("has no finding where it is none", async () => {
      const none = { kind: "known", isSeed: false } as const;
      expect(await rules(by("v1.150.0"), to136, { managedSeed: none })).to.deep.equal([]);
      expect((await check(by("v1.151.0"), to136, { managedSeed: none })).outcome).to.equal("passed");
    });

    it("is not visible, and not passed, where ManagedSeeds cannot be read", async () => {
      const reason = "the right to list managedseeds is missing";
      const found = await check({}, to136, { managedSeed: { kind: "notVisible", reason } });
      expect(found)
        .to.include({ outcome: "notVisible" })
        .and.to.deep.include({ notVisible: [reason] });
    });
  });
});

describe("whether a Shoot is a ManagedSeed", () => {
  const garden = new FakeGarden();
  const work: Work = { ...workTo("1.36.0"), minors: ["1.36"] };
  const read = (namespace: string, to = work) =>
    readManagedSeed(garden, aShoot({ ref: { namespace, name: "web" } }), to);
  const answers = (isManagedSeed: () => Promise<boolean>) => {
    garden.isManagedSeed = isManagedSeed;
  };

  it("is read in the namespace garden alone, where the target matters to Seeds", async () => {
    answers(() => Promise.resolve(true));
    expect(await read("garden")).to.deep.equal({ kind: "known", isSeed: true });
    expect(await read("garden-demo")).to.equal(undefined);
    expect(await read("garden", workTo("1.34.3"))).to.equal(undefined);
  });

  it("is not visible without the right to list ManagedSeeds", async () => {
    answers(() => Promise.reject(new UserError("GU008", "the right to list managedseeds is missing")));
    expect(await read("garden")).to.deep.equal({
      kind: "notVisible",
      reason: "the right to list managedseeds is missing",
    });
  });
});

function workTo(kubernetesVersion: string): Work {
  return { ...rollOfAllNodes(aShoot()), kubernetesVersion };
}
