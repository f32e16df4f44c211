import { expect } from "chai";
import { aCloudProfile, anImage, anImageVersion, aPool, aShoot, channel, version } from "../builders";
import { imageOf, noticesOf, offeringImages, planned, refused } from "./asking";

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

  describe("as channel", () => {
    it("patch stays on the minor", () => {
      const scene = offeringImages(
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
