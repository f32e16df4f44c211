/** What the preflight checks find in a Shoot of the sandbox, made worse or fixed. */
import { map } from "../../sandbox/json";
import type { Sandbox } from "../../sandbox/sandbox";
import { podDisruptionBudgets, pods } from "../../sandbox/shoot/workloads";

const NAMESPACE = "shop";

async function storeOf(sandbox: Sandbox, name: string) {
  return (await sandbox.shootApis.clusterFor({ namespace: "garden-demo", name })).store;
}

/** The budget of the cart allows no eviction at any time. */
export async function offend(sandbox: Sandbox, name: string): Promise<void> {
  const store = await storeOf(sandbox, name);
  store.edit(podDisruptionBudgets, NAMESPACE, "cart", (budget) => {
    budget.spec = { ...map(budget.spec), maxUnavailable: 0 };
  });
}

/** Nothing is found: the cart is ready under a budget that allows one eviction, and the search has a second pod. */
export async function heal(sandbox: Sandbox, name: string): Promise<void> {
  const store = await storeOf(sandbox, name);
  store.edit(pods, NAMESPACE, "cart-2", (pod) => {
    pod.status = { ...map(pod.status), conditions: [{ type: "Ready", status: "True" }] };
  });
  store.edit(podDisruptionBudgets, NAMESPACE, "cart", (budget) => {
    budget.spec = { ...map(budget.spec), maxUnavailable: 1 };
    budget.status = { ...map(budget.status), currentHealthy: 2, disruptionsAllowed: 1 };
  });
  store.edit(pods, NAMESPACE, "search-1", (pod) => {
    // Without its uid it is another one.
    const others = Object.entries(map(pod.metadata)).filter(([key]) => key !== "uid");
    pod.metadata = { ...Object.fromEntries(others), name: "search-2" };
  });
}
