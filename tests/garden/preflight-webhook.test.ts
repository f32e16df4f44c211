import { expect } from "chai";
import { createCa, issueClient } from "../../sandbox/pki";
import { core, createReplicas, deleteWorkloads, rules, usePreflightScene } from "./preflight-scene";
import type { PreflightScene } from "./preflight-scene";
import { describeReal } from "./suite";

const admission = "/apis/admissionregistration.k8s.io/v1";
const slices = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";
/** Of no namespace here, so that nothing is intercepted by a webhook that nobody serves. */
const nowhere = { matchLabels: { none: "such" } };
const onPods = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] };
const onNodes = { ...onPods, resources: ["nodes"] };

describeReal("The findings of the webhook check on a real API server", () => {
  let scene: PreflightScene;
  let shoot: PreflightScene["shoot"];

  usePreflightScene(async (set) => {
    scene = set;
    shoot = scene.shoot;
    await shoot.create(`${core}/services`, {
      metadata: { name: "policy" },
      spec: { ports: [{ port: 443 }] },
    });
    await serve("policy-1", {});
  });
  afterEach(async () => shoot.delete(`${admission}/validatingwebhookconfigurations`));

  const serve = (name: string, endpoint: object) =>
    shoot.create(slices, {
      metadata: { name, labels: { "kubernetes.io/service-name": "policy" } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["10.0.0.9"], conditions: { ready: true }, ...endpoint }],
      ports: [{ port: 443 }],
    });

  async function configure(webhook: object, metadata: object = {}, bundle = ""): Promise<readonly string[]> {
    await shoot.create(`${admission}/validatingwebhookconfigurations`, {
      metadata: { name: "policy", ...metadata },
      webhooks: [
        {
          ...{ name: "policy.shop.example", sideEffects: "None", admissionReviewVersions: ["v1"] },
          clientConfig: {
            service: { namespace: "shop", name: "policy" },
            ...(bundle !== "" && { caBundle: Buffer.from(bundle).toString("base64") }),
          },
          namespaceSelector: nowhere,
          rules: [onPods],
          ...webhook,
        },
      ],
    });
    return rules(await scene.examine(), "webhook");
  }
  const dead = { clientConfig: { service: { namespace: "shop", name: "gone" } } };

  it("are none at one that is served", async () => {
    expect(await configure({})).to.deep.equal([]);
  });

  it("block where pods cannot be created, because nothing serves it", async () => {
    expect(await configure(dead)).to.deep.equal(["block unusableBackend policy"]);
  });

  it("are a note where its failures are ignored", async () => {
    const webhook = { ...dead, failurePolicy: "Ignore", timeoutSeconds: 5 };
    expect(await configure(webhook)).to.deep.equal(["info ignoredFailure policy"]);
  });

  it("block where its authority has expired, or is no certificate", async () => {
    const authority = await createCa("policy");
    const expired = await issueClient(authority, {
      commonName: "policy",
      expires: new Date("2026-01-01T00:00:00Z"),
    });
    expect(await configure({}, {}, expired.certificate)).to.deep.equal(["block unusableBackend policy"]);
    await shoot.delete(`${admission}/validatingwebhookconfigurations`);
    expect(await configure({}, {}, "no certificate")).to.deep.equal(["block unusableBackend policy"]);
    await shoot.delete(`${admission}/validatingwebhookconfigurations`);
    expect(await configure({}, {}, authority.certificate)).to.deep.equal([]);
  });

  it("are a note where its owner confirms that it causes no problem", async () => {
    const webhook = {
      rules: [onNodes],
      objectSelector: nowhere,
      timeoutSeconds: 20,
      failurePolicy: "Ignore",
    };
    const labels = { "remediation.webhook.shoot.gardener.cloud/exclude": "true" };
    expect(await configure(webhook, { labels })).to.deep.equal(["info confirmed policy"]);
  });

  it("are a note where Gardener has changed it", async () => {
    const annotations = { "gardener.cloud/warning": "changed" };
    expect(await configure({}, { annotations })).to.deep.equal(["info remediated policy"]);
  });

  it("warn where it intercepts the creation of its own pods", async () => {
    await createReplicas(shoot, "policy", scene.nodes, [true]);
    await serve("policy-2", { targetRef: { kind: "Pod", namespace: "shop", name: "policy-1" } });
    const webhook = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
      objectSelector: { matchLabels: { app: "policy" } },
    };
    expect(await configure(webhook)).to.deep.equal(["warn ownPods policy"]);
    await deleteWorkloads(shoot);
  });
});
