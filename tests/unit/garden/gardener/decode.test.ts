import { expect } from "chai";
import { decodeShoot } from "../../../../provider/garden/gardener/decode";
import { refusalOf } from "../support/failures";
import { shootObject } from "../support/fixtures";

function shootWith(spec: object, metadata: object = {}) {
  const object = shootObject();
  return { ...object, metadata: { ...object.metadata, ...metadata }, spec: { ...object.spec, ...spec } };
}

const worker = { name: "w", machine: { type: "small", image: { name: "os", version: "1.0.0" } } };
const oneWorker = (change: object) =>
  decodeShoot(shootWith({ provider: { workers: [{ ...worker, ...change }] } })).workers[0];

describe("a Shoot as the API sends it", () => {
  it("is read with the server's defaults where fields are left out", () => {
    const shoot = decodeShoot({
      metadata: { name: "web", namespace: "garden-demo", uid: "u", resourceVersion: "1" },
      spec: {
        cloudProfileName: "old",
        kubernetes: { version: "1.33.4" },
        provider: { workers: [worker] },
      },
    });
    expect(shoot).to.deep.include({
      cloudProfile: { kind: "CloudProfile", name: "old" },
      maintenance: {
        autoUpdate: { kubernetesVersion: true, machineImageVersion: true },
        timeWindow: undefined,
        confineSpecUpdateRollout: false,
      },
      hibernation: { enabled: false, hibernated: false },
      lastOperation: undefined,
      conditions: [],
      advertisedAddresses: [],
    });
    expect(shoot.workers[0]).to.deep.equal({
      name: "w",
      kubernetesVersion: undefined,
      machineImage: { name: "os", version: "1.0.0" },
      machineType: "small",
      architecture: "amd64",
      cri: { name: "containerd", containerRuntimes: [] },
      minimum: 0,
      maximum: 0,
      maxSurge: 1,
      maxUnavailable: 0,
      updateStrategy: "AutoRollingUpdate",
      zones: [],
      taints: [],
    });
  });

  it("has the fields that a later Kubernetes minor does not have or does not accept, pools by name", () => {
    const kubelet = { featureGates: { AppArmor: true, MemoryManager: false, Unknown: true } };
    const { limitedFields } = decodeShoot(
      shootWith({
        addons: { nginxIngress: { enabled: true } },
        kubernetes: {
          version: "1.32.9",
          kubeScheduler: { featureGates: { NodeSwap: false } },
          kubeAPIServer: { runtimeConfig: { "networking.k8s.io/v1alpha1": true, "apps/v1": true } },
        },
        dns: { providers: [{ type: "a" }, { type: "b", secretName: "s" }] },
        provider: { workers: [{ ...worker, kubernetes: { kubelet } }] },
      }),
    );
    const gates = "spec.provider.workers[w].kubernetes.kubelet.featureGates";
    expect(limitedFields).to.deep.equal([
      {
        path: "spec.addons",
        removedIn: "1.35",
        instead: "remove it, and install the addons yourself",
      },
      {
        path: "spec.dns.providers[1].secretName",
        value: '"s"',
        removedIn: "1.35",
        instead: "set credentialsRef in its place",
        since: "1.139.0",
      },
      {
        path: "spec.kubernetes.kubeScheduler.featureGates.NodeSwap",
        value: "false",
        refusedIn: "1.34",
        instead: "remove it, or set it to true",
      },
      { path: `${gates}.AppArmor`, value: "true", pool: "w", removedIn: "1.33" },
      { path: `${gates}.MemoryManager`, value: "false", pool: "w", removedIn: "1.36", refusedIn: "1.32" },
      {
        path: "spec.kubernetes.kubeAPIServer.runtimeConfig.networking.k8s.io/v1alpha1",
        value: "true",
        refusedIn: "1.34",
        instead:
          "delete the objects of this version first, which a later API server may not be able to read, and remove it",
      },
    ]);
  });

  it("has the rotations that wait for new nodes, and no others", () => {
    const rotation = {
      certificateAuthorities: { phase: "Prepared" },
      serviceAccountKey: { phase: "WaitingForWorkersRollout", pendingWorkersRollouts: [{ name: "w" }] },
    };
    expect(
      decodeShoot({ ...shootObject(), status: { credentials: { rotation } } }).pendingRotations,
    ).to.deep.equal([{ credentials: "service account key", pools: ["w"] }]);
  });

  it("has other limits where nodes are updated in place", () => {
    expect(oneWorker({ updateStrategy: "AutoInPlaceUpdate" })).to.include({ maxSurge: 0, maxUnavailable: 1 });
    expect(oneWorker({ updateStrategy: "ManualInPlaceUpdate" })).to.include({
      maxSurge: 0,
      maxUnavailable: 0,
    });
  });

  it("keeps a percentage as it is", () => {
    expect(oneWorker({ maxSurge: "25%" })).to.include({ maxSurge: "25%" });
  });

  it("takes its profile from cloudProfile before cloudProfileName", () => {
    const both = { cloudProfile: { kind: "NamespacedCloudProfile", name: "new" }, cloudProfileName: "old" };
    expect(decodeShoot(shootWith(both)).cloudProfile).to.deep.equal({
      kind: "NamespacedCloudProfile",
      name: "new",
    });
    expect(decodeShoot(shootWith({ cloudProfile: { name: "new" } })).cloudProfile.kind).to.equal(
      "CloudProfile",
    );
  });

  it("may lack workers", () => {
    expect(decodeShoot(shootWith({ provider: { type: "local" } })).workers).to.deep.equal([]);
  });

  it("may have unknown fields, and null for absent ones", () => {
    expect(decodeShoot(shootWith({ novelty: { a: [1] }, hibernation: null })).hibernation.enabled).to.equal(
      false,
    );
  });

  it("names the Shoot and the field that is missing", () => {
    expect(refusalOf(() => decodeShoot(shootWith({ kubernetes: {} })))).to.equal(
      "Shoot garden-demo/web: spec.kubernetes.version is missing, expected a text.",
    );
  });

  it("names a field deep in a list that is of the wrong kind, without its content", () => {
    const broken = {
      provider: {
        workers: [worker, { ...worker, machine: { type: ["s3cr3t"], image: worker.machine.image } }],
      },
    };
    expect(refusalOf(() => decodeShoot(shootWith(broken)))).to.equal(
      "Shoot garden-demo/web: spec.provider.workers[1].machine.type is a list, expected a text.",
    );
  });

  it("names an unknown value of a field", () => {
    const status = { lastOperation: { type: "Dream", state: "Succeeded" } };
    expect(refusalOf(() => decodeShoot(shootObject({ status })))).to.contain(
      'status.lastOperation.type is "Dream"',
    );
  });

  it("is refused where it is something else", () => {
    for (const value of [undefined, null, 1, "text", [], {}]) refusalOf(() => decodeShoot(value));
  });
});

describe("who wrote a Shoot's versions", () => {
  const ownersOf = (...managedFields: object[]) => decodeShoot(shootWith({}, { managedFields })).owners ?? [];

  it("is reported for the control plane, with the time", () => {
    const fieldsV1 = { "f:spec": { "f:kubernetes": { "f:version": {} } } };
    expect(
      ownersOf({ manager: "argocd", operation: "Apply", time: "2026-11-01T00:00:00Z", fieldsV1 }),
    ).to.deep.equal([
      {
        manager: "argocd",
        operation: "Apply",
        field: "spec.kubernetes.version",
        time: new Date("2026-11-01T00:00:00Z"),
      },
    ]);
  });

  it("is reported for a pool by its name", () => {
    const pool = { "f:machine": { "f:image": { "f:version": {} } }, "f:kubernetes": { "f:version": {} } };
    const fieldsV1 = { "f:spec": { "f:provider": { "f:workers": { 'k:{"name":"pool-a"}': pool } } } };
    expect(ownersOf({ manager: "m", operation: "Update", fieldsV1 }).map(({ field }) => field)).to.deep.equal(
      [
        "spec.provider.workers[pool-a].machine.image.version",
        "spec.provider.workers[pool-a].kubernetes.version",
      ],
    );
  });

  it("is reported for every pool where the whole list is owned, as in Gardener", () => {
    const fieldsV1 = { "f:spec": { "f:provider": { "f:workers": {} } } };
    expect(ownersOf({ manager: "m", operation: "Apply", fieldsV1 }).map(({ field }) => field)).to.deep.equal([
      "spec.provider.workers[pool-a].machine.image.version",
      "spec.provider.workers[pool-a].kubernetes.version",
    ]);
  });

  it("leaves out who wrote the status, and who wrote other fields", () => {
    const versions = { "f:spec": { "f:kubernetes": { "f:version": {} } } };
    const others = { "f:metadata": {}, "f:spec": { "f:purpose": {}, "f:kubernetes": { "f:kubelet": {} } } };
    expect(
      ownersOf(
        { manager: "gardenlet", operation: "Update", subresource: "status", fieldsV1: versions },
        { manager: "kubectl", operation: "Update", fieldsV1: others },
      ),
    ).to.deep.equal([]);
  });
});
