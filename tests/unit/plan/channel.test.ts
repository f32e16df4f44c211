import { expect } from "chai";
import { kubernetesProperty, resolveKubernetes } from "../../../provider/plan/kubernetes";
import { ROLLOUT_ANNOTATION } from "../../../provider/model/shoot";
import { aCloudProfile, aDeclaration, aPool, aShoot, aVersion, channel, NOW, version } from "../builders";
import { kubernetesOf, noticesOf, planned, refused } from "./asking";

const running = (kubernetesVersion: string) => ({ shoot: aShoot({ kubernetesVersion }) });
const resolved = (
  declared: Parameters<typeof kubernetesOf>[0],
  shoot = aShoot(),
  profile = aCloudProfile(),
) => resolveKubernetes(aDeclaration({ kubernetes: declared }), shoot, profile, NOW);

describe("the stable channel", () => {
  it("does not go to the newest supported minor", () => {
    expect(kubernetesOf(channel("stable"), running("1.34.3"))).to.equal("1.34.3");
    expect(kubernetesOf(channel("rapid"), running("1.34.3"))).to.equal("1.35.2");
  });

  it("goes to the minor before the newest where patches of both are offered", () => {
    const kubernetesVersions = ["1.34.3", "1.34.5", "1.35.1", "1.35.2"].map((text) => aVersion(text));
    const scene = { ...running("1.34.3"), profile: aCloudProfile({ kubernetesVersions }) };
    expect(kubernetesOf(channel("stable"), scene)).to.equal("1.34.5");
  });

  it("stays where nothing is supported, or only one minor", () => {
    for (const versions of [[], [aVersion("1.33.9")]]) {
      expect(
        resolved(channel("stable"), aShoot(), aCloudProfile({ kubernetesVersions: versions })),
      ).to.deep.equal({
        version: "1.33.4",
        problems: [],
      });
    }
  });
});

describe("the Kubernetes version that a declaration resolves to", () => {
  it("has no problem where it is the next minor of a channel", () => {
    expect(resolved(channel("rapid"), aShoot({ kubernetesVersion: "1.34.3" }))).to.deep.equal({
      version: "1.35.2",
      problems: [],
    });
    expect(resolved(channel("patch"), aShoot({ kubernetesVersion: "1.33.9" }))).to.deep.equal({
      version: "1.33.9",
      problems: [],
    });
  });

  it("has no problem where it is the running one, or none is declared", () => {
    expect(resolved(version("1.33.4"))).to.deep.equal({ version: "1.33.4", problems: [] });
    expect(resolved(undefined)).to.deep.equal({ version: "unmanaged", problems: [] });
  });

  it("is refused with an example where it is not a version", () => {
    expect(resolved(version("latest")).problems[0]?.message).to.equal(
      'garden-demo/web runs Kubernetes 1.33.4; "latest" is not a Kubernetes version; declare one such as "1.34" or "1.34.3".',
    );
  });

  it("is declared by the property that messages name", () => {
    const property = (declared: Parameters<typeof kubernetesOf>[0]) =>
      kubernetesProperty(aDeclaration({ kubernetes: declared }));
    expect(property(channel("rapid"))).to.equal("kubernetes.channel");
    expect(property(version("1.34"))).to.equal("kubernetes.version");
    expect(property(undefined)).to.equal("kubernetes.version");
  });
});

describe("a channel beyond what a pinned worker pool allows", () => {
  const pinned = (pin: string, parts: Parameters<typeof aShoot>[0] = {}) =>
    aShoot({
      kubernetesVersion: "1.33.9",
      workers: [aPool(), aPool({ name: "gpu", kubernetesVersion: pin })],
      ...parts,
    });

  it("goes to the highest version that the pin allows, and names the pin", () => {
    const shoot = pinned("1.31.9");
    const plan = planned({ kubernetes: channel("rapid") }, { shoot });
    expect(plan.target.kubernetesVersion).to.equal("1.34.3");
    expect(noticesOf(plan, "GU036").map(({ severity, message }) => [severity, message])).to.deep.equal([
      [
        "warning",
        'garden-demo/web: channel "rapid" points to Kubernetes 1.35.2, but worker pools are pinned (gpu to 1.31.9) and may be ' +
          "3 minors behind it at most; with them Kubernetes goes no further than 1.34.3. Raise " +
          "spec.provider.workers[].kubernetes.version of these pools to continue.",
      ],
    ]);
  });

  it("counts two minors on a Gardener that allows no more", () => {
    const shoot = pinned("1.32.9", { gardenerVersion: "v1.126.0" });
    expect(planned({ kubernetes: channel("rapid") }, { shoot }).target.kubernetesVersion).to.equal("1.34.3");
  });

  it("stays where the pin allows no newer version", () => {
    const shoot = pinned("1.30.9");
    const plan = planned({ kubernetes: channel("rapid") }, { shoot });
    expect(plan.steps).to.deep.equal([]);
    expect(noticesOf(plan, "GU036")[0]?.message).to.contain("no further than 1.33.9");
  });

  it("is not bound by a pool that a rollout holds back", () => {
    const annotations = {
      [ROLLOUT_ANNOTATION]: JSON.stringify({ pools: { gpu: "1.31.9" }, target: "1.35.2" }),
    };
    const shoot = pinned("1.31.9", { annotations, gardenerVersion: "v1.140.0" });
    const plan = planned({ kubernetes: channel("rapid") }, { shoot });
    expect(plan.target.kubernetesVersion).to.equal("1.35.2");
    expect(noticesOf(plan, "GU036")).to.deep.equal([]);
  });

  it("is refused where the version is declared", () => {
    for (const text of ["1.35", "1.35.2"]) {
      const shoot = pinned("1.31.9");
      expect(refused({ kubernetes: version(text) }, { shoot })[0]?.code, text).to.equal("GU036");
    }
  });
});
