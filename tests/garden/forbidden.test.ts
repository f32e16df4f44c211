/** Each rule about what a Kubernetes minor forbids, held against the dry run of the real server. */
import { expect } from "chai";
import type { Garden } from "../../provider/garden/garden";
import { gardenerCapabilities } from "../../provider/garden/gardener";
import { openGarden } from "../../provider/garden/open";
import { lockedFeatureGates, removedFeatureGates } from "../../provider/model/featureGates";
import { removedApiVersions, removedFields } from "../../provider/model/removals";
import { plan } from "../../provider/plan";
import { type Api, api, type JsonValue } from "../contract/api";
import { NAMESPACE, shootObject } from "../contract/shoots";
import { createWorld, SHOOTS } from "../contract/world";
import { type RealGarden, startRealGarden } from "./garden";
import { declarationOf } from "./plan-arbitraries";
import { describeReal } from "./suite";

/** What the contract's CloudProfile offers of a minor. */
const VERSIONS: Readonly<Record<string, string>> = {
  "1.31": "1.31.14",
  "1.32": "1.32.13",
  "1.33": "1.33.8",
  "1.34": "1.34.5",
  "1.35": "1.35.2",
};

interface Rule {
  /** In the refusal of the garden. */
  readonly named: string;
  readonly minor: string;
  readonly more: Readonly<Record<string, JsonValue>>;
}

const nested = (path: readonly string[], value: JsonValue): JsonValue =>
  path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);

const kubernetes = (path: readonly string[], value: JsonValue) => ({ kubernetes: nested(path, value) });

/** By the last key of the field. This Gardener stores no maxEmptyBulkDelete, and a DNS provider needs an extension. */
const values: Readonly<Record<string, JsonValue>> = {
  podEvictionTimeout: "2m0s",
  enableAnonymousAuthentication: true,
  default: 100,
  kubeMaxPDVols: "20",
};

const fields = removedFields.flatMap(({ path, removedIn }): readonly Rule[] => {
  const [first, ...rest] = path;
  const value = values[path.at(-1) ?? ""];
  if (first === "kubernetes" && value !== undefined) {
    return [{ named: path.join("."), minor: removedIn, more: kubernetes(rest, value) }];
  }
  if (first === "addons") {
    const addons = { nginxIngress: { enabled: true } };
    return [{ named: "spec.addons", minor: removedIn, more: { addons, purpose: "evaluation" } }];
  }
  if (first === "secretBindingName") {
    const more = { secretBindingName: "secret-binding", credentialsBindingName: null };
    return [{ named: "spec.secretBindingName", minor: removedIn, more }];
  }
  return [];
});

const featureGate = (name: string, minor: string, value: boolean): Rule => ({
  named: `featureGates.${name}`,
  minor,
  more: kubernetes(["kubeAPIServer", "featureGates"], { [name]: value }),
});

const rules: readonly Rule[] = [
  ...fields,
  ...Object.entries(removedFeatureGates).flatMap(([minor, names]) =>
    names.map((name) => featureGate(name, minor, true)),
  ),
  ...Object.entries(lockedFeatureGates).flatMap(([minor, values]) =>
    Object.entries(values).map(([name, value]) => featureGate(name, minor, !value)),
  ),
  ...Object.entries(removedApiVersions).flatMap(([minor, names]) =>
    names.map((name) => ({
      named: name,
      minor,
      more: kubernetes(["kubeAPIServer", "runtimeConfig"], { [name]: true }),
    })),
  ),
];

describeReal("What a minor forbids, beside the real Gardener", () => {
  let real: RealGarden;
  let server: Api;
  let garden: Garden;

  before(async function () {
    this.timeout(5 * 60_000);
    real = await startRealGarden();
    const { url, ca, admin } = real;
    server = api(url, ca, admin);
    garden = await openGarden({ kubeconfig: admin.kubeconfig }, { config: () => undefined, env: {} });
    const unused = () => Promise.reject(new Error("not used here"));
    const world = { name: "the real Gardener", url, ca, admin, addUser: unused, createAuthority: unused };
    (await createWorld({ ...world, close: () => Promise.resolve() })).admin.close();
    const created = await server.post(
      `/apis/core.gardener.cloud/v1beta1/namespaces/${NAMESPACE}/secretbindings`,
      {
        metadata: { name: "secret-binding" },
        provider: { type: "local" },
        secretRef: { namespace: NAMESPACE, name: "credentials" },
      },
    );
    expect(created.code, JSON.stringify(created.body.raw)).to.equal(201);
  });

  after(async function () {
    this.timeout(30_000);
    server.close();
    await real.stop();
  });

  it("is refused by both, with the same field", async function () {
    this.timeout(5 * 60_000);
    const judged: string[] = [];
    const disagreements: string[] = [];
    for (const [index, { named, minor, more }] of rules.entries()) {
      const before = VERSIONS[`1.${String(Number(minor.slice(2)) - 1)}`];
      const version = VERSIONS[minor];
      if (before === undefined || version === undefined) continue;
      const name = `f-${String(index)}`;
      const created = await server.post(SHOOTS, shootObject(name, { kubernetesVersion: before, more }));
      // Some are gone or locked in the minor before already.
      if (created.code !== 201) continue;
      const shoot = await garden.getShoot({ namespace: NAMESPACE, name });
      const declaration = { ...declarationOf(shoot), kubernetes: { kind: "version" as const, version } };
      const profile = await garden.getCloudProfile(shoot);
      const planned = plan(declaration, shoot, profile, new Date(), gardenerCapabilities);
      const codes = planned.kind === "refused" ? planned.problems.map(({ code }) => code) : [];
      const message = planned.kind === "refused" ? (planned.problems[0]?.message ?? "") : "planned";
      const answer = await server.patch(`${SHOOTS}/${name}?dryRun=All`, "strategic", {
        spec: { kubernetes: { version } },
      });
      const said = answer.body.text("message");
      const agree = codes[0] === "GU065" && answer.code === 422 && said.includes(named.replace(/^.*\./, ""));
      if (!agree) disagreements.push(`${named} in ${minor}: ${message}; ${String(answer.code)} ${said}`);
      judged.push(named);
    }
    process.stderr.write(`${String(judged.length)} of ${String(rules.length)} rules\n`);
    expect(disagreements).to.deep.equal([]);
    expect(judged.length).to.be.greaterThan(100);
    expect(judged).to.include.members(fields.map(({ named }) => named));
  });
});
