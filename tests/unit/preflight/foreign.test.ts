import { expect } from "chai";
import fc from "fast-check";
import { isPrintable } from "../../../provider/model/text";
import { preflightMessage, review } from "../../../provider/preflight";
import { defaultPreflight } from "../../../provider/model/preflight";
import { NOW } from "../builders";
import { aBudget, cart, endpoints, inspected, service, type ListName, type Objects } from "./scene";

const webhooks = {
  metadata: { name: "policy" },
  webhooks: [
    {
      name: "policy.example",
      failurePolicy: "Fail",
      timeoutSeconds: 10,
      clientConfig: { service: { namespace: "shop", name: "policy" }, caBundle: "LS0tLS1CRUdJTg==" },
      namespaceSelector: { matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] },
      rules: [{ operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] }],
    },
  ],
};
/** One object of each kind at least. */
const objects: Objects = {
  ...cart,
  budgets: [aBudget({ spec: { maxUnavailable: "0%" } })],
  services: [service("shop", "policy")],
  endpointSlices: [endpoints("shop", "policy", false, ["cart-1"])],
  validatingWebhooks: [webhooks],
  namespaces: [{ metadata: { name: "shop", labels: { a: "b" } } }],
  statefulSets: [{ metadata: { namespace: "shop", name: "db" }, spec: { replicas: 2 }, status: {} }],
  volumes: [{ metadata: { name: "pv" }, spec: { claimRef: { namespace: "shop", name: "data" } } }],
  crds: [
    {
      metadata: { name: "orders.shop.example" },
      spec: {
        conversion: { strategy: "Webhook", webhook: { clientConfig: webhooks.webhooks[0]?.clientConfig } },
      },
      status: { storedVersions: ["v1", "v2"] },
    },
  ],
  apiServices: [
    {
      metadata: { name: "v1.reports.example" },
      spec: { service: { namespace: "shop", name: "gone" } },
      status: { conditions: [{ type: "Available", status: "False", message: "down" }] },
    },
  ],
};

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      String(index) === String(key) ? replaced(item, rest, by) : item,
    );
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]),
  );
}

const strange = fc.oneof(
  fc.constantFrom(
    ...[
      null,
      [],
      {},
      [null],
      "",
      "\u001b[31m<{%red%}>\u202e",
      "x".repeat(5_000),
      -1,
      1e308,
      2 ** 53,
      true,
      "1e9%",
    ],
  ),
  fc.jsonValue(),
);
const kinds: readonly ListName[] = [
  ...(["nodes", "pods", "budgets", "services", "endpointSlices", "validatingWebhooks"] as const),
  ...(["namespaces", "statefulSets", "volumes", "crds", "apiServices"] as const),
];
const change = fc
  .constantFrom(...kinds)
  .chain((kind) => fc.tuple(fc.constant(kind), fc.constantFrom(...pathsOf(objects[kind])), strange))
  .filter(([, path]) => path.length > 0);

describe("the preflight checks of objects that are not as expected", () => {
  it("do not fail, and print nothing that acts on a terminal, in lines of bounded length", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = changes.reduce<Objects>((all, [kind, path, by]) => {
          const value = replaced(all[kind], path, by);
          return { ...all, [kind]: Array.isArray(value) ? value : [value] };
        }, objects);
        const result = await inspected({ objects: changed });
        const reviewed = review(result, defaultPreflight, NOW);
        for (const line of preflightMessage("web", reviewed).split("\n")) {
          expect(isPrintable(line), line).to.equal(true);
          expect(line.length).to.be.below(3_000);
        }
        for (const { outcome, notVisible } of result.checks) {
          if (outcome === "passed") expect(notVisible).to.deep.equal([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("do not pass a list with an object that they cannot read", async () => {
    const { checks } = await inspected({ objects: { pods: [null] } });
    const outcomes = checks.filter(({ outcome }) => outcome === "notVisible").map(({ check }) => check);
    expect(outcomes).to.deep.equal(["podDisruptionBudget", "drain", "webhook"]);
  });

  it("show at most a screen of as many objects as are read", async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => index);
    const [pod] = cart.pods ?? [];
    const pods = many.map((index) => replaced(pod, ["metadata", "name"], `cart-${index}`));
    const budgets = many.slice(0, 50).map((index) => aBudget({ name: `cart-${index}` }));
    const reviewed = review(await inspected({ objects: { ...cart, pods, budgets } }), defaultPreflight, NOW);
    const message = preflightMessage("web", reviewed);
    expect(message.split("\n").length).to.be.below(25);
    expect(message.length).to.be.below(10_000);
  }).timeout(20_000);
});
