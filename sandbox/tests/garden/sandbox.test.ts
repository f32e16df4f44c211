import { expect } from "chai";
import { type Client, connect } from "../../client";
import { shoots } from "../../api/resource";
import { at, textAt } from "../../json";
import { type Sandbox, startSandbox } from "../../sandbox";

const WEB = "/apis/core.gardener.cloud/v1beta1/namespaces/garden-demo/shoots/web";

describe("The sandbox", () => {
  let sandbox: Sandbox;
  let admin: Client;

  before(async () => {
    sandbox = await startSandbox({ speed: 10_000 });
    const { url, ca, token } = sandbox.garden;
    admin = connect({ url, ca, token });
  });

  after(async () => {
    admin.close();
    await sandbox.stop();
  });

  const web = () => sandbox.garden.store.get(shoots, "garden-demo", "web");
  const nodes = async () => {
    const cluster = await sandbox.shootApis.clusterFor({ namespace: "garden-demo", name: "web" });
    return cluster.listNodes();
  };

  it("has a healthy Shoot with its nodes when it has started", async () => {
    expect(textAt(web(), "status", "lastOperation", "state")).to.equal("Succeeded");
    expect((await nodes()).map((node) => node.kubeletVersion)).to.deep.equal([
      "v1.33.4",
      "v1.33.4",
      "v1.33.4",
    ]);
  });

  it("gives a kubeconfig for the Shoot's own API", async () => {
    const answer = await admin.create(`${WEB}/viewerkubeconfig`, { spec: { expirationSeconds: 600 } });
    const kubeconfig = Buffer.from(textAt(answer, "status", "kubeconfig"), "base64").toString("utf8");
    const address = textAt(web(), "status", "advertisedAddresses", 0, "url");
    expect(address).to.match(/^https:\/\/127\.0\.0\.1:/);
    expect(kubeconfig).to.contain(address);
  });

  it("rolls a Shoot to another minor and another image, nodes and all", async () => {
    await admin.patch(WEB, "strategic", {
      spec: {
        kubernetes: { version: "1.34" },
        provider: { workers: [{ name: "pool-a", machine: { image: { version: "1877.3.0" } } }] },
      },
    });
    await sandbox.reconciled();
    expect(at(web(), "status", "observedGeneration")).to.equal(2);
    const rolled = await nodes();
    expect(rolled.map((node) => node.kubeletVersion)).to.deep.equal(["v1.34.3", "v1.34.3", "v1.34.3"]);
    expect(rolled.every((node) => node.osImage.includes("1877.3.0"))).to.equal(true);
  });

  it("upgrades when maintenance is requested", async () => {
    const upgraded = new Promise<void>((resolve) => {
      const forget = sandbox.garden.store.onChange(({ object }) => {
        if (textAt(object, "status", "lastMaintenance", "state") !== "Succeeded") return;
        forget();
        resolve();
      });
    });
    sandbox.garden.store.edit(shoots, "garden-demo", "web", (shoot) => {
      const spec = at(shoot, "spec", "kubernetes");
      if (typeof spec === "object" && spec !== null && !Array.isArray(spec)) spec.version = "1.34.1";
    });
    await admin.patch(WEB, "merge", {
      metadata: { annotations: { "gardener.cloud/operation": "maintain" } },
    });
    await upgraded;
    expect(textAt(web(), "spec", "kubernetes", "version")).to.equal("1.34.3");
  });
});
