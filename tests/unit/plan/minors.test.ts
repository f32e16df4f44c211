import { expect } from "chai";
import type { Declaration } from "../../../provider/model/declaration";
import { ROLLOUT_ANNOTATION } from "../../../provider/model/shoot";
import { describeStep } from "../../../provider/plan";
import {
  aCloudProfile,
  aDeclaration,
  anImage,
  anImageVersion,
  aPool,
  aShoot,
  aVersion,
  version,
} from "../builders";
import { noticesOf, planned, type Scene } from "./asking";

/** Four supported minors. */
const profile = aCloudProfile({
  kubernetesVersions: ["1.32.9", "1.33.9", "1.34.3", "1.35.2"].map((text) => aVersion(text)),
  machineImages: [
    anImage({
      versions: [
        anImageVersion("1592.10.0", { inPlaceUpdates: { supported: true } }),
        anImageVersion("1877.3.0"),
      ],
    }),
  ],
});
const rollout = (parts: Partial<Declaration["rollout"]>) => ({
  rollout: { ...aDeclaration().rollout, ...parts },
});
const upgrade = { kubernetes: version("1.35"), machineImage: version("1877.3.0") };
const on = (parts: Parameters<typeof aShoot>[0]): Scene => ({
  profile,
  shoot: aShoot({ kubernetesVersion: "1.32.9", gardenerVersion: "v1.150.0", ...parts }),
});

/** By step: the control plane's version, and the pools whose nodes are replaced. */
const rolls = (declared: Partial<Declaration>, scene: Scene) =>
  planned(declared, scene).steps.map(({ kubernetes, pools }) => [
    kubernetes?.to,
    ...pools.flatMap(({ name, replacesNodes }) => (replacesNodes ? [name] : [])),
  ]);
const messages = (declared: Partial<Declaration>, scene: Scene, code: Parameters<typeof noticesOf>[1]) =>
  noticesOf(planned(declared, scene), code).map(({ message }) => message);

describe("a plan over several minors", () => {
  it("replaces the nodes at the last one, up to three minors", () => {
    expect(rolls(upgrade, on({}))).to.deep.equal([["1.33.9"], ["1.34.3"], ["1.35.2", "pool-a"]]);
  });

  for (const gardenerVersion of ["v1.126.4", undefined]) {
    it(`replaces them after two where Gardener is ${gardenerVersion ?? "of an unknown release"}, and as late as that allows`, () => {
      expect(rolls(upgrade, on({ gardenerVersion }))).to.deep.equal([
        ["1.33.9"],
        ["1.34.3", "pool-a"],
        ["1.35.2", "pool-a"],
      ]);
    });
  }

  it("names the replacements of each pool and in all, the extra nodes by zone, and what each change on its own would cost", () => {
    const workers = [
      aPool({ maxSurge: "50%", minimum: 2, maximum: 4, zones: ["a", "b"] }),
      aPool({ name: "gpu", minimum: 1, maximum: 1 }),
    ];
    expect(messages(upgrade, on({ workers }), "GU066")).to.deep.equal([
      "garden-demo/web: pool-a, gpu held back while the control plane goes ahead; nodes are replaced pool-a once, gpu once: " +
        "3 to 5 nodes in all. Each minor and each image on its own: 12 to 20 nodes. " +
        "Up to 3 more at a time: pool-a 2 in zones a, b, gpu 1.",
    ]);
  });

  it("replaces the nodes at each minor where the program prefers that, with the image in the last roll", () => {
    const declared = { ...upgrade, ...rollout({ workers: "everyMinor" }) };
    expect(rolls(declared, on({}))).to.deep.equal([
      ["1.33.9", "pool-a"],
      ["1.34.3", "pool-a"],
      ["1.35.2", "pool-a"],
    ]);
    expect(messages(declared, on({}), "GU062")[0]).to.contain(
      "nodes are replaced pool-a 3 times: 9 nodes in all. Each minor and each image on its own: 12 nodes.",
    );
    expect(messages(declared, on({}), "GU066")).to.deep.equal([]);
  });

  it("takes pools that are updated in place from minor to minor, and holds the others back", () => {
    const workers = [aPool(), aPool({ name: "metal", updateStrategy: "AutoInPlaceUpdate" })];
    expect(rolls({ kubernetes: version("1.35") }, on({ workers }))).to.deep.equal([
      ["1.33.9", "metal"],
      ["1.34.3", "metal"],
      ["1.35.2", "pool-a", "metal"],
    ]);
  });

  it("announces what maxMinors leaves for later runs", () => {
    const declared = { ...upgrade, ...rollout({ maxMinors: 1 }) };
    const plan = planned(declared, on({}));
    expect([plan.steps.length, plan.later.length]).to.deep.equal([1, 2]);
    expect(messages(declared, on({}), "GU068")).to.deep.equal([
      'garden-demo/web: rollout.maxMinors leaves 2 steps for later runs of `pulumi up`; this one ends with state "pending".',
    ]);
    expect(messages({ ...upgrade, ...rollout({ maxMinors: 2 }) }, on({}), "GU068")[0]).to.contain(
      "leaves 1 step for",
    );
    expect(messages({ ...upgrade, ...rollout({ maxMinors: 3 }) }, on({}), "GU068")).to.deep.equal([]);
  });
});

describe("a worker pool that a rollout holds back and to which somebody else gives a version", () => {
  const recorded = (kubernetesVersion: string | undefined) =>
    on({
      kubernetesVersion: "1.34.3",
      workers: [aPool({ kubernetesVersion })],
      annotations: {
        [ROLLOUT_ANNOTATION]: JSON.stringify({ pools: { "pool-a": "1.32.9" }, target: "1.35.2" }),
      },
    });
  const steps = (kubernetesVersion: string | undefined) => {
    const scene = recorded(kubernetesVersion);
    const { shoot = aShoot() } = scene;
    return planned({ kubernetes: version("1.35") }, scene).steps.map((step) => describeStep(step, shoot));
  };

  it("stays pinned, with a warning that names the version", () => {
    expect(messages({ kubernetes: version("1.35") }, recorded("1.33.9"), "GU067")).to.deep.equal([
      "garden-demo/web: worker pool pool-a, which a rollout was holding back, is pinned to Kubernetes 1.33.9 now; " +
        "this was not changed by pulumi-gardener, and stays.",
    ]);
    expect(steps("1.33.9")).to.deep.equal(["Kubernetes 1.34.3 → 1.35.2: the control plane only"]);
  });

  it("follows the control plane again where the version is removed, with a warning", () => {
    expect(messages({ kubernetes: version("1.35") }, recorded(undefined), "GU067")).to.deep.equal([
      "garden-demo/web: worker pool pool-a, which a rollout was holding back, follows the control plane again; " +
        "this was not changed by pulumi-gardener, and stays.",
    ]);
    expect(steps(undefined)).to.deep.equal(["Kubernetes 1.34.3 → 1.35.2: pool-a, 3 nodes, 1 at a time"]);
  });

  it("is still held back where maintenance gives it a newer patch", () => {
    expect(messages({ kubernetes: version("1.35") }, recorded("1.32.10"), "GU067")).to.deep.equal([]);
    const [step] = planned({ kubernetes: version("1.35") }, recorded("1.32.10")).steps;
    expect(step?.pools[0]?.kubernetes).to.deep.equal({ from: "1.32.10", to: "1.35.2" });
  });
});
