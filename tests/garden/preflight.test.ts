import { expect } from "chai";
import type { PreflightCheck } from "../../provider/model/enums";
import { createCa } from "../../sandbox/pki";
import { at } from "../../sandbox/json";
import { current, generated } from "../../tools/api-lifecycle";
import {
  core,
  createPod,
  rules,
  usePreflightScene,
  to137,
  type Examined,
  type PreflightScene,
} from "./preflight-scene";
import { describeReal } from "./suite";
import { eventually } from "./world";

const admission = "/apis/admissionregistration.k8s.io/v1";
const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const client = { service: { namespace: "shop", name: "orders", path: "/" } };

describeReal("The findings of the preflight checks on a real API server", () => {
  let scene: PreflightScene;
  let shoot: PreflightScene["shoot"];
  let node: string;

  usePreflightScene((set) => {
    scene = set;
    shoot = scene.shoot;
    node = scene.nodes[0] ?? "";
  });

  const found = async (check: PreflightCheck, more?: Examined) => rules(await scene.examine(more), check);

  it("find pods without a controller, on files of their node, and with long to terminate", async () => {
    const volumes = [{ name: "data", hostPath: { path: "/var/data" } }];
    const spec = { volumes, terminationGracePeriodSeconds: 3600 };
    await createPod(shoot, "migration", { node, spec });
    expect(await found("drain")).to.deep.equal([
      "info hostPath shop/migration",
      "warn noController shop/migration",
    ]);
    await shoot.delete(`${core}/pods/migration?gracePeriodSeconds=0`);
  });

  it("find a volume that is lost with its node", async () => {
    const affinity = { key: "kubernetes.io/hostname", operator: "In", values: [node] };
    await shoot.create("/api/v1/persistentvolumes", {
      metadata: { name: "data" },
      spec: {
        ...{ capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], local: { path: "/mnt/data" } },
        claimRef: { namespace: "shop", name: "data" },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [affinity] }] } },
      },
    });
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    await createPod(shoot, "database", { node, spec: { volumes } });
    expect(await found("drain")).to.include("block nodeBoundVolume data");
    await shoot.delete(`${core}/pods/database?gracePeriodSeconds=0`);
    await shoot.delete("/api/v1/persistentvolumes/data");
  });

  it("find a node that is cordoned", async () => {
    await shoot.patch(`/api/v1/nodes/${node}`, "merge", { spec: { unschedulable: true } });
    expect(await found("drain")).to.include(`info nodeCordoned ${node}`);
    await shoot.patch(`/api/v1/nodes/${node}`, "merge", { spec: { unschedulable: false } });
  });

  it("find webhooks without a backend, and on critical resources", async () => {
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
    expect(await found("webhook")).to.deep.equal(["warn unusableBackendElsewhere orders"]);

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
    expect(await found("webhook")).to.deep.equal([]);

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
    expect(await found("webhook")).to.deep.equal(["warn criticalResources nodes"]);
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
    const one = `${path}/v1.reports.example`;
    await eventually(shoot, one, (service) => at(service, "status", "conditions") !== undefined);
    expect(await found("apiService")).to.deep.equal(["warn notAvailable v1.reports.example"]);
    await shoot.delete(one);
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
    expect(await found("crd")).to.deep.equal([
      "warn unusableConversion orders.shop.example",
      "warn storedVersions orders.shop.example",
    ]);
  });

  it("find who writes with a version that the next minor removes, and who requests it with access to metrics", async () => {
    await shoot.create(
      "/apis/networking.k8s.io/v1beta1/servicecidrs",
      { metadata: { name: "more" }, spec: { cidrs: ["10.77.0.0/24"] } },
      { fieldManager: "installer" },
    );
    const written = (await scene.examine(to137)).findings.filter(({ check }) => check === "removedApi");
    expect(written.map(({ rule, object }) => [rule, object.name])).to.deep.equal([["written", "more"]]);
    expect(written[0]?.found).to.contain('"installer" has written 1 object with networking.k8s.io/v1beta1');
    expect(await found("removedApi", { ...to137, access: "admin" })).to.include(
      "block requested servicecidrs.networking.k8s.io/v1beta1",
    );
  });

  it("find manifests that were applied with such a version, and note one that a later minor removes", async () => {
    const cidr = "/apis/networking.k8s.io/v1/servicecidrs/more";
    const lastApplied = JSON.stringify({ apiVersion: "networking.k8s.io/v1beta1", kind: "ServiceCIDR" });
    await shoot.patch(cidr, "merge", {
      metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": lastApplied } },
    });
    expect(await found("removedApi", to137)).to.deep.equal(["warn written more", "warn applied more"]);
    const to136 = { work: { minors: ["1.36"], kubernetesVersion: "1.36.3" } };
    expect(await found("removedApi", to136)).to.deep.equal([
      "info removedLater more",
      "info removedLater more",
    ]);
    await shoot.delete(cidr);
  });

  it("find kubelets that the target does not support", async () => {
    const work = { ...to137.work, drained: new Set<string>() };
    expect(await found("shoot", { work })).to.deep.equal(["block kubeletSkew garden-demo/web"]);
  });
});

describeReal("The table of removed APIs", () => {
  it("is what its generator writes", async function () {
    this.timeout(120_000);
    expect(await current()).to.equal(await generated());
  });
});
