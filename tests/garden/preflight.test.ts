import { expect } from "chai";
import { openGarden } from "../../provider/garden/open";
import type { Garden } from "../../provider/garden/garden";
import type { PreflightResult } from "../../provider/model/preflight";
import type { PreflightCheck } from "../../provider/model/enums";
import { rollOfAllNodes, runPreflight } from "../../provider/preflight";
import type { Client } from "../../sandbox/client";
import { at, textAt } from "../../sandbox/json";
import { current, generated } from "../../tools/api-lifecycle";
import { createCa } from "../../sandbox/pki";
import { setRealScene, type RealScene } from "./scene";
import { describeReal } from "./suite";
import { withdraw } from "./viewers";
import { eventually } from "./world";

const ref = { namespace: "garden-demo", name: "web" };
const core = "/api/v1/namespaces/shop";
const policy = "/apis/policy/v1/namespaces/shop/poddisruptionbudgets";
const admission = "/apis/admissionregistration.k8s.io/v1";
const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const client = { service: { namespace: "shop", name: "orders", path: "/" } };

describeReal("The preflight checks on a real API server, with the rights of Gardener's viewers", () => {
  let scene: RealScene;
  let garden: Garden;
  let shoot: Client;
  let node: string;

  before(async function () {
    this.timeout(120_000);
    scene = await setRealScene();
    shoot = (await scene.real.clusterFor(ref)).admin;
    garden = await openGarden(
      { kubeconfig: scene.real.admin.kubeconfig },
      { config: () => undefined, env: {} },
    );
    node = textAt((await shoot.list("/api/v1/nodes")).items[0], "metadata", "name");
    await shoot.create("/api/v1/namespaces", { metadata: { name: "shop" } });
  });
  after(async function () {
    this.timeout(60_000);
    await scene.close();
  });

  async function examine(): Promise<PreflightResult> {
    const live = await garden.getShoot(ref);
    return runPreflight(garden, live, rollOfAllNodes(live), { access: "viewer", now: new Date() });
  }

  const rules = ({ findings }: PreflightResult, check: PreflightCheck) =>
    findings
      .filter((finding) => finding.check === check)
      .map(({ rule, severity, object }) => `${severity} ${rule} ${object.name}`);
  const outcome = ({ checks }: PreflightResult, check: PreflightCheck) =>
    checks.find((result) => result.check === check);

  async function createPod(name: string, ready: boolean, more: object = {}): Promise<void> {
    await shoot.create(`${core}/pods`, {
      metadata: { name, labels: { app: "cart" }, ...more },
      spec: { nodeName: node, containers: [{ name: "cart", image: "shop.example/cart:1" }] },
    });
    const status = { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] };
    await shoot.patch(`${core}/pods/${name}/status`, "merge", { status });
  }

  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "cart", uid: "b8f5", controller: true };

  /** As the disruption controller writes it. */
  async function createBudget(name: string, spec: object, status: object): Promise<void> {
    const created = await shoot.create(policy, {
      metadata: { name },
      spec: { selector: { matchLabels: { app: "cart" } }, ...spec },
    });
    const observedGeneration = at(created, "metadata", "generation");
    await shoot.patch(`${policy}/${name}/status`, "merge", { status: { observedGeneration, ...status } });
  }

  it("pass in full where there is nothing to find", async () => {
    const { checks, findings } = await examine();
    expect(findings).to.deep.equal([]);
    expect(checks.map(({ outcome: found, notVisible }) => [found, notVisible])).to.deep.equal(
      checks.map(() => ["passed", []]),
    );
  });

  it("find a budget that allows nothing, by the status that a controller would write", async () => {
    for (const name of ["cart-1", "cart-2"]) await createPod(name, true, { ownerReferences: [owner] });
    const status = { expectedPods: 2, currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0 };
    await createBudget("cart", { minAvailable: 2 }, status);
    const found = await examine();
    expect(rules(found, "podDisruptionBudget")).to.deep.equal(["block neverAllowed shop/cart"]);
    expect(found.findings[0]?.related.map(({ name }) => name)).to.deep.equal(["shop/cart-1", "shop/cart-2"]);
  });

  it("find a second budget over the same pods", async () => {
    const status = { expectedPods: 2, currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1 };
    await createBudget("all", { maxUnavailable: 1, selector: {} }, status);
    expect(rules(await examine(), "podDisruptionBudget")).to.include("block severalBudgets shop/all");
    await shoot.delete(`${policy}/all`);
  });

  it("find a status that is older than the spec", async () => {
    await shoot.patch(`${policy}/cart`, "merge", { spec: { minAvailable: 1 } });
    expect(rules(await examine(), "podDisruptionBudget")).to.deep.equal(["warn notObserved shop/cart"]);
    await shoot.delete(`${policy}/cart`);
  });

  it("find a pod without a controller", async () => {
    await createPod("migration", true);
    expect(rules(await examine(), "drain")).to.deep.equal(["warn noController shop/migration"]);
  });

  it("find webhooks without a backend, with the certificate of another time, and on critical resources", async () => {
    const authority = await createCa("orders");
    const webhook = {
      name: "orders.shop.example",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      failurePolicy: "Fail",
      clientConfig: { ...client, caBundle: Buffer.from(authority.certificate).toString("base64") },
      rules: [
        { operations: ["DELETE"], apiGroups: ["shop.example"], apiVersions: ["v1"], resources: ["orders"] },
      ],
    };
    await shoot.create(`${admission}/validatingwebhookconfigurations`, {
      metadata: { name: "orders" },
      webhooks: [webhook],
    });
    expect(rules(await examine(), "webhook")).to.deep.equal(["warn unusableBackendElsewhere orders"]);

    await shoot.create(`${core}/services`, {
      metadata: { name: "orders" },
      spec: { ports: [{ port: 443 }] },
    });
    await shoot.create("/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices", {
      metadata: { name: "orders-1", labels: { "kubernetes.io/service-name": "orders" } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.0.0.9"], conditions: { ready: true } }],
      ports: [{ port: 443 }],
    });
    expect(rules(await examine(), "webhook")).to.deep.equal([]);

    await shoot.create(`${admission}/mutatingwebhookconfigurations`, {
      metadata: { name: "nodes" },
      // Not called by anything here: no node of that name is created.
      webhooks: [
        {
          ...webhook,
          failurePolicy: "Ignore",
          timeoutSeconds: 20,
          rules: [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["nodes"] }],
          objectSelector: { matchLabels: { none: "such" } },
        },
      ],
    });
    expect(rules(await examine(), "webhook")).to.deep.equal(["warn criticalResources nodes"]);
  });

  it("find an APIService that the aggregator itself reports as not available", async () => {
    const path = "/apis/apiregistration.k8s.io/v1/apiservices";
    await shoot.create(path, {
      metadata: { name: "v1.reports.example" },
      spec: {
        ...{ group: "reports.example", version: "v1", insecureSkipTLSVerify: true },
        ...{ groupPriorityMinimum: 100, versionPriority: 10, service: { namespace: "shop", name: "gone" } },
      },
    });
    await eventually(
      shoot,
      `${path}/v1.reports.example`,
      (one) => at(one, "status", "conditions") !== undefined,
    );
    expect(rules(await examine(), "apiService")).to.deep.equal(["warn notAvailable v1.reports.example"]);
    await shoot.delete(`${path}/v1.reports.example`);
  });

  it("find a CustomResourceDefinition whose conversion webhook has no backend, and several stored versions", async () => {
    const version = (name: string, storage: boolean) => ({
      ...{ name, storage, served: true },
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    });
    await shoot.create(crds, {
      metadata: { name: "orders.shop.example" },
      spec: {
        group: "shop.example",
        scope: "Namespaced",
        names: { plural: "orders", singular: "order", kind: "Order" },
        versions: [version("v1", true), version("v2", false)],
        conversion: {
          strategy: "Webhook",
          webhook: {
            conversionReviewVersions: ["v1"],
            clientConfig: { service: { namespace: "shop", name: "converter" } },
          },
        },
      },
    });
    await shoot.patch(`${crds}/orders.shop.example`, "json", [
      { op: "replace", path: "/spec/versions/0/storage", value: false },
      { op: "replace", path: "/spec/versions/1/storage", value: true },
    ]);
    expect(rules(await examine(), "crd")).to.deep.equal([
      "warn unusableConversion orders.shop.example",
      "warn storedVersions orders.shop.example",
    ]);
  });

  it("find a node that is not ready", async () => {
    await shoot.patch(`/api/v1/nodes/${node}`, "merge", { spec: { unschedulable: true } });
    expect(rules(await examine(), "drain")).to.include(`info nodeCordoned ${node}`);
    await shoot.patch(`/api/v1/nodes/${node}`, "merge", { spec: { unschedulable: false } });
  });

  it("are not visible, and not passed, where the role does not have a resource", async () => {
    await withdraw(shoot, "poddisruptionbudgets");
    await eventually(shoot, "/api/v1/namespaces/shop", () => true);
    const found = await examine();
    expect(outcome(found, "podDisruptionBudget")).to.deep.equal({
      check: "podDisruptionBudget",
      outcome: "notVisible",
      notVisible: ["the right to list poddisruptionbudgets is missing"],
    });
    expect(outcome(found, "shoot")?.outcome).to.equal("passed");
  });

  it("may not read Secrets", async () => {
    const live = await garden.getShoot(ref);
    const cluster = await garden.openCluster(live, "viewer");
    const signal = AbortSignal.timeout(10_000);
    const answer = await cluster?.list({ path: "/api/v1/secrets", resource: "secrets" }, signal);
    expect(answer).to.deep.equal({ kind: "notVisible", reason: "the right to list secrets is missing" });
  });
});

describeReal("The table of removed APIs", () => {
  it("is what its generator writes", async function () {
    this.timeout(120_000);
    expect(await current()).to.equal(await generated());
  });
});
