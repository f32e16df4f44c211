import { expect } from "chai";
import { kubernetesProperty, resolveKubernetes } from "../../../provider/plan/kubernetes";
import { aCloudProfile, aDeclaration, aShoot, aVersion, channel, NOW, version } from "../builders";
import { kubernetesOf } from "./asking";

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
