import { expect } from "chai";
import type { Notice } from "../../../cli/report/model";
import type { ReadShoot } from "../../../cli/report/build";
import {
  aCloudProfile,
  aMaintenance,
  anImage,
  anImageVersion,
  aPool,
  aShoot,
  aVersion,
  NOW,
} from "../builders";
import { aFinding, aReportedShoot } from "./reports";

const DAY = 86_400_000;

describe("the notices of a Shoot", () => {
  const noticesOf = (parts: Partial<ReadShoot> = {}, now = NOW) => aReportedShoot(parts, now).notices;
  const ofKind = (notices: readonly Notice[], kind: Notice["kind"]) =>
    notices.filter((notice) => notice.kind === kind);

  it("name the newest supported version at each distance, of the control plane and of images", () => {
    const available = ofKind(noticesOf(), "available");
    expect(available.map(({ message }) => message)).to.deep.equal([
      "garden-demo/web: Kubernetes 1.33.9 is available; it runs 1.33.4.",
      "garden-demo/web: Kubernetes 1.34.3 is available; it runs 1.33.4.",
      "garden-demo/web: gardenlinux 1592.14.0 is available (worker pool pool-a); it runs 1592.10.0.",
      "garden-demo/web: gardenlinux 1877.3.0 is available (worker pool pool-a); it runs 1592.10.0.",
    ]);
    expect(available.map((notice) => notice.kind === "available" && notice.distance)).to.deep.equal([
      "patch",
      "minor",
      "minor",
      "major",
    ]);
  });

  it("leave preview and deprecated versions out of what is available", () => {
    const profile = aCloudProfile({
      kubernetesVersions: [
        aVersion("1.33.4"),
        aVersion("1.33.8", "deprecated"),
        aVersion("1.33.9", "preview"),
      ],
      machineImages: [],
    });
    expect(ofKind(noticesOf({ profile }), "available")).to.deep.equal([]);
  });

  it("warn thirty days before a version expires, and not earlier", () => {
    const expires = new Date("2027-02-28T00:00:00Z").getTime();
    const levelAt = (now: number) =>
      noticesOf({}, new Date(now)).find(({ kind }) => kind === "deprecated")?.level;
    expect(levelAt(expires - 31 * DAY)).to.equal("note");
    expect(levelAt(expires - 30 * DAY)).to.equal("warning");
  });

  it("are errors where a version has expired, or is not offered any more", () => {
    const shoot = aShoot({
      kubernetesVersion: "1.32.9",
      workers: [aPool({ machineImage: { name: "gardenlinux", version: "1.0.0" } })],
    });
    const notices = noticesOf({ shoot });
    expect(ofKind(notices, "expired").map(({ level, message }) => [level, message])).to.deep.equal([
      [
        "error",
        "garden-demo/web: Kubernetes 1.32.9 has expired on 2026-10-31, and Gardener replaces it in a maintenance window.",
      ],
    ]);
    expect(ofKind(notices, "removed").map(({ level, message }) => [level, message])).to.deep.equal([
      [
        "error",
        "garden-demo/web: the CloudProfile no longer offers gardenlinux 1.0.0, and Gardener replaces it in a maintenance window (worker pool pool-a).",
      ],
    ]);
  });

  it("report what Gardener forces, when and why", () => {
    const [forced] = ofKind(noticesOf({ shoot: aShoot({ kubernetesVersion: "1.32.9" }) }), "forced");
    expect(forced).to.include({
      level: "warning",
      version: "1.32.9",
      to: "1.33.9",
      date: "2026-11-23T22:00:00.000Z",
      why: "1.32.9 has expired on 2026-10-31",
    });
  });

  it("are errors where Gardener has to replace a version and finds none", () => {
    const profile = aCloudProfile({
      kubernetesVersions: [aVersion("1.33.4", "deprecated", "2026-11-01T00:00:00Z")],
    });
    const [forced] = ofKind(noticesOf({ profile }), "forced");
    expect(forced).to.include({ level: "error" }).and.not.to.have.property("to");
  });

  it("report automatic updates as notes", () => {
    const maintenance = aMaintenance({ autoUpdate: { kubernetesVersion: true, machineImageVersion: false } });
    const automatic = ofKind(noticesOf({ shoot: aShoot({ maintenance }) }), "automatic");
    expect(automatic.map(({ level, message }) => [level, message])).to.deep.equal([
      [
        "note",
        "garden-demo/web: Gardener updates Kubernetes 1.33.4 → 1.33.9 from 2026-11-23 22:00 UTC on, because automatic updates are enabled.",
      ],
    ]);
  });

  it("report the version of a pool with a Kubernetes version of its own", () => {
    const shoot = aShoot({ workers: [aPool({ kubernetesVersion: "1.32.9" })] });
    const [expired] = ofKind(noticesOf({ shoot }), "expired");
    expect(expired)
      .to.include({ pool: "pool-a", version: "1.32.9" })
      .and.not.to.have.property("machineImage");
  });

  it("carry the findings of preflight checks with their severity", () => {
    const findings = [aFinding(), aFinding({ severity: "warn", fingerprint: "fedcba9876543210" })];
    const notices = ofKind(noticesOf({ preflight: { checks: [], findings } }), "finding");
    expect(notices.map(({ code, level }) => [code, level])).to.deep.equal([
      ["GU070", "error"],
      ["GU071", "warning"],
    ]);
    expect(notices[0]?.message).to.equal(
      "garden-demo/web: preflight podDisruptionBudget: PodDisruptionBudget shop/db: it allows no disruption. " +
        "Why it matters: the drain of a node waits for it. Next: raise replicas.",
    );
  });

  describe("have fingerprints that", () => {
    const fingerprints = (notices: readonly Notice[]) => notices.map(({ fingerprint }) => fingerprint);

    it("are the same on another day", () => {
      const later = new Date(NOW.getTime() + 3 * DAY);
      expect(fingerprints(noticesOf({}, later))).to.deep.equal(fingerprints(noticesOf()));
    });

    it("are different for each matter", () => {
      const image = anImage({ versions: [anImageVersion("1592.10.0", { expires: "2027-01-01T00:00:00Z" })] });
      const workers = ["a", "b"].map((name) => aPool({ name }));
      const found = fingerprints(
        noticesOf({ shoot: aShoot({ workers }), profile: aCloudProfile({ machineImages: [image] }) }),
      );
      expect(new Set(found).size).to.equal(found.length);
    });

    it("are others for a cluster of the same name that was created anew", () => {
      const uid = "6f9d5a3c-0001-4c1e-9a77-000000000002";
      const found = fingerprints(noticesOf({ shoot: aShoot({ uid }) }));
      expect(fingerprints(noticesOf()).filter((one) => found.includes(one))).to.deep.equal([]);
    });

    it("stay when a version goes from deprecated to expired", () => {
      const expired = new Date("2027-03-01T00:00:00Z");
      const [before] = ofKind(noticesOf(), "deprecated");
      const [after] = ofKind(noticesOf({}, expired), "expired");
      expect(after?.fingerprint).to.equal(before?.fingerprint);
    });
  });
});
