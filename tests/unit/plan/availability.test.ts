import { expect } from "chai";
import type { Code } from "../../../provider/model/codes";
import type { Shoot } from "../../../provider/model/shoot";
import { lifetimes, offers } from "../../../provider/plan/availability";
import {
  aCloudProfile,
  aMaintenance,
  anImage,
  anImageVersion,
  aPool,
  aShoot,
  aVersion,
  NOW,
  version,
} from "../builders";
import { noticesOf, planned } from "./asking";

const found = (code: Code, parts: Partial<Shoot> = {}, profile = aCloudProfile(), now = NOW) =>
  [...lifetimes(aShoot(parts), [], profile, now), ...offers(aShoot(parts), profile, now)]
    .filter((problem) => problem.code === code)
    .map(({ severity, message }) => `${severity} ${message}`);

describe("the lifetime of a version", () => {
  const profile = aCloudProfile({ kubernetesVersions: [], machineImages: [anImage()] });

  it("is not reported for versions that the CloudProfile does not have", () => {
    expect(found("GU041", {}, aCloudProfile({ kubernetesVersions: [], machineImages: [] }))).to.deep.equal(
      [],
    );
  });

  it("is that of the pool's own image", () => {
    const other = anImage({ name: "suse-chost", versions: [anImageVersion("1592.10.0")] });
    expect(found("GU041", {}, { ...profile, machineImages: [other, anImage()] })).to.deep.equal([
      "info garden-demo/web: gardenlinux 1592.10.0 is deprecated until 2027-03-31.",
    ]);
  });

  it("is reported for a supported version within a month of its expiry", () => {
    const kubernetesVersions = [aVersion("1.33.4", "supported", "2026-12-20T00:00:00Z")];
    expect(found("GU041", {}, { ...profile, kubernetesVersions, machineImages: [] })).to.deep.equal([
      "warning garden-demo/web: Kubernetes 1.33.4 expires on 2026-12-20.",
    ]);
  });

  it("is not reported for a supported version that expires later", () => {
    const kubernetesVersions = [aVersion("1.33.4", "supported", "2027-12-20T00:00:00Z")];
    expect(found("GU041", {}, { ...profile, kubernetesVersions, machineImages: [] })).to.deep.equal([]);
  });

  it("is a warning without a day for a version that has expired without a date", () => {
    const kubernetesVersions = [aVersion("1.33.4", "expired")];
    expect(found("GU041", {}, { ...profile, kubernetesVersions, machineImages: [] })).to.deep.equal([
      "warning garden-demo/web: Kubernetes 1.33.4 has expired, and Gardener replaces it in a maintenance window.",
    ]);
  });

  it("is reported once for deprecated versions that the plan upgrades to", () => {
    const plan = planned({ kubernetes: version("1.34.1"), machineImage: version("1877.2.0") });
    expect(noticesOf(plan, "GU041").map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: Kubernetes 1.34.1 is deprecated, and expires on 2027-04-30.",
      "garden-demo/web: gardenlinux 1877.2.0 for worker pool pool-a is deprecated, and expires on 2027-06-30.",
    ]);
  });

  it("is reported for a supported version that the plan upgrades to and that expires soon", () => {
    const kubernetesVersions = [aVersion("1.33.4"), aVersion("1.34.3", "supported", "2026-12-20T00:00:00Z")];
    const plan = planned({ kubernetes: version("1.34") }, { profile: aCloudProfile({ kubernetesVersions }) });
    expect(noticesOf(plan, "GU041").map(({ message }) => message)).to.include(
      "garden-demo/web: Kubernetes 1.34.3 expires on 2026-12-20.",
    );
  });
});

describe("the versions that are available", () => {
  it("are not reported where there are none", () => {
    const empty = aCloudProfile({ kubernetesVersions: [], machineImages: [] });
    expect(offers(aShoot(), empty, NOW).map(({ code }) => code)).to.deep.equal(["GU042"]);
  });

  it("are images alone where no newer Kubernetes version is offered", () => {
    expect(found("GU040", {}, aCloudProfile({ kubernetesVersions: [] }))).to.deep.equal([
      "info garden-demo/web: available: gardenlinux 1877.3.0, 1592.14.0.",
    ]);
  });

  it("are the newest three of an image", () => {
    const versions = ["1592.11.0", "1592.14.0", "1592.12.0", "1592.13.0"].map((text) => anImageVersion(text));
    const profile = aCloudProfile({ kubernetesVersions: [], machineImages: [anImage({ versions })] });
    expect(found("GU040", {}, profile)).to.deep.equal([
      "info garden-demo/web: available: gardenlinux 1592.14.0, 1592.13.0, 1592.12.0.",
    ]);
  });
});

describe("the notice of what Gardener will do", () => {
  const text = (parts: Partial<Shoot>, profile = aCloudProfile()) => found("GU042", parts, profile)[0];
  const expired = aVersion("1.33.4", "supported", "2026-10-01T00:00:00Z");
  const kubernetesOnly = { machineImages: [] };

  it("asks for the garden's operator where Gardener finds no version", () => {
    expect(text({}, aCloudProfile({ ...kubernetesOnly, kubernetesVersions: [] }))).to.equal(
      "info garden-demo/web: Gardener will try to replace Kubernetes 1.33.4 from 2026-11-23 22:00 UTC on, because the CloudProfile does not offer 1.33.4, and finds no version; ask the garden's operator.",
    );
  });

  it("names a worker pool for which the CloudProfile does not offer the version", () => {
    const versions = [anImageVersion("1592.10.0", { architectures: ["arm64"] }), anImageVersion("1592.14.0")];
    const profile = aCloudProfile({ kubernetesVersions: [], machineImages: [anImage({ versions })] });
    expect(found("GU042", {}, profile)[1]).to.equal(
      "info garden-demo/web: Gardener forces gardenlinux 1592.10.0 → 1592.14.0 in pool-a from 2026-11-23 22:00 UTC on, because the CloudProfile does not offer 1592.10.0 for the worker pool.",
    );
  });

  it("names what is removed from the Shoot", () => {
    const limitedFields = ["spec.one", "spec.two"].map((path) => ({ path, removedIn: "1.34" }));
    const profile = aCloudProfile({ ...kubernetesOnly, kubernetesVersions: [expired, aVersion("1.34.3")] });
    expect(text({ limitedFields }, profile)).to.match(/; it removes spec\.one, spec\.two from the Shoot\.$/);
  });

  it("names why the API server will refuse it", () => {
    const limitedFields = [{ path: "spec.field", refusedIn: "1.34" }];
    const profile = aCloudProfile({ ...kubernetesOnly, kubernetesVersions: [expired, aVersion("1.34.3")] });
    expect(text({ limitedFields }, profile)).to.match(
      /; the API server will refuse this maintenance: Kubernetes 1\.34\.3 does not accept the value of spec\.field\.$/,
    );
  });

  it("has no date for a version that has expired without one", () => {
    const kubernetesVersions = [aVersion("1.33.4", "expired"), aVersion("1.33.9")];
    expect(text({}, aCloudProfile({ ...kubernetesOnly, kubernetesVersions }))).to.match(
      /because 1\.33\.4 has expired\.$/,
    );
  });

  it("is not repeated for pools that follow the control plane", () => {
    const maintenance = aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: false } });
    const workers = [aPool(), aPool({ name: "gpu" })];
    expect(found("GU042", { maintenance, workers }, aCloudProfile(kubernetesOnly))).to.deep.equal([
      "info garden-demo/web: Gardener updates Kubernetes 1.33.4 → 1.33.9 from 2026-11-23 22:00 UTC on, because automatic updates are enabled.",
    ]);
  });
});
