import { expect } from "chai";
import type { GardenCapabilities } from "../../../provider/model/capabilities";
import type { Declaration } from "../../../provider/model/declaration";
import { ROLLOUT_ANNOTATION, type Shoot } from "../../../provider/model/shoot";
import { aDeclaration, anImageVersion, aPool, aShoot, everyCapability, version } from "../builders";
import { offeringImages, planned, refused } from "./asking";

const oneByOne: GardenCapabilities = {
  ...everyCapability,
  combinedWrites: false,
  poolKubernetesVersions: false,
};
const upgrade = { kubernetes: version("1.35"), machineImage: version("1877.3.0") };
const everyMinor = { rollout: { ...aDeclaration().rollout, workers: "everyMinor" as const } };

const served = (text: string, kubeletVersionConstraint?: string, classification?: "deprecated" | "preview") =>
  anImageVersion(text, { kubeletVersionConstraint, ...(classification && { classification }) });

function messages(
  declared: Partial<Declaration>,
  images: readonly ReturnType<typeof served>[],
  capabilities = everyCapability,
  shoot: Shoot = aShoot(),
): readonly string[] {
  return refused(declared, { ...offeringImages(...images), capabilities, shoot }).map(
    ({ code, message }) => `${code} ${message}`,
  );
}

describe("a machine image that can be reached through another one only", () => {
  it("is refused with the step, the kubelets that either image serves, and the image to declare first", () => {
    const images = [
      served("1592.10.0", "< 1.34"),
      served("1592.14.0", "< 1.35"),
      served("1700.0.0", "< 1.35"),
      served("1877.3.0", ">= 1.35"),
    ];
    expect(messages(upgrade, images, oneByOne)).to.deep.equal([
      "GU035 garden-demo/web: worker pool pool-a cannot go from Kubernetes 1.33.4 to 1.35.2 and from gardenlinux 1592.10.0 to " +
        "1877.3.0 directly: at Kubernetes 1.34.3 its kubelets have to run 1.34.3, but 1592.10.0 runs kubelets < 1.34 only, not " +
        "1.34.3 and 1877.3.0 runs kubelets >= 1.35 only, not 1.34.3. No image between them leads there with the kubelets of " +
        "today; declare a lower Kubernetes minor first, with an image that serves it.",
    ]);
    const served35 = images.map((one) => (one.version === "1700.0.0" ? served("1700.0.0", "< 1.36") : one));
    expect(messages(upgrade, served35, oneByOne)[0]).to.contain(
      "not 1.34.3. Declare gardenlinux 1700.0.0 for it first, with Kubernetes left at 1.33.4, and these versions after that.",
    );
  });

  it("is refused, where a garden takes one change at a time, for the kubelets of before", () => {
    const images = [served("1592.10.0", "< 1.34"), served("1700.0.0"), served("1877.3.0", ">= 1.34")];
    expect(messages({ ...upgrade, kubernetes: version("1.34") }, images, oneByOne)).to.deep.equal([
      "GU035 garden-demo/web: worker pool pool-a cannot go from Kubernetes 1.33.4 to 1.34.3 and from gardenlinux 1592.10.0 to " +
        "1877.3.0 directly: at Kubernetes 1.34.3 its kubelets have to run 1.34.3, but 1592.10.0 runs kubelets < 1.34 only, not " +
        "1.34.3 and 1877.3.0 runs kubelets >= 1.34 only, not 1.33.4, and this garden takes images and Kubernetes one after the " +
        "other. Declare gardenlinux 1700.0.0 for it first, with Kubernetes left at 1.33.4, and these versions after that.",
    ]);
  });

  it("names all pools that are refused for the same reason together", () => {
    const images = [served("1592.10.0", "< 1.34"), served("1700.0.0"), served("1877.3.0", ">= 1.34")];
    const shoot = aShoot({ workers: [aPool(), aPool({ name: "gpu" })] });
    const found = messages({ ...upgrade, kubernetes: version("1.34") }, images, oneByOne, shoot);
    expect(found).to.have.length(1);
    expect(found[0]).to.contain("worker pool pool-a, gpu cannot go");
  });

  it("names a deprecated image where no supported one leads there, and a preview after that", () => {
    const first = (...between: readonly ReturnType<typeof served>[]) =>
      messages(
        { ...upgrade, kubernetes: version("1.34") },
        [served("1592.10.0", "< 1.34"), ...between, served("1877.3.0", ">= 1.34")],
        oneByOne,
      )[0];
    const [old, preview] = [served("1600.0.0", "", "deprecated"), served("1700.0.0", "", "preview")];
    expect(first(old, preview)).to.contain("Declare gardenlinux 1600.0.0 (deprecated) for it first");
    expect(first(preview)).to.contain("Declare gardenlinux 1700.0.0 (preview) for it first");
    const beyond = [served("1400.0.0"), served("1950.0.0")];
    expect(first(...beyond)).to.contain("No image between them leads there");
  });

  it("needs no other image where the pool may be held back, which the message says", () => {
    const images = [served("1592.10.0", "< 1.34"), served("1700.0.0"), served("1877.3.0", ">= 1.35")];
    expect(messages({ ...upgrade, ...everyMinor }, images)[0]).to.contain(
      'Leave out rollout.workers: "everyMinor", so that the pool is held back meanwhile.',
    );
    expect(planned(upgrade, offeringImages(...images)).steps).to.have.length(2);
  });

  it("is not helped by holding a pool back that is updated in place, or that may not be held back so far", () => {
    const inPlace = (text: string, constraint: string) =>
      anImageVersion(text, {
        kubeletVersionConstraint: constraint,
        inPlaceUpdates: { supported: true, minVersionForUpdate: "1592.10.0" },
      });
    const shoot = aShoot({ workers: [aPool({ updateStrategy: "AutoInPlaceUpdate" })] });
    const images = [inPlace("1592.10.0", "< 1.34"), inPlace("1877.3.0", ">= 1.35")];
    for (const declared of [upgrade, { ...upgrade, ...everyMinor }]) {
      expect(messages(declared, images, everyCapability, shoot)[0])
        .to.contain("at Kubernetes 1.34.3 its kubelets have to run 1.34.3, but")
        .and.not.to.contain("Leave out");
    }
    const far = { ...upgrade, kubernetes: version("1.36.0") };
    const late = [served("1592.10.0", "< 1.34"), served("1877.3.0", ">= 1.36")];
    for (const declared of [far, { ...far, ...everyMinor }]) {
      expect(messages(declared, late)[0]).not.to.contain("Leave out");
    }
    expect(messages(far, late)[0]).to.contain(
      "1877.3.0 directly: at Kubernetes 1.35.2 its kubelets have to run 1.35.2, but 1592.10.0 runs kubelets < 1.34 only, not " +
        "1.35.2 and 1877.3.0 runs kubelets >= 1.36 only, not 1.35.2.",
    );
  });

  it("is refused also for a pool that is held back where the control plane runs the version already", () => {
    const shoot = aShoot({
      kubernetesVersion: "1.35.2",
      workers: [aPool({ kubernetesVersion: "1.33.4" })],
      annotations: {
        [ROLLOUT_ANNOTATION]: JSON.stringify({ pools: { "pool-a": "1.33.4" }, target: "1.35.2" }),
      },
    });
    const images = [served("1592.10.0", "< 1.34")];
    expect(messages({ kubernetes: version("1.35") }, images, everyCapability, shoot)).to.deep.equal([
      "GU035 garden-demo/web: worker pool pool-a cannot go to Kubernetes 1.35.2 with gardenlinux 1592.10.0: at Kubernetes 1.35.2 " +
        "its kubelets have to run 1.35.2, but 1592.10.0 runs kubelets < 1.34 only, not 1.35.2. " +
        "Declare a machineImage version that serves them.",
    ]);
  });

  it("is not a question where the image stays: one that serves the way is to be declared", () => {
    const images = [served("1592.10.0", "< 1.34 || >= 1.35"), served("1700.0.0")];
    expect(messages({ kubernetes: version("1.35") }, images, oneByOne)).to.deep.equal([
      "GU035 garden-demo/web: worker pool pool-a cannot go from Kubernetes 1.33.4 to 1.35.2 with gardenlinux 1592.10.0: at " +
        "Kubernetes 1.34.3 its kubelets have to run 1.34.3, but 1592.10.0 runs kubelets < 1.34 || >= 1.35 only, not 1.34.3. " +
        "Declare a machineImage version that serves them.",
    ]);
  });
});

describe("a machine image that is installed in place from certain others only", () => {
  const from = (text: string, minVersionForUpdate: string, constraint?: string) =>
    anImageVersion(text, {
      inPlaceUpdates: { supported: true, minVersionForUpdate },
      kubeletVersionConstraint: constraint,
    });
  const shoot = aShoot({ workers: [aPool({ updateStrategy: "AutoInPlaceUpdate" })] });

  it("is refused with the newest image that is installed now and from which it is", () => {
    const images = [
      anImageVersion("1592.10.0"),
      from("1592.12.0", "1592.10.0"),
      from("1592.14.0", "1592.10.0"),
      from("1877.3.0", "1592.12.0"),
    ];
    expect(messages({ machineImage: version("1877.3.0") }, images, everyCapability, shoot)).to.deep.equal([
      "GU035 garden-demo/web: gardenlinux 1877.3.0 does not suit worker pool pool-a: it can be installed in place from 1592.12.0 " +
        "on, not from 1592.10.0; declare gardenlinux 1592.14.0 for it first; suitable and newer: 1592.14.0, 1592.12.0.",
    ]);
  });

  it("is refused with all images between where it takes more than one", () => {
    const images = [
      from("1592.12.0", "1592.10.0"),
      from("1700.0.0", "1592.12.0"),
      from("1877.3.0", "1700.0.0"),
    ];
    expect(messages({ machineImage: version("1877.3.0") }, images, everyCapability, shoot)[0]).to.contain(
      "; declare gardenlinux 1592.12.0, then 1700.0.0 for it first; suitable",
    );
  });

  it("names no image that would go down from the one before", () => {
    const images = [
      from("1592.10.0", "1592.10.0", "< 1.35"),
      from("1592.14.0", "1700.0.0"),
      from("1700.0.0", "1592.10.0", "< 1.35"),
      from("1877.3.0", "1592.10.0", ">= 1.35"),
    ];
    const [message] = messages(upgrade, images, oneByOne, shoot);
    expect(message).to.contain("GU035").and.not.to.contain("for it first");
  });

  it("names none from which the declared minor would not be reached either", () => {
    const images = [from("1592.12.0", "1592.10.0", "< 1.34"), from("1877.3.0", "1592.12.0", ">= 1.35")];
    expect(messages(upgrade, images, everyCapability, shoot)[0]).not.to.contain("for it first");
    const serving = [from("1592.12.0", "1592.10.0"), from("1877.3.0", "1592.12.0", ">= 1.35")];
    expect(messages(upgrade, serving, everyCapability, shoot)[0]).to.contain(
      "; declare gardenlinux 1592.12.0 for it first, with Kubernetes left at 1.33.4;",
    );
  });
});

describe("an image that goes down", () => {
  it("is refused with one between that has not expired and may be declared first", () => {
    const shoot = aShoot({
      workers: [aPool({ machineImage: { name: "gardenlinux", version: "1877.3.0" } })],
    });
    const workers = {
      "pool-a": {
        machineImage: version("1592.10.0"),
        allowDowngrade: { until: "2027-01-31", reason: "a regression" },
      },
    };
    const images = (text: string, expires?: string) => [
      served("1592.10.0", ">= 1.34"),
      anImageVersion(text, { expires }),
      served("1877.3.0", "< 1.34"),
    ];
    const declared = { kubernetes: version("1.34"), workers };
    expect(messages(declared, images("1700.0.0"), oneByOne, shoot)[0]).to.contain(
      "Declare gardenlinux 1700.0.0 for it first",
    );
    expect(messages(declared, images("1700.0.0", "2026-01-01"), oneByOne, shoot)[0]).to.contain(
      "No image between them leads there",
    );
  });
});

describe("a pool whose image does not serve its kubelets any more, on a garden that takes one change at a time", () => {
  it("gets the image first, and Kubernetes after that", () => {
    const images = [served("1592.10.0", "< 1.33"), served("1877.3.0")];
    const { steps } = planned(
      { ...upgrade, kubernetes: version("1.34") },
      { ...offeringImages(...images), capabilities: oneByOne },
    );
    expect(steps.map(({ kubernetes, pools }) => kubernetes?.to ?? pools[0]?.machineImage?.to)).to.deep.equal([
      "1877.3.0",
      "1.34.3",
    ]);
  });
});
