import { expect } from "chai";
import type { MachineImageVersion } from "../../../provider/model/cloudprofile";
import { aCloudProfile, anImage, anImageVersion, aPool, aShoot, channel, version } from "../builders";
import { imageOf, noticesOf, planned, refused } from "./asking";

const offering = (...versions: readonly MachineImageVersion[]) => ({
  profile: aCloudProfile({ machineImages: [anImage({ versions })] }),
});
const live = (imageVersion: string) => ({
  shoot: aShoot({ workers: [aPool({ machineImage: { name: "gardenlinux", version: imageVersion } })] }),
});

describe("a declared machine image version", () => {
  it("means that version where it is given in full", () => {
    expect(imageOf(version("1877.3.0"))).to.equal("1877.3.0");
  });

  it("with fewer parts means the newest supported one that begins so", () => {
    expect(imageOf(version("1592"))).to.equal("1592.14.0");
    expect(imageOf(version("1877.2"))).to.equal("1877.2.0");
    expect(imageOf(version("1877"))).to.equal("1877.3.0");
  });

  it("with fewer parts means a deprecated one only where no supported one suits, with a warning", () => {
    const plan = planned({ machineImage: version("1877.2") });
    const [notice] = noticesOf(plan, "GU041");
    expect(notice?.severity).to.equal("warning");
    expect(notice?.message).to.contain("gardenlinux 1877.2.0 for worker pool pool-a is deprecated");
  });

  it("is a floor: a newer version is kept", () => {
    const plan = planned({ machineImage: version("1443.3.0") });
    expect(plan.steps).to.deep.equal([]);
    expect(noticesOf(plan, "GU039").map(({ message }) => message)).to.deep.equal([
      'garden-demo/web (worker pool pool-a) runs gardenlinux 1592.10.0, newer than the declared "1443.3.0"; ' +
        'it is not downgraded. Declare the running version, or set whenNewer: "accept".',
    ]);
  });

  it("may be missing in the CloudProfile once the pool has it", () => {
    expect(imageOf(version("1500.1.0"), live("1500.1.0"))).to.equal("1500.1.0");
  });

  it("keeps a version that cannot be compared", () => {
    expect(imageOf(version("1877"), live("1.2.3.4"))).to.equal("1.2.3.4");
  });

  it("may be a preview where it is named exactly", () => {
    expect(imageOf(version("1950.0.0"))).to.equal("1950.0.0");
    expect(refused({ machineImage: version("1950") })[0]?.code).to.equal("GU032");
  });

  it("that is not a version is refused", () => {
    expect(refused({ machineImage: version("latest") })[0]?.code).to.equal("GU024");
  });

  it("that is not offered is refused; those offered and suitable are listed", () => {
    const [problem] = refused({ machineImage: version("1600.0.0") });
    expect([problem?.code, problem?.property]).to.deep.equal(["GU034", "machineImage.version"]);
    expect(problem?.message).to.equal(
      'garden-demo/web: gardenlinux "1600.0.0" for worker pool pool-a is not offered by the CloudProfile aws; ' +
        "suitable and newer: 1950.0.0 (preview), 1877.3.0, 1877.2.0 (deprecated until 2027-06-30), 1592.14.0.",
    );
  });

  it("is refused once for all pools that have the same trouble", () => {
    const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu" })] });
    const problems = refused({ machineImage: version("1600.0.0") }, { shoot });
    expect(problems).to.have.length(1);
    expect(problems[0]?.message).to.contain("worker pool pool-a, gpu is not offered");
  });

  it("is only looked for among versions of the pool's own image", () => {
    const suse = anImage({ name: "suse-chost", versions: [anImageVersion("1877.3.0")] });
    const [problem] = refused(
      { machineImage: version("1877.3.0") },
      { profile: aCloudProfile({ machineImages: [suse] }) },
    );
    expect(problem?.code).to.equal("GU034");
    expect(problem?.message).to.contain("suitable and newer: none");
  });

  describe("that does not suit the pool", () => {
    const newer = (parts: Partial<MachineImageVersion>) => offering(anImageVersion("1877.3.0", parts));

    it("is refused for its architecture", () => {
      const [problem] = refused({ machineImage: version("1877.3.0") }, newer({ architectures: ["arm64"] }));
      expect(problem?.code).to.equal("GU035");
      expect(problem?.message).to.contain(
        "gardenlinux 1877.3.0 does not suit worker pool pool-a: it is made for arm64, not for amd64",
      );
    });

    it("is refused for its container runtime interface", () => {
      const [problem] = refused(
        { machineImage: version("1877.3.0") },
        newer({ cri: [{ name: "cri-o", containerRuntimes: [] }] }),
      );
      expect(problem?.message).to.contain("it has cri-o, not containerd");
    });

    it("is refused for a container runtime that it lacks", () => {
      const cri = { name: "containerd", containerRuntimes: ["gvisor"] };
      const scene = { ...newer({}), shoot: aShoot({ workers: [aPool({ cri })] }) };
      expect(refused({ machineImage: version("1877.3.0") }, scene)[0]?.message).to.contain(
        "it lacks the container runtime gvisor",
      );
    });

    it("is refused for the kubelets it cannot run", () => {
      const [problem] = refused(
        { machineImage: version("1877.3.0") },
        newer({ kubeletVersionConstraint: ">= 1.34" }),
      );
      expect(problem?.message).to.contain("it runs kubelets >= 1.34 only, not 1.33.4");
    });

    it("is passed over by a prefix and by a channel", () => {
      const versions = [anImageVersion("1877.2.0"), anImageVersion("1877.3.0", { architectures: ["arm64"] })];
      expect(imageOf(version("1877"), offering(...versions))).to.equal("1877.2.0");
      expect(imageOf(channel("major"), offering(...versions))).to.equal("1877.2.0");
    });

    it("suits when the kubelets are upgraded in the same step", () => {
      const scene = newer({ kubeletVersionConstraint: ">= 1.34" });
      const plan = planned({ kubernetes: version("1.34"), machineImage: version("1877.3.0") }, scene);
      expect(plan.steps).to.have.length(1);
      expect(plan.steps[0]?.pools[0]?.machineImage?.to).to.equal("1877.3.0");
    });
  });

  describe("and in-place updates", () => {
    const inPlace = { shoot: aShoot({ workers: [aPool({ updateStrategy: "AutoInPlaceUpdate" })] }) };

    it("are refused where the image does not support them", () => {
      const [problem] = refused({ machineImage: version("1877.3.0") }, inPlace);
      expect(problem?.message).to.contain("it cannot be installed in place, as AutoInPlaceUpdate requires");
    });

    it("are refused from a version below the least one", () => {
      const inPlaceUpdates = { supported: true, minVersionForUpdate: "1592.12.0" };
      const scene = { ...inPlace, ...offering(anImageVersion("1877.3.0", { inPlaceUpdates })) };
      const [problem] = refused({ machineImage: version("1877.3.0") }, scene);
      expect(problem?.message).to.contain(
        "it can be installed in place from 1592.12.0 on, not from 1592.10.0",
      );
    });

    it("are refused where the image names no least version, as Gardener refuses them", () => {
      const scene = {
        ...inPlace,
        ...offering(anImageVersion("1877.3.0", { inPlaceUpdates: { supported: true } })),
      };
      const [problem] = refused({ machineImage: version("1877.3.0") }, scene);
      expect(problem?.code).to.equal("GU035");
      expect(problem?.message).to.contain("does not name the first version for that (minVersionForUpdate)");
    });

    it("are planned from the least version on", () => {
      const inPlaceUpdates = { supported: true, minVersionForUpdate: "1592.10.0" };
      const scene = { ...inPlace, ...offering(anImageVersion("1877.3.0", { inPlaceUpdates })) };
      expect(imageOf(version("1877.3.0"), scene)).to.equal("1877.3.0");
    });
  });

  describe("as channel", () => {
    it("patch stays on the minor", () => {
      const scene = offering(
        anImageVersion("1592.10.5"),
        anImageVersion("1592.14.0"),
        anImageVersion("1877.3.0"),
      );
      expect(imageOf(channel("patch"), scene)).to.equal("1592.10.5");
    });

    it("minor stays on the major", () => {
      expect(imageOf(channel("minor"))).to.equal("1592.14.0");
    });

    it("major takes the newest supported one, never a preview", () => {
      expect(imageOf(channel("major"))).to.equal("1877.3.0");
    });

    it("stays where nothing newer is supported", () => {
      expect(imageOf(channel("major"), live("1950.0.0"))).to.equal("1950.0.0");
    });
  });

  describe("for single pools", () => {
    const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu" })] });
    const targets = (declared: Parameters<typeof planned>[0]) =>
      Object.entries(planned(declared, { shoot }).target.workers).map(([name, pool]) => [
        name,
        pool.machineImage.version,
      ]);

    it("comes before the one for all", () => {
      const declared = {
        machineImage: version("1877.3.0"),
        workers: { gpu: { machineImage: version("1592.14.0") } },
      };
      expect(targets(declared)).to.deep.equal([
        ["pool-a", "1877.3.0"],
        ["gpu", "1592.14.0"],
      ]);
    });

    it("leaves pools alone that nothing is declared for", () => {
      expect(targets({ workers: { gpu: { machineImage: version("1592.14.0") } } })).to.deep.equal([
        ["pool-a", "unmanaged"],
        ["gpu", "1592.14.0"],
      ]);
    });

    it("falls back to the one for all where the pool is named without an image", () => {
      expect(targets({ machineImage: version("1877.3.0"), workers: { gpu: {} } })[1]).to.deep.equal([
        "gpu",
        "1877.3.0",
      ]);
    });

    it("is named by its own path in messages", () => {
      const [problem] = refused({ workers: { gpu: { machineImage: version("1600.0.0") } } }, { shoot });
      expect(problem?.property).to.equal('workers["gpu"].machineImage.version');
    });
  });
});

describe("an image that stays while Kubernetes moves", () => {
  const scene = offering(
    anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.34" }),
    anImageVersion("1877.3.0", { kubeletVersionConstraint: ">= 1.33, < 1.36" }),
  );

  it("refuses the upgrade where it cannot run the new kubelets, and the ones that can are named", () => {
    const [problem] = refused({ kubernetes: version("1.34") }, scene);
    expect([problem?.code, problem?.property]).to.deep.equal(["GU035", "kubernetes.version"]);
    expect(problem?.message).to.equal(
      "garden-demo/web: gardenlinux 1592.10.0 of worker pool pool-a runs kubelets < 1.34 only, not 1.34.3; " +
        "declare a machineImage version that suits; suitable and newer: 1877.3.0.",
    );
  });

  it("refuses it, too, where the declared image version holds it back", () => {
    const [problem] = refused({ kubernetes: version("1.34"), machineImage: version("1592.10.0") }, scene);
    expect(problem?.property).to.equal("machineImage.version");
  });

  it("does not hinder a patch that it can run", () => {
    expect(planned({ kubernetes: version("1.33") }, scene).steps).to.have.length(1);
  });

  it("does not concern a pool that is pinned below", () => {
    const shoot = aShoot({ workers: [aPool({ kubernetesVersion: "1.33.4" })] });
    expect(planned({ kubernetes: version("1.34") }, { ...scene, shoot }).steps).to.have.length(1);
  });
});

describe("an image that no longer suits the pool that runs it", () => {
  const constrained = anImageVersion("1592.10.0", { kubeletVersionConstraint: "< 1.33" });
  const scene = {
    ...offering(constrained, anImageVersion("1877.3.0")),
    shoot: aShoot({
      workers: [aPool(), aPool({ name: "gpu", machineImage: { name: "gardenlinux", version: "1877.2.0" } })],
    }),
  };
  const gpu = { gpu: { machineImage: version("1877.3.0") } };

  it("refuses every change, also of another pool, as Gardener checks all images at each", () => {
    const [problem] = refused({ workers: gpu }, scene);
    expect([problem?.code, problem?.property]).to.deep.equal(["GU035", undefined]);
    expect(problem?.message).to.equal(
      "garden-demo/web: gardenlinux 1592.10.0 of worker pool pool-a runs kubelets < 1.33 only, not 1.33.4, " +
        "and Gardener refuses every change of the Shoot until this is fixed; declare a machineImage version that suits; " +
        "suitable and newer: 1877.3.0.",
    );
  });

  it("is refused for the machine capabilities that it lacks as well", () => {
    const profile = aCloudProfile({
      machineCapabilities: { bootMode: ["bios", "uefi"] },
      machineTypes: [{ name: "m5.large", architecture: "amd64", capabilities: { bootMode: ["uefi"] } }],
      machineImages: [
        anImage({
          versions: [
            anImageVersion("1592.10.0", { capabilityFlavors: [{ bootMode: ["bios"] }] }),
            anImageVersion("1877.3.0"),
          ],
        }),
      ],
    });
    const [problem] = refused({ kubernetes: version("1.33") }, { profile });
    expect(problem?.code).to.equal("GU035");
    expect(problem?.message).to.contain(
      "gardenlinux 1592.10.0 of worker pool pool-a lacks capabilities of machine type m5.large, and Gardener refuses every change",
    );
  });

  it("hinders nothing where the same step replaces it", () => {
    const plan = planned({ machineImage: version("1877.3.0") }, scene);
    expect(plan.steps[0]?.pools.map(({ name }) => name)).to.deep.equal(["pool-a", "gpu"]);
  });

  it("is no matter where there is nothing to change", () => {
    expect(planned({ workers: { gpu: { machineImage: version("1877.2.0") } } }, scene).steps).to.deep.equal(
      [],
    );
  });
});
