import { expect } from "chai";
import fc from "fast-check";
import { criticalTargets, problematicTargets } from "../../../provider/preflight/checks/criticalResources";
import { decodeWebhooks } from "../../../provider/preflight/objects/webhook";
import { aPod, cart, checked, endpoints, rulesOf, service, type Objects } from "./scene";
import { certificateUntil } from "./certificates";

const everything = [{ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] }];
const onlyPods = [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }];
const onlyCustom = [
  { operations: ["CREATE"], apiGroups: ["shop.example"], apiVersions: ["v1"], resources: ["orders"] },
];
const inShop = { matchLabels: { "kubernetes.io/metadata.name": "shop" } };
const client = { service: { namespace: "policy", name: "policy" } };

interface Parts {
  readonly webhook?: object;
  readonly metadata?: object;
}

const aConfiguration = ({ webhook = {}, metadata = {} }: Parts = {}) => ({
  metadata: { name: "policy", ...metadata },
  webhooks: [
    {
      name: "policy.example",
      failurePolicy: "Fail",
      timeoutSeconds: 10,
      clientConfig: client,
      rules: everything,
      ...webhook,
    },
  ],
});

const alive: Objects = {
  services: [service("policy", "policy")],
  endpointSlices: [endpoints("policy", "policy")],
};
const check = (parts: Parts = {}, objects: Objects = alive, more: object = {}) =>
  checked("webhook", { objects: { ...objects, validatingWebhooks: [aConfiguration(parts)] }, ...more });
const rules = async (...args: Parameters<typeof check>) => rulesOf((await check(...args)).findings);

describe("the check of webhooks", () => {
  it("passes where there are none, and where one leaves critical resources alone", async () => {
    expect((await checked("webhook", {})).outcome).to.equal("passed");
    expect((await check({ webhook: { rules: onlyPods, namespaceSelector: inShop } })).outcome).to.equal(
      "passed",
    );
  });

  for (const list of ["validatingWebhooks", "mutatingWebhooks", "services", "endpointSlices"] as const) {
    it(`is not visible without the right to list ${list}`, async () => {
      expect((await checked("webhook", { hidden: [list] })).outcome).to.equal("notVisible");
    });
  }

  it("warns of one that intercepts critical resources and fails closed", async () => {
    expect(await rules()).to.deep.equal(["warn criticalResources policy"]);
  });

  it("notes the same before a patch", async () => {
    const work = { kind: "patch", drained: new Set<string>() } as const;
    expect(await rules({}, alive, { work })).to.deep.equal(["info criticalResources policy"]);
  });

  it("reports every webhook, of both kinds", async () => {
    const [webhook] = aConfiguration().webhooks;
    const two = { metadata: { name: "two" }, webhooks: [webhook, { ...webhook, name: "other.example" }] };
    const { findings } = await checked("webhook", {
      objects: { ...alive, validatingWebhooks: [two], mutatingWebhooks: [aConfiguration()] },
    });
    expect(findings.map(({ object }) => object.kind)).to.deep.equal([
      ...["ValidatingWebhookConfiguration", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
    ]);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).to.equal(3);
  });

  it("accepts one that is ignored when it fails, within 15 seconds, and leaves leases alone", async () => {
    const webhook = { failurePolicy: "Ignore", timeoutSeconds: 15, rules: onlyPods };
    expect(await rules({ webhook })).to.deep.equal([]);
    expect(await rules({ webhook: { ...webhook, timeoutSeconds: 16 } })).to.deep.equal([
      "warn criticalResources policy",
    ]);
  });

  it("requires three seconds of one that intercepts leases", async () => {
    const leases = [
      {
        operations: ["UPDATE"],
        apiGroups: ["coordination.k8s.io"],
        apiVersions: ["v1"],
        resources: ["leases"],
      },
    ];
    const webhook = { failurePolicy: "Ignore", rules: leases };
    expect(await rules({ webhook: { ...webhook, timeoutSeconds: 3 } })).to.deep.equal([]);
    expect(await rules({ webhook: { ...webhook, timeoutSeconds: 4 } })).to.deep.equal([
      "warn criticalResources policy",
    ]);
  });

  it("leaves Gardener's own webhooks out", async () => {
    for (const labels of [
      { app: "gardener-resource-manager" },
      { "resources.gardener.cloud/managed-by": "gardener" },
    ]) {
      expect(await rules({ metadata: { labels } })).to.deep.equal([]);
    }
  });

  it("notes one of which its owner confirms that it causes no problem", async () => {
    const labels = { "remediation.webhook.shoot.gardener.cloud/exclude": "true" };
    expect(await rules({ metadata: { labels } })).to.deep.equal(["info confirmed policy"]);
  });

  it("notes one that Gardener has changed", async () => {
    const metadata = { annotations: { "gardener.cloud/warning": "ATTENTION" } };
    const webhook = { rules: onlyCustom };
    expect(await rules({ metadata, webhook })).to.deep.equal(["info remediated policy"]);
  });

  it("blocks a roll at one on critical resources without a backend", async () => {
    const { findings } = await check({}, {});
    expect(rulesOf(findings)).to.deep.equal(["block unusableBackend policy"]);
    expect(findings[0]?.found).to.contain("Service policy/policy does not exist");
  });

  it("blocks a roll at one on pods of a namespace whose Service has no ready endpoints", async () => {
    const dead = { ...alive, endpointSlices: [endpoints("policy", "policy", false)] };
    const { findings } = await check({ webhook: { rules: onlyPods, namespaceSelector: inShop } }, dead);
    expect(rulesOf(findings)).to.deep.equal(["block unusableBackend policy"]);
    expect(findings[0]?.found).to.contain("has no ready endpoints");
  });

  it("warns of one without a backend that no rollout needs", async () => {
    expect(await rules({ webhook: { rules: onlyCustom } }, {})).to.deep.equal([
      "warn unusableBackendElsewhere policy",
    ]);
  });

  it("notes one without a backend whose failures are ignored", async () => {
    const webhook = { failurePolicy: "Ignore", timeoutSeconds: 2 };
    expect(await rules({ webhook }, {})).to.deep.equal(["info ignoredFailure policy"]);
  });

  it("says nothing of the backend where Services are not visible", async () => {
    const { findings, notVisible } = await check(
      { webhook: { rules: onlyCustom } },
      {},
      { hidden: ["services"] },
    );
    expect([findings, notVisible.length]).to.deep.equal([[], 1]);
  });

  const withBundle = (bundle: string) => ({
    webhook: {
      clientConfig: { ...client, caBundle: Buffer.from(bundle).toString("base64") },
      rules: onlyCustom,
    },
  });

  it("warns of a certificate bundle that has expired or cannot be parsed", async () => {
    const expired = await check(withBundle(await certificateUntil(new Date("2026-10-01T00:00:00Z"))));
    expect(expired.findings[0]?.found).to.contain("its caBundle expired on 2026-10-01");
    for (const bundle of ["nonsense", "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----"]) {
      expect(await rules(withBundle(bundle))).to.deep.equal(["warn unusableBackendElsewhere policy"]);
    }
  });

  it("accepts a bundle in which one certificate is valid", async () => {
    const [old, valid] = await Promise.all(
      ["2026-10-01", "2027-10-01"].map((day) => certificateUntil(new Date(day))),
    );
    expect(await rules(withBundle(`${old ?? ""}\n${valid ?? ""}`))).to.deep.equal([]);
  });

  it("warns of one that intercepts the creation of its own pods", async () => {
    const objects = {
      ...cart,
      pods: [aPod("cart-1"), aPod("cart-2")],
      namespaces: [{ metadata: { name: "shop", labels: { "kubernetes.io/metadata.name": "shop" } } }],
      services: [service("shop", "cart")],
      endpointSlices: [endpoints("shop", "cart", true, ["cart-1", "cart-2"])],
    };
    const clientConfig = { service: { namespace: "shop", name: "cart" } };
    const webhook = { clientConfig, rules: onlyPods, namespaceSelector: inShop };
    expect(await rules({ webhook }, objects)).to.deep.equal(["warn ownPods policy"]);
    const objectSelector = { matchExpressions: [{ key: "app", operator: "NotIn", values: ["cart"] }] };
    expect(await rules({ webhook: { ...webhook, objectSelector } }, objects)).to.deep.equal([]);
  });
});

describe("Gardener's rule for webhooks", () => {
  /** Restated from docs/usage/shoot/shoot_status.md and the list of critical resources there, for single resources. */
  const selectors = fc.constantFrom(
    { selector: undefined, selectsKubeSystem: true },
    { selector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } }, selectsKubeSystem: true },
    { selector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } }, selectsKubeSystem: false },
    {
      selector: { matchExpressions: [{ key: "gardener.cloud/purpose", operator: "DoesNotExist" }] },
      selectsKubeSystem: false,
    },
    {
      selector: {
        matchExpressions: [
          { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["kube-system"] },
        ],
      },
      selectsKubeSystem: false,
    },
  );

  const webhook = fc.record({
    failurePolicy: fc.constantFrom(undefined, "Fail", "Ignore"),
    timeoutSeconds: fc.constantFrom(undefined, 3, 4, 15, 16, 30),
    namespaces: selectors,
    operation: fc.constantFrom("CREATE", "UPDATE", "DELETE", "CONNECT", "*"),
    target: fc.constantFrom(
      { group: "", resource: "configmaps", critical: true, namespaced: true },
      { group: "", resource: "nodes", critical: true, namespaced: false },
      { group: "apps", resource: "deployments", critical: true, namespaced: true },
      { group: "batch", resource: "jobs", critical: false, namespaced: true },
      {
        group: "certificates.k8s.io",
        resource: "certificatesigningrequests",
        critical: true,
        namespaced: false,
      },
      { group: "", resource: "persistentvolumes", critical: false, namespaced: false },
    ),
    scope: fc.constantFrom(undefined, "*", "Cluster", "Namespaced"),
  });

  it("is restated for single resources", () => {
    fc.assert(
      fc.property(webhook, ({ failurePolicy, timeoutSeconds, namespaces, operation, target, scope }) => {
        const [decoded] = decodeWebhooks("ValidatingWebhookConfiguration")({
          metadata: { name: "policy" },
          webhooks: [
            {
              name: "policy.example",
              ...{ failurePolicy, timeoutSeconds, namespaceSelector: namespaces.selector },
              clientConfig: client,
              rules: [
                {
                  operations: [operation],
                  apiGroups: [target.group],
                  apiVersions: ["v1"],
                  resources: [target.resource],
                  scope,
                },
              ],
            },
          ],
        }).webhooks;
        const safe = failurePolicy === "Ignore" && timeoutSeconds !== undefined && timeoutSeconds <= 15;
        const writes = ["CREATE", "UPDATE", "*"].includes(operation);
        const inScope =
          scope === undefined || scope === "*" || (scope === "Namespaced") === target.namespaced;
        const selected = !target.namespaced || namespaces.selectsKubeSystem;
        const expected = target.critical && !safe && writes && inScope && selected;
        expect(decoded !== undefined && problematicTargets(decoded).length > 0).to.equal(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("covers about sixty requests, each once", () => {
    const keys = criticalTargets.map((target) => JSON.stringify(target));
    expect(new Set(keys).size).to.equal(keys.length);
    expect(keys.length).to.be.within(60, 90);
  });
});
