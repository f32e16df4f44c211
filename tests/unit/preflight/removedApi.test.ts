import { expect } from "chai";
import { checked, rulesOf, type Given } from "./scene";
import { readLifecycle } from "../../../tools/api-lifecycle";
import { isKnown, removedIn } from "../../../provider/preflight/apiVersions";
import { lockedFeatureGates } from "../../../provider/model/featureGates";

const POLICIES = "/apis/admissionregistration.k8s.io/v1beta1/validatingadmissionpolicies";
const BINDINGS = POLICIES.replace("policies", "policybindings");
const policy = (apiVersion: string, time = "2026-11-20T08:00:00Z") => ({
  metadata: {
    name: "no-latest",
    managedFields: [{ manager: "helm", operation: "Update", apiVersion, time }],
  },
});
const to134: Given = { work: { minors: ["1.34"], kubernetesVersion: "1.34.3" } };
const check = (given: Given) => checked("removedApi", { ...to134, ...given });

describe("the check of removed APIs", () => {
  it("passes where nobody has written with a version that the minor drops", async () => {
    const paths = { [POLICIES]: [policy("admissionregistration.k8s.io/v1")] };
    expect((await check({ paths })).outcome).to.equal("passed");
  });

  it("warns of who has written with such a version, and when", async () => {
    const paths = { [POLICIES]: [policy("admissionregistration.k8s.io/v1beta1")] };
    const { findings } = await check({ paths });
    expect(rulesOf(findings)).to.deep.equal(["warn written no-latest"]);
    expect(findings[0]?.found).to.equal(
      '"helm" has written 1 object with admissionregistration.k8s.io/v1beta1, last on 2026-11-20',
    );
  });

  it("checks each minor on the way", async () => {
    const paths = { [POLICIES]: [policy("admissionregistration.k8s.io/v1beta1")] };
    const { findings } = await check({
      paths,
      work: { minors: ["1.34", "1.35"], kubernetesVersion: "1.35.2" },
    });
    expect(rulesOf(findings)).to.deep.equal(["warn written no-latest"]);
  });

  it("notes what the minor after the target drops", async () => {
    const paths = { [POLICIES]: [policy("admissionregistration.k8s.io/v1beta1")] };
    const { findings } = await check({ paths, work: { minors: [], kubernetesVersion: "1.33.9" } });
    expect(rulesOf(findings)).to.deep.equal(["info removedLater no-latest"]);
  });

  it("passes where the API server does not serve that version", async () => {
    expect((await check({ notServed: [POLICIES, BINDINGS] })).outcome).to.equal("passed");
  });

  it("passes where the right is missing because that version is not served", async () => {
    const hidden = { hiddenPaths: [POLICIES, BINDINGS] };
    const version = "admissionregistration.k8s.io/v1beta1";
    const groups = (...versions: string[]) => ({
      "/apis": { groups: [{ versions: versions.map((groupVersion) => ({ groupVersion })) }] },
    });
    const resources = (...names: string[]) => ({
      [`/apis/${version}`]: { resources: names.map((name) => ({ name })) },
    });
    const outcome = async (documents: Readonly<Record<string, object>>) =>
      (await check({ ...hidden, documents })).outcome;
    expect(await outcome(groups("apps/v1"))).to.equal("passed");
    expect(await outcome({ ...groups(version), ...resources("mutatingadmissionpolicies") })).to.equal(
      "passed",
    );
    expect(await outcome({ ...groups(version), ...resources("validatingadmissionpolicies") })).to.equal(
      "notVisible",
    );
    expect(await outcome(groups(version))).to.equal("notVisible");
    for (const body of [{}, { groups: "none" }, { groups: [{ versions: [{}] }] }]) {
      expect(await outcome({ "/apis": body }), JSON.stringify(body)).to.equal("notVisible");
    }
  });

  it("is not visible for minors of which the removals are not known", async () => {
    const { outcome, notVisible } = await check({ work: { minors: ["1.99"], kubernetesVersion: "1.99.0" } });
    expect(outcome).to.equal("notVisible");
    expect(notVisible[0]).to.contain("1.99");
  });

  it("blocks at a version that the API server has counted as requested", async () => {
    const labels =
      'group="flowcontrol.apiserver.k8s.io",removed_release="1.34",resource="flowschemas",subresource="",version="v1beta3"';
    const metrics = `# HELP x\napiserver_requested_deprecated_apis{${labels}} 1\n`;
    const { findings } = await check({ metrics });
    expect(rulesOf(findings)).to.deep.equal([
      "block requested flowschemas.flowcontrol.apiserver.k8s.io/v1beta3",
    ]);
  });
});

describe("the metrics of the API server", () => {
  it("are not visible, and the check not passed, where the kubeconfig does not suffice for them", async () => {
    const found = await check({ metrics: null });
    expect([found.outcome, found.notVisible]).to.deep.equal(["notVisible", ["forbidden"]]);
  });
});

describe("manifests of removed APIs", () => {
  const annotations = (json: string) => ({
    metadata: {
      name: "no-latest",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": json },
    },
  });
  const applied = (apiVersion: string) => annotations(JSON.stringify({ apiVersion, data: "s3cret" }));
  const found = async (...objects: object[]) => (await check({ paths: { [POLICIES]: objects } })).findings;

  it("are found by what kubectl has applied last, of which nothing but the version is used", async () => {
    const findings = await found(
      applied("admissionregistration.k8s.io/v1beta1"),
      applied("admissionregistration.k8s.io/v1"),
    );
    expect(rulesOf(findings)).to.deep.equal(["warn applied no-latest"]);
    expect(JSON.stringify(findings)).not.to.contain("s3cret");
  });

  it("are not found in what is no JSON", async () => {
    expect(await found(annotations("{"), annotations("[]"), annotations('{"apiVersion":1}'))).to.deep.equal(
      [],
    );
  });
});

describe("the table of removed APIs", () => {
  it("knows all minors that Gardener knows", () => {
    expect(Object.keys(lockedFeatureGates).filter((minor) => !isKnown(minor))).to.deep.equal([]);
  });

  it("has the versions that 1.34 drops", () => {
    expect(removedIn(["1.34"]).map(({ kind, version }) => `${kind} ${version}`)).to.deep.equal([
      ...["ValidatingAdmissionPolicy v1beta1", "ValidatingAdmissionPolicyBinding v1beta1"],
    ]);
  });

  it("is read from the lifecycle of types and the verbs of their clients", () => {
    const removed = (kind: string, minor: number) =>
      `func (in *${kind}) APILifecycleRemoved() (major, minor int) {\n\treturn 1, ${minor}\n}\n`;
    const source =
      removed("Policy", 40) +
      removed("PolicyList", 40) +
      removed("Review", 41) +
      removed("Old", 22) +
      'func (in *Policy) APILifecycleReplacement() schema.GroupVersionKind {\n\treturn schema.GroupVersionKind{Group: "x.io", Version: "v1", Kind: "Policy"}\n}\n';
    const types =
      "// +genclient\n// A policy.\ntype Policy struct {\n}\n// +genclient\n// +genclient:onlyVerbs=create\n\n// A review.\ntype Review struct {\n}\n";
    expect(readLifecycle("x.io", "v1beta1", source, types)).to.deep.equal([
      {
        group: "x.io",
        version: "v1beta1",
        kind: "Policy",
        resource: "policies",
        listed: true,
        removedIn: "1.40",
        replacement: "x.io/v1",
      },
      {
        group: "x.io",
        version: "v1beta1",
        kind: "Review",
        resource: "reviews",
        listed: false,
        removedIn: "1.41",
      },
    ]);
  });
});
