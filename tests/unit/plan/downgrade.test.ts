import { expect } from "chai";
import * as fc from "fast-check";
import type { AllowedDowngrade, WorkerDeclaration } from "../../../provider/model/declaration";
import { afterSteps, pending, plan, planMessage, reached, targetOfRun, within } from "../../../provider/plan";
import { isNewer } from "../../../provider/plan/versions";
import { aDeclaration, anImageVersion, aPool, aShoot, everyCapability, version } from "../builders";
import { declarations, moments, profiles, shoots } from "./arbitraries";
import { noticesOf, offeringImages, planned, refused } from "./asking";

const allowDowngrade: AllowedDowngrade = { until: "2027-01-31", reason: "1877.3.0 loses the network" };
const runs = (image: string, more: Parameters<typeof aPool>[0] = {}) =>
  aShoot({ workers: [aPool({ machineImage: { name: "gardenlinux", version: image }, ...more })] });
const down = (text: string, allowed = allowDowngrade) => ({
  workers: { "pool-a": { machineImage: version(text), allowDowngrade: allowed } },
});
const shoot = runs("1877.3.0");

describe("a machine image that may go down", () => {
  it("goes down to the declared version, and is shown as what it is", () => {
    const plan = planned(down("1592.14.0"), { shoot });
    expect(plan.steps).to.deep.equal([
      {
        pools: [
          {
            name: "pool-a",
            machineImage: { name: "gardenlinux", from: "1877.3.0", to: "1592.14.0" },
            replacesNodes: true,
          },
        ],
      },
    ]);
    expect(planMessage(shoot, { kind: "plan", plan }, { adopting: false })).to.contain(
      "web: gardenlinux 1877.3.0 down to 1592.14.0 pending",
    );
    const [notice] = noticesOf(plan, "GU069");
    expect(notice).to.deep.include({
      severity: "warning",
      message:
        "garden-demo/web: gardenlinux of worker pool pool-a goes down to 1592.14.0 from 1877.3.0, " +
        "allowed until 2027-01-31: 1877.3.0 loses the network.",
    });
  });

  it("goes down to the newest supported one that begins so, where it is declared in part", () => {
    expect(planned(down("1592"), { shoot }).target.workers["pool-a"]?.machineImage.version).to.equal(
      "1592.14.0",
    );
  });

  it("may go down on the last day, in UTC, and not after it", () => {
    const on = (day: string) => planned(down("1592.14.0"), { shoot, now: new Date(day) }).steps;
    expect(on("2027-01-31T23:59:59Z")).to.have.length(1);
    const [problem] = refused(down("1592.14.0"), { shoot, now: new Date("2027-02-01T00:00:00Z") });
    expect([problem?.code, problem?.property]).to.deep.equal([
      "GU069",
      'workers["pool-a"].machineImage.allowDowngrade',
    ]);
    expect(problem?.message).to.equal(
      'garden-demo/web: gardenlinux 1877.3.0 of worker pool pool-a may not go down to "1592.14.0": that was allowed ' +
        "until 2027-01-31; set a later date with a reason that holds today, or declare the version that runs.",
    );
  });

  it("is refused while Gardener updates images automatically", () => {
    const { maintenance } = shoot;
    const automatic = { ...maintenance.autoUpdate, machineImageVersion: true };
    const [problem] = refused(down("1592.14.0"), {
      shoot: { ...shoot, maintenance: { ...maintenance, autoUpdate: automatic } },
    });
    expect(problem?.code).to.equal("GU069");
    expect(problem?.message).to.contain("spec.maintenance.autoUpdate.machineImageVersion is true");
  });

  it("is refused for a pool that is updated in place", () => {
    const [problem] = refused(down("1592.14.0"), {
      shoot: runs("1877.3.0", { updateStrategy: "AutoInPlaceUpdate" }),
    });
    expect(problem?.code).to.equal("GU069");
    expect(problem?.message).to.contain("updated in place (AutoInPlaceUpdate)");
  });

  it("is refused to an expired version, which Gardener does not accept", () => {
    const scene = offeringImages(
      anImageVersion("1877.3.0"),
      anImageVersion("1592.10.0"),
      anImageVersion("1443.3.0", { expires: "2020-01-01T00:00:00Z" }),
    );
    const [problem] = refused(down("1443.3.0"), { shoot, ...scene });
    expect(problem?.code).to.equal("GU037");
    expect(problem?.message).to.contain("suitable and older: 1592.10.0");
    expect(refused(down("1443"), { shoot, ...scene })[0]?.code).to.equal("GU037");
  });

  it("is refused to a version that is not offered, or does not serve the pool", () => {
    expect(refused(down("1500.0.0"), { shoot })[0]?.code).to.equal("GU034");
    const scene = offeringImages(
      anImageVersion("1877.3.0"),
      anImageVersion("1592.14.0", { kubeletVersionConstraint: "< 1.20" }),
    );
    expect(refused(down("1592.14.0"), { shoot, ...scene })[0]?.code).to.equal("GU035");
  });

  it("leaves a pool alone that runs the declared version or an older one", () => {
    const [same, older] = [runs("1592.14.0"), runs("1592.10.0")];
    expect(planned(down("1592.14.0"), { shoot: same }).steps).to.deep.equal([]);
    const plan = planned(down("1592.14.0"), { shoot: older });
    expect(plan.steps[0]?.pools[0]?.machineImage?.to).to.equal("1592.14.0");
    expect(noticesOf(plan, "GU069")).to.deep.equal([]);
  });

  it("is reported where it has expired and is not needed any more", () => {
    const later = new Date("2027-02-01T00:00:00Z");
    const [notice] = noticesOf(planned(down("1592.14.0"), { shoot: runs("1592.14.0"), now: later }), "GU069");
    expect(notice?.severity).to.equal("warning");
    expect(notice?.message).to.contain("expired on 2027-01-31 and has no effect; remove it");
  });

  it("is that of its pool alone, and no Kubernetes version goes down with it", () => {
    const two = aShoot({
      kubernetesVersion: "1.34.3",
      workers: [
        aPool({ machineImage: { name: "gardenlinux", version: "1877.3.0" } }),
        aPool({ name: "gpu", machineImage: { name: "gardenlinux", version: "1877.3.0" } }),
      ],
    });
    const plan = planned(
      { ...down("1592.14.0"), kubernetes: version("1.33"), machineImage: version("1592.14.0") },
      { shoot: two },
    );
    expect(
      plan.steps.map(({ kubernetes, pools }) => [kubernetes, pools.map(({ name }) => name)]),
    ).to.deep.equal([[undefined, ["pool-a"]]]);
    expect(plan.target.downgrades).to.deep.equal(["pool-a"]);
  });

  it("goes down in the roll of a Kubernetes minor, so that nodes are replaced once", () => {
    const plan = planned({ ...down("1592.14.0"), kubernetes: version("1.34") }, { shoot });
    expect(plan.steps).to.have.length(1);
    expect(plan.steps[0]?.kubernetes?.to).to.equal("1.34.3");
    expect(plan.steps[0]?.pools[0]?.machineImage?.to).to.equal("1592.14.0");
  });

  it("stays allowed to go down in a run that leaves minors for later ones", () => {
    const plan = planned(
      {
        ...down("1592.14.0"),
        kubernetes: version("1.35"),
        rollout: { ...aDeclaration().rollout, maxMinors: 1, workers: "everyMinor" },
      },
      { shoot: runs("1877.3.0") },
    );
    expect(plan.later).not.to.deep.equal([]);
    expect(targetOfRun(plan, shoot).downgrades).to.deep.equal(["pool-a"]);
  });
});

describe("the rest of a plan in which an image goes down", () => {
  const { target, steps } = planned(down("1592.14.0"), { shoot });

  it("is none once the pool has the version", () => {
    expect(reached(target, shoot)).to.equal(false);
    expect(reached(target, afterSteps(shoot, steps))).to.equal(true);
  });

  it("goes beyond the checked one where somebody has raised the image meanwhile", () => {
    const raised = runs("1950.0.0");
    expect(reached(target, raised)).to.equal(false);
    expect(within(pending(target, raised), steps)).to.equal(false);
    expect(within(pending(target, shoot), steps)).to.equal(true);
  });
});

describe("a machine image that may go down, in unusual cases", () => {
  const twice = { ...allowDowngrade, reason: 'broken\n<{%fg 9%}>\u202e"' };

  it("is shown with a reason that cannot act on a terminal", () => {
    const [notice] = noticesOf(planned(down("1592.14.0", twice), { shoot }), "GU069");
    expect(notice?.message)
      .to.contain("broken")
      .and.not.to.match(/\n|<\{%|\u202e/);
  });

  it("goes down although whenNewer fails for what is newer", () => {
    expect(planned({ ...down("1592.14.0"), whenNewer: "fail" }, { shoot }).steps).to.have.length(1);
  });

  it("stays where the pool has the same version in another spelling", () => {
    expect(planned(down("1877.3"), { shoot }).steps).to.deep.equal([]);
    expect(planned(down("1877.3.0"), { shoot: runs("1877.3") }).steps).to.deep.equal([]);
  });

  it("stays where the pool's version cannot be compared", () => {
    expect(planned(down("1592.14.0"), { shoot: runs("1.2.3.4") }).steps).to.deep.equal([]);
  });

  it("goes down in the last roll of an upgrade over several minors, and that is the only one", () => {
    const plan = planned(
      { ...down("1592.14.0"), kubernetes: version("1.35") },
      { shoot: { ...shoot, gardenerVersion: "v1.150.0" } },
    );
    expect(plan.steps.map(({ pools }) => pools.map(({ machineImage }) => machineImage?.to))).to.deep.equal([
      [],
      ["1592.14.0"],
    ]);
  });

  it("is refused where the lower version does not serve the kubelets of the declared minor", () => {
    const scene = offeringImages(
      anImageVersion("1877.3.0"),
      anImageVersion("1592.14.0", { kubeletVersionConstraint: "< 1.34" }),
    );
    expect(
      refused({ ...down("1592.14.0"), kubernetes: version("1.34") }, { shoot, ...scene })[0]?.code,
    ).to.equal("GU035");
  });

  it("goes down alone, one pool after the other, where a write carries one change", () => {
    const capabilities = { ...everyCapability, combinedWrites: false, poolKubernetesVersions: false };
    const plan = planned({ ...down("1592.14.0"), kubernetes: version("1.34") }, { shoot, capabilities });
    expect(
      plan.steps.map(({ kubernetes, pools }) => [kubernetes?.to, pools[0]?.machineImage?.to]),
    ).to.deep.equal([
      [undefined, "1592.14.0"],
      ["1.34.3", undefined],
    ]);
  });
});

describe("every plan in which images may go down", () => {
  const scenes = fc.record({
    declaration: declarations,
    shoot: shoots,
    profile: profiles,
    now: moments,
    allowed: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.nat(20)),
    automatic: fc.constantFrom(false, false, true),
    alone: fc.constantFrom(true, true, false),
    until: fc.constantFrom("2020-01-01", "2027-05-01", "2030-01-01", "2030-01-01"),
  });

  it("lets nothing go down but the images of those pools, until that day, and comes to rest at its target", () => {
    let lowered = 0;
    fc.assert(
      fc.property(
        scenes,
        ({ declaration, shoot: random, profile, now, allowed, automatic, alone, until }) => {
          const { maintenance } = random;
          const autoUpdate = { ...maintenance.autoUpdate, machineImageVersion: automatic };
          const shoot = { ...random, maintenance: { ...maintenance, autoUpdate } };
          const offered = profile.machineImages[0]?.versions ?? [];
          const lower = shoot.workers.flatMap(({ name }): [string, WorkerDeclaration][] => {
            const one = offered[(allowed[name] ?? Infinity) % offered.length];
            if (one === undefined) return [];
            const allowDowngrade = { until, reason: "a test" };
            return [[name, { machineImage: version(one.version), allowDowngrade }]];
          });
          const workers = { ...(alone ? {} : declaration.workers), ...Object.fromEntries(lower) };
          const declared = alone
            ? { ...declaration, kubernetes: undefined, machineImage: undefined, workers }
            : { ...declaration, workers };
          const result = plan(declared, shoot, profile, now, everyCapability);
          if (result.kind === "refused") return;
          const { steps, target } = result.plan;
          for (const { kubernetes, pools } of steps) {
            for (const move of [kubernetes, ...pools.map((pool) => pool.kubernetes)]) {
              if (move) expect(isNewer(move.to, move.from)).to.equal(true);
            }
            for (const { name, machineImage } of pools) {
              if (machineImage === undefined || isNewer(machineImage.to, machineImage.from)) continue;
              lowered += 1;
              expect(workers[name]?.allowDowngrade).not.to.equal(undefined);
              expect(now.toISOString().slice(0, 10) <= until).to.equal(true);
              expect(shoot.maintenance.autoUpdate.machineImageVersion).to.equal(false);
            }
          }
          const after = afterSteps(shoot, steps);
          expect(reached(target, after)).to.equal(true);
          const again = plan(declared, after, profile, now, everyCapability);
          expect(again.kind === "plan" && again.plan.steps).to.deep.equal([]);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(lowered).to.be.greaterThan(10);
  });
});
