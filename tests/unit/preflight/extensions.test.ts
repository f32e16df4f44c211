import { expect } from "chai";
import { checked, endpoints, rulesOf, service, type Objects } from "./scene";

const client = { service: { namespace: "shop", name: "orders" } };
const alive: Objects = {
  services: [service("shop", "orders")],
  endpointSlices: [endpoints("shop", "orders")],
};

const aCrd = (stored: readonly string[], strategy = "Webhook") => ({
  metadata: { name: "orders.shop.example" },
  spec: { conversion: { strategy, webhook: { clientConfig: client } } },
  status: { storedVersions: stored },
});
const crd = (object: object, objects: Objects = alive, more: object = {}) =>
  checked("crd", { objects: { ...objects, crds: [object] }, ...more });

describe("the check of CustomResourceDefinitions", () => {
  it("passes with one stored version and a conversion webhook that can be called", async () => {
    expect((await crd(aCrd(["v1"]))).outcome).to.equal("passed");
  });

  it("passes with several stored versions where no webhook converts them", async () => {
    expect((await crd(aCrd(["v1", "v2"], "None"))).outcome).to.equal("passed");
  });

  it("warns of several stored versions with a conversion webhook", async () => {
    expect(rulesOf((await crd(aCrd(["v1", "v2"]))).findings)).to.deep.equal([
      "warn storedVersions orders.shop.example",
    ]);
  });

  it("warns of a conversion webhook without a backend", async () => {
    const { findings } = await crd(aCrd(["v1"]), {});
    expect(rulesOf(findings)).to.deep.equal(["warn unusableConversion orders.shop.example"]);
  });

  it("is not visible without the right to list them", async () => {
    expect((await checked("crd", { hidden: ["crds"] })).outcome).to.equal("notVisible");
  });
});

const anApiService = (status: string, more: object = {}) => ({
  metadata: { name: "v1beta1.metrics.k8s.io" },
  spec: client,
  status: { conditions: [{ type: "Available", status, message: "failing or missing response", ...more }] },
});
const apiService = (object: object, objects: Objects = alive) =>
  checked("apiService", { objects: { ...objects, apiServices: [object] } });

describe("the check of APIServices", () => {
  it("passes where all are available", async () => {
    expect((await apiService(anApiService("True"))).outcome).to.equal("passed");
  });

  it("warns of one that is not, with what its condition reports", async () => {
    const { findings } = await apiService(anApiService("False"));
    expect(rulesOf(findings)).to.deep.equal(["warn notAvailable v1beta1.metrics.k8s.io"]);
    expect(findings[0]?.found).to.contain("failing or missing response");
  });

  it("names the Service that is missing", async () => {
    const { findings } = await apiService(anApiService("False"), {});
    expect(findings[0]?.found).to.contain("Service shop/orders does not exist");
  });

  it("is not visible without the right to list them", async () => {
    expect((await checked("apiService", { hidden: ["apiServices"] })).outcome).to.equal("notVisible");
  });
});
