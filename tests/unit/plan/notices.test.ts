import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import {
  aCondition,
  aLastOperation,
  aMaintenance,
  aPool,
  aShoot,
  everyCapability,
  version,
} from "../builders";
import { noticesOf, planned, type Scene } from "./asking";

const unhealthy = { conditions: [aCondition({ status: "False", message: "node-1 is not ready." })] };
const minor = { kubernetes: version("1.34") };
const patch = { kubernetes: version("1.33") };
const image = { machineImage: version("1877.3.0") };
const about = (parts: Partial<Shoot>, declared: Parameters<typeof planned>[0] = minor, scene: Scene = {}) =>
  planned(declared, { ...scene, shoot: aShoot(parts) });
const codes = (...parts: Parameters<typeof about>) => {
  const { notices, offers } = about(...parts);
  return [...notices, ...offers].map(({ code }) => code);
};

describe("the notices of a plan for a healthy Shoot", () => {
  it("are the notes, what is available, and lifetimes of the versions that stay", () => {
    expect(codes({})).to.deep.equal(["GU049", "GU041", "GU040", "GU042"]);
  });

  it("are only lifetimes and what is available for a patch or an image", () => {
    expect(codes({}, patch)).to.deep.equal(["GU041", "GU040", "GU042"]);
    expect(codes({}, image)).to.deep.equal(["GU041", "GU040", "GU042"]);
  });

  it("are the same where no version is declared", () => {
    expect(codes({}, {})).to.deep.equal(["GU041", "GU041", "GU040", "GU042", "GU042"]);
  });

  it("are none about rotations of other pools", () => {
    const pendingRotations = [{ credentials: "service account key" as const, pools: ["gpu"] }];
    expect(codes({ pendingRotations }, image)).to.deep.equal(["GU041", "GU040", "GU042"]);
  });

  it("are none about owners where the garden does not report them", () => {
    expect(codes({ owners: undefined }, image)).to.deep.equal(["GU041", "GU040", "GU042"]);
  });
});

describe("the readiness in the notices of a plan", () => {
  const waits = / A minor upgrade starts only when this is fixed\.$/;
  const first = (plan: ReturnType<typeof planned>) => noticesOf(plan, "GU044")[0];

  it("contains that a minor upgrade waits where one of several steps is one", () => {
    const capabilities = { ...everyCapability, combinedWrites: false };
    const plan = about(unhealthy, { ...minor, ...image }, { capabilities });
    expect(plan.steps).to.have.length(2);
    expect(first(plan)?.message).to.match(waits);
  });

  it("does not contain that for a patch", () => {
    expect(first(about(unhealthy, patch))?.message).not.to.match(waits);
  });

  it("does not contain that for a violated constraint, which a minor upgrade does not wait for", () => {
    const constraints = [aCondition({ type: "MaintenancePreconditionsSatisfied", status: "False" })];
    const [notice] = noticesOf(about({ constraints }), "GU060");
    expect(notice?.severity).to.equal("warning");
    expect(notice?.message).not.to.match(waits);
  });

  it("contains an operation in progress as information", () => {
    const lastOperation = aLastOperation({ state: "Processing", progress: 42 });
    const notice = first(about({ lastOperation }));
    expect(notice?.severity).to.equal("info");
    expect(notice?.message).not.to.match(waits);
  });
});

describe("the notices about a step", () => {
  it("contain no begin of a window where the Shoot has none", () => {
    const maintenance = aMaintenance({ timeWindow: undefined, confineSpecUpdateRollout: true });
    expect(noticesOf(about({ maintenance }), "GU047").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: confineSpecUpdateRollout keeps the change for the maintenance window; the rollout starts then.",
    ]);
  });

  it("name another manager of a machine image that the step writes, and of no other field", () => {
    const owners = [
      "spec.provider.workers[pool-a].machine.image.version",
      "spec.provider.workers[gpu].machine.image.version",
      "spec.kubernetes.version",
    ].map((field) => ({ manager: "argocd", operation: "Apply" as const, field }));
    const workers = [aPool(), aPool({ name: "gpu" })];
    const declared = { workers: { "pool-a": image } };
    expect(
      noticesOf(about({ owners, workers }, declared), "GU048").map(({ message }) => message),
    ).to.deep.equal([
      'garden-demo/web: "argocd" applies spec.provider.workers[pool-a].machine.image.version as well and may revert this change; remove the field from what it applies.',
    ]);
  });

  it("name only those of several pools whose nodes are replaced twice", () => {
    const capabilities = { ...everyCapability, combinedWrites: false, poolKubernetesVersions: false };
    const workers = [aPool({ name: "other", minimum: 9, maximum: 9 }), aPool()];
    const declared = { ...minor, workers: { "pool-a": image } };
    const [notice] = noticesOf(about({ workers }, declared, { capabilities }), "GU062");
    expect(notice?.message).to.match(/ the nodes of pool-a are replaced twice: 6 nodes in all\.$/);
  });
});
