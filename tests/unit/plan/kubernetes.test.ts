import { expect } from "chai";
import { aCloudProfile, aPool, aShoot, aVersion, channel, NOW, version } from "../builders";
import { kubernetesOf, noticesOf, planned, refused } from "./asking";

const live = (kubernetesVersion: string) => ({ shoot: aShoot({ kubernetesVersion }) });
const offering = (...versions: readonly ReturnType<typeof aVersion>[]) => ({
  profile: aCloudProfile({ kubernetesVersions: versions }),
});

describe("a declared Kubernetes version", () => {
  describe("with a patch", () => {
    it("means that version", () => {
      expect(kubernetesOf(version("1.34.3"))).to.equal("1.34.3");
    });

    it("keeps a newer version, with a warning", () => {
      const plan = planned({ kubernetes: version("1.34.1") }, live("1.34.3"));
      expect(plan.target.kubernetesVersion).to.equal("1.34.3");
      expect(plan.steps).to.deep.equal([]);
      expect(noticesOf(plan, "GU039").map(({ severity, message }) => [severity, message])).to.deep.equal([
        [
          "warning",
          'garden-demo/web runs Kubernetes 1.34.3, newer than the declared "1.34.1"; it is not downgraded. ' +
            'Declare the running version, or set whenNewer: "accept".',
        ],
      ]);
    });

    it("may be missing in the CloudProfile once the Shoot has it", () => {
      expect(kubernetesOf(version("1.33.5"), live("1.33.5"))).to.equal("1.33.5");
      expect(kubernetesOf(version("1.31.1"), live("1.33.5"))).to.equal("1.33.5");
    });

    it("may be a preview, with a warning", () => {
      const plan = planned({ kubernetes: version("1.34.4") });
      expect(plan.target.kubernetesVersion).to.equal("1.34.4");
      expect(noticesOf(plan, "GU032").map(({ severity }) => severity)).to.deep.equal(["warning"]);
    });

    it("may be expired, as Gardener takes it on an existing Shoot, with a warning", () => {
      const plan = planned({ kubernetes: version("1.32.9") }, live("1.32.1"));
      expect(plan.target.kubernetesVersion).to.equal("1.32.9");
      expect(noticesOf(plan, "GU037").map(({ severity }) => severity)).to.deep.equal(["warning"]);
    });

    it("may be deprecated, with a warning that names its expiry", () => {
      const [notice] = noticesOf(planned({ kubernetes: version("1.34.1") }), "GU041");
      expect(notice?.severity).to.equal("warning");
      expect(notice?.message).to.contain("Kubernetes 1.34.1 is deprecated, and expires on 2027-04-30");
    });

    it("is refused where it is not offered; the ones within reach are listed", () => {
      const [problem] = refused({ kubernetes: version("1.34.99") });
      expect(problem?.code).to.equal("GU031");
      expect(problem?.property).to.equal("kubernetes.version");
      expect(problem?.message).to.equal(
        'garden-demo/web runs Kubernetes 1.33.4; "1.34.99" is not offered by the CloudProfile aws; possible versions: ' +
          "1.36.0 (preview), 1.35.2, 1.34.4 (preview), 1.34.3, 1.34.1 (deprecated until 2027-04-30), 1.33.9.",
      );
    });

    it("is not offered before its first stage begins", () => {
      const soon = {
        version: "1.33.9",
        lifecycle: [{ classification: "supported" as const, from: new Date("2027-01-01") }],
      };
      expect(refused({ kubernetes: version("1.33.9") }, offering(soon))[0]?.code).to.equal("GU031");
    });
  });

  describe("without a patch", () => {
    it("means the newest supported patch, never a preview", () => {
      expect(kubernetesOf(version("1.34"))).to.equal("1.34.3");
    });

    it("keeps a version that is newer than the newest supported patch", () => {
      const plan = planned({ kubernetes: version("1.34") }, live("1.34.4"));
      expect(plan.target.kubernetesVersion).to.equal("1.34.4");
      expect(noticesOf(plan, "GU039")).to.deep.equal([]);
    });

    it("means a deprecated patch only where no supported one is left, with a warning", () => {
      const scene = offering(aVersion("1.34.1", "deprecated"), aVersion("1.34.2", "deprecated"));
      const plan = planned({ kubernetes: version("1.34") }, scene);
      expect(plan.target.kubernetesVersion).to.equal("1.34.2");
      expect(noticesOf(plan, "GU041")[0]).to.deep.include({
        severity: "warning",
        property: "kubernetes.version",
      });
    });

    it("does not go to a newer deprecated patch while the current one is supported", () => {
      const scene = { ...offering(aVersion("1.34.1"), aVersion("1.34.2", "deprecated")), ...live("1.34.1") };
      expect(kubernetesOf(version("1.34"), scene)).to.equal("1.34.1");
    });

    it("is a floor where the Shoot runs a later minor", () => {
      const plan = planned({ kubernetes: version("1.33") }, live("1.34.1"));
      expect(plan.target.kubernetesVersion).to.equal("1.34.1");
      expect(noticesOf(plan, "GU039")).to.have.length(1);
    });

    it("is refused where there are only preview versions; they are listed", () => {
      const [problem] = refused({ kubernetes: version("1.34") }, offering(aVersion("1.34.0", "preview")));
      expect(problem?.code).to.equal("GU032");
      expect(problem?.message).to.contain("1.34.0 (preview)");
    });

    it("is refused where all have expired", () => {
      const scene = offering(aVersion("1.34.0", "deprecated", "2026-01-01"), aVersion("1.33.9"));
      const [problem] = refused({ kubernetes: version("1.34") }, scene);
      expect(problem?.code).to.equal("GU037");
      expect(problem?.message).to.contain("possible versions: 1.33.9");
    });

    it("is refused where nothing of the minor is offered", () => {
      expect(refused({ kubernetes: version("1.99") })[0]?.code).to.equal("GU031");
    });
  });

  describe("more than one minor above the Shoot's", () => {
    const stepsOf = (...versions: readonly ReturnType<typeof aVersion>[]) =>
      planned({ kubernetes: version("1.35") }, offering(...versions, aVersion("1.35.2"))).steps.map(
        ({ kubernetes }) => kubernetes?.to,
      );

    it("is reached by the newest supported patch of each minor between", () => {
      const versions = [aVersion("1.34.1"), aVersion("1.34.3"), aVersion("1.34.4", "deprecated")];
      expect(stepsOf(...versions)).to.deep.equal(["1.34.3", "1.35.2"]);
    });

    it("is reached by a deprecated one where none is supported, and by an expired one where there is no other", () => {
      expect(stepsOf(aVersion("1.34.1", "deprecated"), aVersion("1.34.9", "preview"))[0]).to.equal("1.34.1");
      expect(stepsOf(aVersion("1.34.1", "supported", "2026-01-01"))[0]).to.equal("1.34.1");
    });

    it("comes with a warning for each version on the way that is not supported", () => {
      const scene = offering(aVersion("1.34.1", "supported", "2026-01-01"), aVersion("1.35.2"));
      const plan = planned({ kubernetes: version("1.35.2") }, scene);
      const named = plan.notices.filter(({ message }) => message.includes("on the way"));
      expect(named.map(({ code, severity, message }) => [code, severity, message])).to.deep.equal([
        [
          "GU037",
          "warning",
          "garden-demo/web: Kubernetes 1.34.1, on the way, has expired since 2026-01-01; Gardener replaces it in the next maintenance window.",
        ],
      ]);
    });

    it("is refused where it is of another major: which minor is the last before it is not known", () => {
      const [problem] = refused({ kubernetes: version("2.0") }, offering(aVersion("2.0.1")));
      expect(problem?.code).to.equal("GU033");
      expect(problem?.message).to.contain("Kubernetes 1.34 cannot be skipped");
    });

    it("is refused where a minor between cannot be used", () => {
      const [problem] = refused({ kubernetes: version("1.35") }, offering(aVersion("1.35.2")));
      expect(problem?.code).to.equal("GU033");
      expect(problem?.message).to.equal(
        'garden-demo/web runs Kubernetes 1.33.4; "1.35" cannot be reached, as Kubernetes 1.34 cannot be skipped, and no ' +
          "version of it can be used (offered: none): ask the garden's operator.",
      );
      const preview = offering(aVersion("1.34.0", "preview"), aVersion("1.35.2"));
      expect(refused({ kubernetes: version("1.35.2") }, preview)[0]?.message).to.contain(
        "offered: 1.34.0 (preview)",
      );
    });
  });

  describe("as channel", () => {
    it("patch stays on the minor", () => {
      expect(kubernetesOf(channel("patch"))).to.equal("1.33.9");
    });

    it("stable means the newest patch of the minor before the newest supported one", () => {
      expect(kubernetesOf(channel("stable"))).to.equal("1.34.3");
    });

    it("rapid means the newest supported version", () => {
      expect(kubernetesOf(channel("rapid"), live("1.34.3"))).to.equal("1.35.2");
    });

    it("goes over several minors, also through a deprecated version", () => {
      const scene = offering(aVersion("1.33.9"), aVersion("1.34.1", "deprecated"), aVersion("1.35.2"));
      const plan = planned({ kubernetes: channel("rapid") }, scene);
      expect(plan.steps.map(({ kubernetes }) => kubernetes?.to)).to.deep.equal(["1.34.1", "1.35.2"]);
    });

    it("stays below a minor that cannot be used, with a warning", () => {
      const scene = offering(aVersion("1.33.9"), aVersion("1.34.1"), aVersion("1.36.2"));
      const plan = planned({ kubernetes: channel("rapid") }, scene);
      expect(plan.target.kubernetesVersion).to.equal("1.34.1");
      expect(noticesOf(plan, "GU033").map(({ severity, message }) => [severity, message])).to.deep.equal([
        [
          "warning",
          'garden-demo/web: channel "rapid" points to Kubernetes 1.36.2, but Kubernetes 1.35 cannot be skipped, and no ' +
            "version of it can be used (offered: none).",
        ],
      ]);
    });

    it("never chooses preview, deprecated or expired versions", () => {
      const others = [
        aVersion("1.33.5", "deprecated"),
        aVersion("1.33.6", "preview"),
        aVersion("1.33.7", "supported", "2026-01-01"),
      ];
      for (const name of ["patch", "stable", "rapid"] as const) {
        expect(kubernetesOf(channel(name), offering(...others)), name).to.equal("1.33.4");
      }
    });

    it("is a floor without a message: it names no version that the Shoot could be beyond", () => {
      const plan = planned({ kubernetes: channel("stable"), whenNewer: "fail" }, live("1.36.0"));
      expect(plan.target.kubernetesVersion).to.equal("1.36.0");
      expect(plan.steps).to.deep.equal([]);
    });
  });

  describe("below the Shoot's version", () => {
    it("is accepted in silence on demand", () => {
      const plan = planned({ kubernetes: version("1.32"), whenNewer: "accept" });
      expect(noticesOf(plan, "GU039").map(({ severity }) => severity)).to.deep.equal(["info"]);
    });

    it("fails on demand", () => {
      const [problem] = refused({ kubernetes: version("1.32"), whenNewer: "fail" });
      expect([problem?.code, problem?.property]).to.deep.equal(["GU039", "kubernetes.version"]);
    });
  });

  describe("and pinned pools", () => {
    it("keeps their versions, with a notice", () => {
      const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu", kubernetesVersion: "1.33.4" })] });
      const plan = planned({ kubernetes: version("1.34") }, { shoot });
      expect(plan.target.workers["gpu"]?.kubernetesVersion).to.equal("1.33.4");
      expect(plan.steps[0]?.pools.map(({ name }) => name)).to.deep.equal(["pool-a"]);
      expect(noticesOf(plan, "GU061").map(({ message }) => message)).to.deep.equal([
        "garden-demo/web: worker pool gpu is pinned and stays on Kubernetes 1.33.4.",
      ]);
    });

    it("is refused where one would fall more than three minors behind", () => {
      const gpu = (kubernetesVersion: string) => ({
        shoot: aShoot({ workers: [aPool({ name: "gpu", kubernetesVersion })] }),
      });
      expect(kubernetesOf(version("1.34"), gpu("1.31.2"))).to.equal("1.34.3");
      const [problem] = refused({ kubernetes: version("1.34") }, gpu("1.30.2"));
      expect([problem?.code, problem?.property]).to.deep.equal(["GU036", "kubernetes.version"]);
      expect(problem?.message).to.contain("worker pool gpu is pinned to Kubernetes 1.30.2");
    });
  });

  it("is refused where it is not a version, and so is a major alone", () => {
    for (const text of ["1", "latest", "1.2.3.4", ""]) {
      expect(refused({ kubernetes: version(text) })[0]?.code, text).to.equal("GU024");
    }
  });

  it("does not depend on the hour: a version that expires overnight turns no pipeline red", () => {
    const scene = { ...offering(aVersion("1.33.4", "deprecated", "2026-11-23T18:00:00Z")), now: NOW };
    const tomorrow = new Date("2026-11-24T12:00:00Z");
    expect(kubernetesOf(version("1.33.4"), scene)).to.equal("1.33.4");
    expect(kubernetesOf(version("1.33.4"), { ...scene, now: tomorrow })).to.equal("1.33.4");
  });
});
