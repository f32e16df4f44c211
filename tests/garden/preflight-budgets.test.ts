import { expect } from "chai";
import { explainStandstill } from "../../provider/preflight";
import { at } from "../../sandbox/json";
import {
  budgetObserved,
  core,
  createBudget,
  createPod,
  createReplicas,
  outcomeOf,
  policy,
  ref,
  rules,
  usePreflightScene,
  tryEviction,
  type PreflightScene,
} from "./preflight-scene";
import { describeReal } from "./suite";
import { eventually } from "./world";

describeReal(
  "The preflight check of budgets on a real API server with the real disruption controller",
  () => {
    let scene: PreflightScene;
    let shoot: PreflightScene["shoot"];
    let node: string;

    usePreflightScene((set) => {
      scene = set;
      shoot = scene.shoot;
      node = scene.nodes[0] ?? "";
    });

    const found = async () => rules(await scene.examine(), "podDisruptionBudget");

    it("find a budget that allows nothing, by the status of the real disruption controller", async () => {
      await createReplicas(shoot, "cart", scene.nodes, [true, true]);
      await createBudget(shoot, "cart", { minAvailable: 2 }, 2);
      const result = await scene.examine();
      expect(rules(result, "podDisruptionBudget")).to.deep.equal(["block neverAllowed shop/cart"]);
      expect(result.findings[0]?.related.map(({ name }) => name)).to.deep.equal([
        "shop/cart-1",
        "shop/cart-2",
      ]);
    });

    it("find one that allows nothing while a pod is not ready, and pass when it is", async () => {
      const status = (ready: string) => ({
        status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
      });
      await shoot.patch(`${policy}/cart`, "merge", { spec: { minAvailable: 1 } });
      await shoot.patch(`${core}/pods/cart-2/status`, "merge", status("False"));
      await eventually(shoot, `${policy}/cart`, (one) => at(one, "status", "currentHealthy") === 1);
      await budgetObserved(shoot, "cart", 2);
      const [finding] = (await scene.examine()).findings;
      expect(finding).to.include({ rule: "noneAllowedNow", severity: "warn" });
      expect(finding?.found).to.contain("not ready: shop/cart-2");
      await shoot.patch(`${core}/pods/cart-2/status`, "merge", status("True"));
      await eventually(shoot, `${policy}/cart`, (one) => at(one, "status", "disruptionsAllowed") === 1);
      expect(outcomeOf(await scene.examine(), "podDisruptionBudget")).to.equal("passed");
    });

    it("name the node, the pod and the budget that a drain waits for", async () => {
      await shoot.patch(`${policy}/cart`, "merge", { spec: { minAvailable: 2 } });
      await shoot.patch(`/api/v1/nodes/${node}`, "merge", { spec: { unschedulable: true } });
      await budgetObserved(shoot, "cart", 2);
      const live = await scene.garden.getShoot(ref);
      expect(await explainStandstill(scene.garden, live, [node], "viewer")).to.equal(
        `node ${node}: PodDisruptionBudget shop/cart does not allow the eviction of Pod shop/cart-1 (2 healthy, 2 must be)`,
      );
      expect(await tryEviction(shoot, "cart-1")).to.equal("refused");
      await shoot.patch(`/api/v1/nodes/${node}`, "merge", { spec: { unschedulable: false } });
      await shoot.patch(`${policy}/cart`, "merge", { spec: { minAvailable: 1 } });
      await budgetObserved(shoot, "cart", 2);
    });

    it("find a second budget over the same pods", async () => {
      await createBudget(shoot, "all", { maxUnavailable: 1, selector: {} }, 2);
      expect(await found()).to.include("block severalBudgets shop/all");
      await shoot.delete(`${policy}/all`);
      await shoot.delete(`${policy}/cart`);
    });

    it("find a budget of which its controller writes no status, because no scale of the pods is known", async () => {
      const ownerReferences = [
        { apiVersion: "batch/v1", kind: "Job", name: "import", uid: "1", controller: true },
      ];
      await createPod(shoot, "import-1", { node, labels: { app: "import" }, metadata: { ownerReferences } });
      const spec = { selector: { matchLabels: { app: "import" } }, maxUnavailable: 1 };
      await shoot.create(policy, { metadata: { name: "import" }, spec });
      await eventually(shoot, `${policy}/import`, (one) => at(one, "status", "conditions") !== undefined);
      expect(await found()).to.deep.equal(["warn notObserved shop/import"]);
      await shoot.delete(`${policy}/import`);
      await shoot.delete(`${core}/pods/import-1?gracePeriodSeconds=0`);
    });
  },
);
