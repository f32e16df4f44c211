import { expect } from "chai";
import { expectAccepted } from "./expectations";
import { KUBERNETES_VERSIONS, MACHINE_IMAGES, profileObject } from "./profile";
import { type ContractWorld, CORE } from "./world";

const PROFILES = `${CORE}/cloudprofiles`;

export function cloudProfiles(world: () => ContractWorld): void {
  const versions = (...entries: readonly object[]) => ({ kubernetes: { versions: entries } });
  const create = (name: string, spec: Readonly<Record<string, unknown>>) =>
    world().admin.post(`${PROFILES}?dryRun=All`, profileObject(name, spec));
  const supported = (version: string) => ({ version, classification: "supported" });

  describe("a CloudProfile", () => {
    it("loses its expired versions when it is created", async () => {
      const answer = await create("fresh", {});
      expectAccepted(answer, 201);
      const kept = answer.body.list("spec", "kubernetes", "versions").map((entry) => entry.text("version"));
      expect(kept).to.not.include("1.34.2");
      const images = answer.body
        .list("spec", "machineImages", 0, "versions")
        .map((entry) => entry.text("version"));
      expect(images).to.not.include("1.3.0");
    });

    it("keeps the expired versions of an update", async () => {
      const { body } = await world().admin.get(`${PROFILES}/contract`);
      expect(body.list("spec", "kubernetes", "versions")).to.have.length(KUBERNETES_VERSIONS.length);
      expect(body.list("spec", "machineImages", 0, "versions")).to.have.length(
        MACHINE_IMAGES[0]?.versions.length ?? 0,
      );
    });

    it("has one supported version in each minor", async () => {
      const answer = await create("twice", versions(supported("1.34.5"), supported("1.34.6")));
      expect(answer.code).to.equal(422);
      expect(answer.body.at("details", "causes", 0)).to.deep.equal({
        field: "spec.kubernetes.versions[0]",
        reason: "FieldValueForbidden",
        message:
          'Forbidden: unable to add version "1.34.5" with classification "supported". "supported" lifecycle stages must not overlap per minor version',
      });
    });

    it("may have several in a minor without a classification", async () => {
      expectAccepted(await create("silent", versions({ version: "1.34.5" }, { version: "1.34.6" })), 201);
    });

    it("has no expiration date on its highest Kubernetes version", async () => {
      const expirationDate = "2099-01-01T00:00:00Z";
      const answer = await create("ends", versions({ ...supported("1.35.2"), expirationDate }));
      expect(answer.code).to.equal(422);
      expect(answer.body.text("message")).to.contain(
        `spec.kubernetes.versions[].expirationDate: Invalid value: "${expirationDate}": expiration date of latest kubernetes version ('1.35.2') must not be set`,
      );
    });

    it("does not call a version expired", async () => {
      const answer = await create(
        "late",
        versions(supported("1.35.2"), { version: "1.34.5", classification: "expired" }),
      );
      // It counts as expired and is dropped at the write.
      expectAccepted(answer, 201);
      expect(answer.body.list("spec", "kubernetes", "versions")).to.have.length(1);
    });

    it("requires three parts in a Kubernetes version", async () => {
      const answer = await create("short", versions(supported("1.35.2"), { version: "1.34" }));
      expect(answer.code).to.equal(422);
      expect(answer.body.text("message")).to.contain(
        "all Kubernetes versions must match the regex ^([0-9]+\\.){2}[0-9]+$",
      );
    });

    it("updates images by the major strategy where it declares none", async () => {
      const machineImages = [{ name: "x", versions: [supported("1.0.0")] }];
      const answer = await create("major", { machineImages });
      expect(answer.body.text("spec", "machineImages", 0, "updateStrategy")).to.equal("major");
      expect(answer.body.at("spec", "machineImages", 0, "versions", 0, "cri")).to.deep.equal([
        { name: "containerd" },
      ]);
      expect(answer.body.at("spec", "machineImages", 0, "versions", 0, "architectures")).to.deep.equal([
        "amd64",
      ]);
    });

    it("keeps a version that a Shoot runs", async () => {
      await world().shoot();
      const answer = await world().admin.patch(`${PROFILES}/contract?dryRun=All`, "merge", {
        spec: { kubernetes: { versions: KUBERNETES_VERSIONS.filter(({ version }) => version !== "1.33.4") } },
      });
      expect(answer.code).to.equal(403);
      expect(answer.body.text("message")).to.match(
        /unable to delete Kubernetes version "1\.33\.4" from CloudProfile "contract" - version is still in use by shoot 'garden-contract\//,
      );
    });
  });
}
