import { expect } from "chai";
import type { Finding } from "../../../provider/model/preflight";
import { seedTo136, to134 } from "./everything";
import { aBudget, aNode, aPod, inspected, type Given } from "./scene";

const ofAll = async (given: Given) => (await inspected(given)).findings;
const byObject = (findings: readonly Finding[]) =>
  findings
    .map(({ rule, object, fingerprint }) => `${rule} ${object.kind} ${object.name} ${fingerprint}`)
    .sort();

describe("the fingerprint of a finding", () => {
  it("is the same in another run, in which the API server lists the objects in another order", async () => {
    const reversed = Object.fromEntries(
      Object.entries(to134.objects ?? {}).map(([name, items]) => [name, [...items].reverse()]),
    );
    const again = await ofAll({ ...to134, objects: reversed });
    expect(byObject(again)).to.deep.equal(byObject(await ofAll(to134)));
  });

  it("is the same whatever the severity, the pods and the numbers are", async () => {
    const scene = (pods: number, kubernetesVersion: string): Given => ({
      work: { kubernetesVersion },
      objects: {
        nodes: [aNode("node-1")],
        pods: Array.from({ length: pods }, (_, index) => aPod(`cart-${index}`, { spec: scratch })),
        budgets: [aBudget({ spec: { maxUnavailable: 0 }, status: { expectedPods: pods } })],
      },
    });
    const scratch = { volumes: [{ name: "d", emptyDir: {} }] };
    const [few, many] = await Promise.all([ofAll(scene(2, "1.33.7")), ofAll(scene(5, "1.33.9"))]);
    expect(few.map(({ rule }) => rule)).to.deep.equal(["neverAllowed", "emptyDir"]);
    expect(byObject(many)).to.deep.equal(byObject(few));
    expect(many.map(({ found }) => found)).not.to.deep.equal(few.map(({ found }) => found));
  });

  it("is another one for each other rule, object and part of an object", async () => {
    const findings = [...(await ofAll(to134)), ...(await ofAll(seedTo136))];
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).to.equal(findings.length);
  });

  it("is the same in each release of this package", async () => {
    const [finding] = await ofAll({
      objects: {
        nodes: [aNode("node-1")],
        pods: [aPod("cart-1"), aPod("cart-2")],
        budgets: [aBudget({ spec: { maxUnavailable: 0 } })],
      },
    });
    expect(finding?.fingerprint).to.equal("ff805fb387b85190");
  });
});
