import { expect } from "chai";
import type { GetUpgradesResult, Target } from "pulumi-gardener";
import { checked, violationsOf, type Declared } from "../../../examples/policies/declarations";
import { expiringVersions, previewVersions } from "../../../examples/policies/versions";
import { upgrades } from "../../../provider/plan";
import { aCloudProfile, aShoot, NOW } from "../builders";

describe("the policies of examples/policies", () => {
  const offered: GetUpgradesResult = upgrades(aShoot(), aCloudProfile(), NOW);
  const target = (kubernetesVersion: string, version = "1592.14.0"): Target => ({
    kubernetesVersion,
    workers: { "pool-a": { kubernetesVersion, machineImage: { name: "gardenlinux", version } } },
  });

  it("refuse preview versions of Kubernetes and of machine images", () => {
    expect(previewVersions(target("1.34.4", "1950.0.0"), offered)).to.deep.equal([
      "Kubernetes 1.34.4 is a preview; production clusters run supported versions.",
      "gardenlinux of pool-a 1950.0.0 is a preview; production clusters run supported versions.",
    ]);
  });

  it("accept supported and deprecated versions, and what is not managed", () => {
    expect(previewVersions(target("1.34.3"), offered)).to.deep.equal([]);
    expect(previewVersions(target("1.34.1", "unmanaged"), offered)).to.deep.equal([]);
  });

  it("refuse what expires within the days given", () => {
    const expiring = (days: number) => expiringVersions(target("1.33.4"), offered, days, NOW);
    expect(expiring(100)).to.deep.equal([
      "Kubernetes 1.33.4 expires on 2027-02-28, within 100 days; declare a newer version.",
    ]);
    expect(expiring(90)).to.deep.equal([]);
  });

  describe("for declarations", () => {
    const rules = {
      isProduction: ({ project }: { readonly project?: string }) => project === "production",
    };
    const declared = (parts: Partial<Declared>, project = "production"): Declared => ({
      shoot: { project, name: "web" },
      ...parts,
    });
    const violations = (declaration: Declared) => violationsOf(declaration, rules, NOW);

    it("refuse channels that cross minors in production", () => {
      const crossing = {
        kubernetes: { channel: "stable" },
        machineImage: { channel: "major" },
        workers: { gpu: { machineImage: { channel: "minor" } } },
      } as const;
      const found = violations(declared(crossing));
      expect(found.map((text) => text.split(" is ")[0])).to.deep.equal([
        "kubernetes.channel",
        "machineImage.channel",
        "workers.gpu.machineImage.channel",
      ]);
      expect(violations(declared(crossing, "staging"))).to.deep.equal([]);
    });

    it("fail the program with one message", () => {
      expect(() => checked(declared({ kubernetes: { channel: "rapid" } }), rules)).to.throw(
        'web: kubernetes.channel is "rapid"',
      );
      const kept = declared({ kubernetes: { version: "1.34" } });
      expect(checked(kept, rules)).to.equal(kept);
    });

    it("accept the channel patch, and versions", () => {
      expect(violations(declared({ kubernetes: { channel: "patch" } }))).to.deep.equal([]);
      expect(violations(declared({ kubernetes: { version: "1.34" } }))).to.deep.equal([]);
    });

    it("refuse waivers whose date is far away, or no date", () => {
      const waiver = (until: string) =>
        violations(
          declared({ preflight: { waivers: [{ check: "drain", until, reason: "moves in January" }] } }),
        );
      expect(waiver("2027-01-31")).to.deep.equal([]);
      expect(waiver("2099-01-01")).to.have.length(1);
      expect(waiver("soon")).to.deep.equal(['The waiver for drain has no date; give until: "2027-01-31".']);
    });
  });
});
