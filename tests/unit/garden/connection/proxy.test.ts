import { expect } from "chai";
import { createGardenerGarden } from "../../../../provider/garden/gardener";
import { proxyFor } from "../../../../provider/garden/connection/proxy";
import { json } from "../support/api-server";
import { apiServerPerTest } from "../support/perTest";
import { failureOf } from "../support/failures";
import { shootObject, shootPath, web } from "../support/fixtures";
import { connectWith } from "../support/kubeconfigs";
import { startProxy, type Proxy } from "../support/proxy";

describe("a garden behind a proxy", function () {
  // client-node takes its time to load.
  this.timeout(10_000);
  const server = apiServerPerTest();
  let proxy: Proxy;

  beforeEach(async () => {
    server.on(`GET ${shootPath}`, json(shootObject()));
    proxy = await startProxy(server.port);
  });
  afterEach(async () => {
    await proxy.close();
  });

  it("is reached through the kubeconfig's proxy-url, with our token and verified", async () => {
    const connection = await connectWith({
      server: "https://garden.test",
      cluster: { "proxy-url": proxy.url },
    });
    expect((await createGardenerGarden(connection).getShoot(web)).ref).to.deep.equal(web);
    expect(proxy.connects).to.deep.equal(["garden.test:443"]);
    expect(server.requests[0]?.headers.authorization).to.equal("Bearer good-token");
  });

  it("is refused where its certificate has another name", async () => {
    const connection = await connectWith({
      server: "https://other.test",
      cluster: { "proxy-url": proxy.url },
    });
    await failureOf(createGardenerGarden(connection).getShoot(web), "GU006");
    expect(server.requests).to.be.empty;
  });

  it("is reached through HTTPS_PROXY, with the proxy's own credentials", async () => {
    const withUser = proxy.url.replace("http://", "http://user:s3cr3t@");
    const connection = await connectWith({ server: "https://garden.test" }, { HTTPS_PROXY: withUser });
    await createGardenerGarden(connection).getShoot(web);
    expect(proxy.connects).to.deep.equal([
      `garden.test:443 Basic ${Buffer.from("user:s3cr3t").toString("base64")}`,
    ]);
  });

  it("is reported with the proxy that refuses, without its password", async () => {
    const refusing = await startProxy(0, 407);
    try {
      const withUser = refusing.url.replace("http://", "http://user:s3cr3t@");
      const connection = await connectWith({ server: "https://garden.test" }, { https_proxy: withUser });
      const { message } = await failureOf(createGardenerGarden(connection).getShoot(web), "GU005");
      expect(message).to.contain(new URL(refusing.url).host).and.contain("407").and.not.contain("s3cr3t");
    } finally {
      await refusing.close();
    }
  });

  it("is reported with the proxy that does not listen", async () => {
    const gone = await startProxy(0);
    await gone.close();
    const connection = await connectWith({ server: "https://garden.test" }, { HTTPS_PROXY: gone.url });
    const { message } = await failureOf(createGardenerGarden(connection).getShoot(web), "GU005");
    expect(message)
      .to.contain(`through the proxy ${new URL(gone.url).host}`)
      .and.contain("ECONNREFUSED");
  });
});

describe("the proxy for a server", () => {
  const env = (noProxy: string) => ({ HTTPS_PROXY: "proxy.test:3128", NO_PROXY: noProxy });
  const through = (host: string, noProxy: string) =>
    proxyFor(new URL(`https://${host}`), undefined, env(noProxy));

  it("is the kubeconfig's instead of the environment's, also where NO_PROXY applies", () => {
    expect(proxyFor(new URL("https://a.test"), "http://own:1", env("*"))).to.equal("http://own:1");
  });

  it("is HTTPS_PROXY, by default with the scheme http", () => {
    expect(through("a.test", "")).to.equal("http://proxy.test:3128");
  });

  it("is none for a domain of NO_PROXY and its subdomains", () => {
    expect(through("a.test", "b.test, a.test")).to.equal(undefined);
    expect(through("api.a.test", "a.test")).to.equal(undefined);
    expect(through("api.a.test", ".a.test")).to.equal(undefined);
    expect(through("a.test", ".a.test")).to.equal("http://proxy.test:3128");
    expect(through("nota.test", "a.test")).to.equal("http://proxy.test:3128");
  });

  it("is none for an address in a network of NO_PROXY", () => {
    expect(through("10.1.2.3", "10.0.0.0/8")).to.equal(undefined);
    expect(through("11.1.2.3", "10.0.0.0/8")).to.equal("http://proxy.test:3128");
  });

  it("is none for a port of NO_PROXY only at that port", () => {
    expect(through("a.test:6443", "a.test:6443")).to.equal(undefined);
    expect(through("a.test", "a.test:6443")).to.equal("http://proxy.test:3128");
  });

  it("is never the environment's for loopback", () => {
    expect(through("127.0.0.1:6443", "")).to.equal(undefined);
    expect(through("localhost", "")).to.equal(undefined);
    expect(through("[::1]:6443", "")).to.equal(undefined);
  });
});
