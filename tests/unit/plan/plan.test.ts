import { expect } from "chai";
import type { Shoot } from "../../../provider/model/shoot";
import { aCondition, aLastOperation, aMaintenance, aPool, aShoot, version } from "../builders";
import { noticesOf, planned, refused } from "./asking";

describe("a plan", () => {
  it("holds every pool of the Shoot, with what is not declared as unmanaged", () => {
    const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu", kubernetesVersion: "1.32.9" })] });
    const unmanaged = {
      kubernetesVersion: "unmanaged",
      machineImage: { name: "gardenlinux", version: "unmanaged" },
    };
    expect(planned({}, { shoot }).target).to.deep.equal({
      kubernetesVersion: "unmanaged",
      workers: { "pool-a": unmanaged, gpu: unmanaged },
    });
  });

  it("has Kubernetes and images in one step", () => {
    const plan = planned({ kubernetes: version("1.34"), machineImage: version("1877.3.0") });
    expect(plan.steps).to.have.length(1);
    expect(plan.steps[0]?.kubernetes).to.deep.equal({ from: "1.33.4", to: "1.34.3", minor: true });
    expect(plan.steps[0]?.pools[0]?.machineImage?.to).to.equal("1877.3.0");
  });

  it("is refused with all that is wrong, not just the first", () => {
    const problems = refused({
      kubernetes: version("1.36"),
      machineImage: version("1600.0.0"),
      workers: { gpu: { machineImage: version("1877.3.0") } },
    });
    expect(problems.map(({ code }) => code)).to.deep.equal(["GU027", "GU032", "GU034"]);
  });

  it("is refused for an unknown worker pool; the pools are listed, a near one is suggested", () => {
    const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu" })] });
    const [problem] = refused({ workers: { gpus: { machineImage: version("1877.3.0") } } }, { shoot });
    expect(problem?.property).to.equal('workers["gpus"]');
    expect(problem?.message).to.equal(
      'garden-demo/web has no worker pool "gpus". Did you mean "gpu"? It has: pool-a, gpu.',
    );
  });

  it("takes no name of an object's own for a worker pool", () => {
    const [problem] = refused({ workers: { constructor: { machineImage: version("1877.3.0") } } });
    expect(problem?.code).to.equal("GU027");
  });

  it("is refused for a Shoot that is being deleted, whatever is declared", () => {
    const shoot = aShoot({ deletionTimestamp: new Date("2026-11-23T11:00:00Z") });
    expect(refused({ kubernetes: version("1.36") }, { shoot }).map(({ code }) => code)).to.deep.equal([
      "GU030",
    ]);
  });

  it("is possible for a Shoot without workers", () => {
    const shoot = aShoot({ workers: [] });
    const plan = planned({ kubernetes: version("1.34"), machineImage: version("1877.3.0") }, { shoot });
    expect(plan.steps).to.deep.equal([
      { kubernetes: { from: "1.33.4", to: "1.34.3", minor: true }, pools: [] },
    ]);
  });
});

describe("a plan with nothing to write", () => {
  const inFlight = (parts: Partial<Shoot>) =>
    planned({ kubernetes: version("1.33.4") }, { shoot: aShoot(parts) }).inFlight;

  it("is at rest when the generation is observed and the last operation succeeded", () => {
    expect(inFlight({})).to.equal(false);
  });

  it("is in flight while Gardener has not observed the last change", () => {
    expect(inFlight({ generation: 4 })).to.equal(true);
  });

  it("is in flight while an operation runs or is tried again: it may be our rollout, interrupted", () => {
    for (const state of ["Pending", "Processing", "Error"] as const) {
      expect(inFlight({ lastOperation: aLastOperation({ state }) }), state).to.equal(true);
    }
  });

  it("is not in flight when the operation failed: a notice reports that, with what to do", () => {
    const lastOperation = aLastOperation({ state: "Failed", description: "quota exceeded" });
    const plan = planned({ kubernetes: version("1.33.4") }, { shoot: aShoot({ lastOperation }) });
    expect(plan.inFlight).to.equal(false);
    const [notice] = noticesOf(plan, "GU053");
    expect(notice?.severity).to.equal("warning");
    expect(notice?.message).to.contain("quota exceeded");
    expect(notice?.message).to.contain("gardener.cloud/operation=retry");
  });

  it("is not in flight when there is something to write", () => {
    const shoot = aShoot({ lastOperation: aLastOperation({ state: "Processing" }) });
    expect(planned({ kubernetes: version("1.34") }, { shoot }).inFlight).to.equal(false);
  });
});

describe("the notices of a plan", () => {
  const upgrade = { kubernetes: version("1.34"), machineImage: version("1877.3.0") };
  const about = (parts: Partial<Shoot>, declared: Parameters<typeof planned>[0] = upgrade) =>
    planned(declared, { shoot: aShoot(parts) });

  it("warn of an unhealthy cluster before a step, and that a minor upgrade waits for it", () => {
    const plan = about({ conditions: [aCondition({ status: "False", message: "node-1 is not ready." })] });
    expect(noticesOf(plan, "GU044").map(({ severity, message }) => [severity, message])).to.deep.equal([
      [
        "warning",
        "garden-demo/web: condition EveryNodeReady is False (node-1 is not ready). A minor upgrade starts only when this is fixed.",
      ],
    ]);
  });

  it("only mention it where nothing is to be written", () => {
    const plan = about({ conditions: [aCondition({ status: "False" })] }, { kubernetes: version("1.33.4") });
    expect(noticesOf(plan, "GU044").map(({ severity }) => severity)).to.deep.equal(["info"]);
  });

  it("warn of a hold, and stop nothing", () => {
    const plan = about({ annotations: { "pulumi-gardener.io/hold": "release freeze" } });
    expect(plan.steps).to.have.length(1);
    expect(noticesOf(plan, "GU045")[0]?.message).to.contain('"release freeze"');
    expect(plan.notices.every(({ severity }) => severity !== "error")).to.equal(true);
  });

  it("give the address of the notes for a minor, and none for a patch", () => {
    expect(noticesOf(about({}), "GU049").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: notes for 1.34: https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.34.md",
    ]);
    expect(noticesOf(about({}, { kubernetes: version("1.33") }), "GU049")).to.deep.equal([]);
  });

  it("name the begin of the maintenance window that a confined change waits for", () => {
    const plan = about({ maintenance: aMaintenance({ confineSpecUpdateRollout: true }) });
    expect(noticesOf(plan, "GU047")[0]?.message).to.contain(
      "begins at 2026-11-23 22:00 UTC; the rollout starts then",
    );
  });

  it("name the wake-up as the start of a confined change of a hibernated cluster", () => {
    const plan = about(
      {
        maintenance: aMaintenance({ confineSpecUpdateRollout: true }),
        hibernation: { enabled: true, hibernated: true },
      },
      { kubernetes: version("1.33") },
    );
    expect(noticesOf(plan, "GU047")[0]?.message).to.contain("or at once when the cluster is woken up");
  });

  it("name a credentials rotation that the new nodes complete, only for pools that are replaced", () => {
    const pendingRotations = [{ credentials: "service account key" as const, pools: ["pool-a", "gpu"] }];
    expect(noticesOf(about({ pendingRotations }), "GU064").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: the rotation of the service account key waits for new nodes in pool-a, gpu; this upgrade replaces those of pool-a and completes the rotation's rollout there.",
    ]);
    expect(noticesOf(about({ pendingRotations }, { kubernetes: version("1.33") }), "GU064")).to.deep.equal(
      [],
    );
  });

  it("name another manager that applies a field which the step writes", () => {
    const owner = { manager: "argocd", operation: "Apply" as const };
    const plan = about({
      owners: [
        { ...owner, field: "spec.kubernetes.version" },
        { ...owner, field: "spec.provider.workers[other].machine.image.version" },
        { manager: "kubectl-edit", operation: "Update", field: "spec.kubernetes.version" },
      ],
    });
    expect(noticesOf(plan, "GU048").map(({ message }) => message)).to.deep.equal([
      'garden-demo/web: "argocd" applies spec.kubernetes.version as well and may revert this change; remove the field from what it applies.',
    ]);
  });

  it("name what is offered beyond the plan", () => {
    expect(noticesOf(about({}), "GU040").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: available: Kubernetes 1.35.2.",
    ]);
    expect(noticesOf(about({}, {}), "GU040").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: available: Kubernetes 1.33.9, 1.34.3; gardenlinux 1877.3.0, 1592.14.0.",
    ]);
  });

  it("name when deprecated versions expire, and warn a month before", () => {
    const texts = (now: string) =>
      noticesOf(planned({}, { now: new Date(now) }), "GU041").map(
        ({ severity, message }) => `${severity} ${message}`,
      );
    const image = "gardenlinux 1592.10.0 is deprecated until 2027-03-31.";
    expect(texts("2026-11-23T12:00:00Z")).to.deep.equal([
      "info garden-demo/web: Kubernetes 1.33.4 is deprecated until 2027-02-28.",
      `info garden-demo/web: ${image}`,
    ]);
    expect(texts("2027-02-01T00:00:00Z")[0]).to.equal(
      "warning garden-demo/web: Kubernetes 1.33.4 is deprecated until 2027-02-28.",
    );
    expect(texts("2027-03-01T00:00:00Z")[0]).to.equal(
      "warning garden-demo/web: Kubernetes 1.33.4 has expired on 2027-02-28, and Gardener replaces it in a maintenance window.",
    );
  });

  it("name what Gardener will do by itself, once for all pools", () => {
    const plan = about(
      {
        workers: [aPool(), aPool({ name: "gpu" })],
        maintenance: aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: true } }),
      },
      {},
    );
    expect(noticesOf(plan, "GU042").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: Gardener updates Kubernetes 1.33.4 → 1.33.9 from 2026-11-23 22:00 UTC on, because automatic updates are enabled.",
      "garden-demo/web: Gardener updates gardenlinux 1592.10.0 → 1592.14.0 in pool-a, gpu from 2026-11-23 22:00 UTC on, because automatic updates are enabled.",
    ]);
  });
});
