import { expect } from "chai";
import type { Answer } from "./api";
import { expectAccepted, expectForbidden, nameOf } from "./expectations";
import { IMAGE, imageChanges, shown } from "./imagechanges";
import { OS } from "./profile";
import { poolObject, type PoolSpec, shootObject } from "./shoots";
import { type ContractWorld, SHOOTS } from "./world";

export function machineImages(world: () => ContractWorld): void {
  const { change, setImage } = imageChanges(world);
  const resolved = (answer: Answer) =>
    answer.body.text("spec", "provider", "workers", 0, "machine", "image", "version");
  const create = (pool: PoolSpec, kubernetesVersion = "1.33.4") => {
    const name = world().newName();
    return world()
      .admin.post(SHOOTS, shootObject(name, { kubernetesVersion, pools: [pool] }))
      .then((answer) => ({ name, answer }));
  };

  describe("a machine image version", () => {
    it("can be raised", async () => {
      expectAccepted(await setImage(await world().shoot(), "1.5.0"));
    });

    it("can be lowered to any that has not expired", async () => {
      expectAccepted(
        await setImage(await world().shoot({ pools: [{ name: "a", image: "1.5.0" }] }), "1.4.0"),
      );
    });

    it("may be an expired one above the present one", async () => {
      expectAccepted(await setImage(await world().shoot(), "1.4.2"));
    });

    it("may not be an expired one below the present one", async () => {
      const path = await world().shoot();
      expectForbidden(
        await setImage(path, "1.3.0"),
        nameOf(path),
        `${IMAGE}: Invalid value: ${shown("1.3.0")}: machine image version '${OS}:1.3.0' is expired, supported machine image versions are: [${OS}:1.4.0 ${OS}:1.4.1 ${OS}:1.4.2 ${OS}:1.5.0 ${OS}:1.5.3 ${OS}:1.6.0 ${OS}:2.0.0]`,
      );
    });

    it("may not be an expired one on a new Shoot", async () => {
      const { name, answer } = await create({ name: "a", image: "1.4.2" });
      expectForbidden(
        answer,
        name,
        `${IMAGE}: Invalid value: ${shown("1.4.2")}: machine image version '${OS}:1.4.2' is expired, supported machine image versions are: [${OS}:1.4.0 ${OS}:1.4.1 ${OS}:1.5.0 ${OS}:1.6.0 ${OS}:2.0.0]`,
      );
    });

    it("may be a preview when named exactly", async () => {
      expectAccepted(await setImage(await world().shoot(), "2.0.0"));
    });

    it("must be in the CloudProfile", async () => {
      const path = await world().shoot();
      expectForbidden(
        await setImage(path, "1.4.9"),
        nameOf(path),
        `${IMAGE}.version: Unsupported value: "1.4.9": supported values: ${["1.4.0", "1.4.1", "1.4.2", "1.5.0", "1.5.3", "1.6.0", "2.0.0"].map((one) => `"${OS}:${one}"`).join(", ")}`,
      );
    });

    it("must support the pool's architecture", async () => {
      const path = await world().shoot();
      expectForbidden(
        await setImage(path, "1.7.0"),
        nameOf(path),
        `${IMAGE}: Invalid value: ${shown("1.7.0")}: machine image version '${OS}:1.7.0' does not support CPU architecture "amd64", supported machine image versions are: [${OS}:1.4.0 ${OS}:1.4.1 ${OS}:1.4.2 ${OS}:1.5.0 ${OS}:1.5.3 ${OS}:1.6.0 ${OS}:2.0.0]`,
      );
    });

    it("must support the pool's Kubernetes version", async () => {
      const path = await world().shoot();
      expectForbidden(
        await setImage(path, "1.6.0"),
        nameOf(path),
        `${IMAGE}: Invalid value: ${shown("1.6.0")}: machine image '${OS}@1.6.0' does not support kubelet version '1.33.4', supported kubelet versions by this machine image version: '>= 1.34'`,
      );
    });

    it("blocks a Kubernetes upgrade that it does not support, even when it is not changed", async () => {
      const path = await world().shoot({
        kubernetesVersion: "1.34.5",
        pools: [{ name: "a", image: "1.5.0" }],
      });
      const answer = await world().admin.patch(`${path}?dryRun=All`, "merge", {
        spec: { kubernetes: { version: "1.35.2" } },
      });
      expectForbidden(
        answer,
        nameOf(path),
        `${IMAGE}: Invalid value: ${shown("1.5.0")}: machine image '${OS}@1.5.0' does not support kubelet version '1.35.2', supported kubelet versions by this machine image version: '< 1.35'`,
      );
    });

    it("is validated against the new Kubernetes version when both change", async () => {
      const path = await world().shoot({
        kubernetesVersion: "1.34.5",
        pools: [{ name: "a", image: "1.5.0" }],
      });
      const answer = await world().admin.patch(`${path}?dryRun=All`, "strategic", {
        spec: {
          kubernetes: { version: "1.35.2" },
          provider: { workers: [{ name: "a", machine: { image: { version: "1.6.0" } } }] },
        },
      });
      expectAccepted(answer);
    });

    it("must have the pool's container runtimes", async () => {
      const path = await world().shoot({
        kubernetesVersion: "1.34.5",
        pools: [{ name: "a", image: "1.5.0", containerRuntimes: ["gvisor"] }],
      });
      expectForbidden(
        await setImage(path, "1.6.0"),
        nameOf(path),
        `spec.provider.workers[0].cri.containerRuntimes[0].type: Invalid value: "gvisor": machine image '${OS}@1.6.0' does not support container runtime 'gvisor', supported values: []`,
      );
    });

    it("belongs to an image that the CloudProfile has", async () => {
      const path = await world().shoot();
      expectForbidden(
        await change(path, { name: "windows", version: "1.0.0" }),
        nameOf(path),
        'spec.provider.workers[0]: Invalid value: "windows": image is not supported',
      );
    });
  });

  describe("a shortened machine image version", () => {
    it("is the present one where the image or its version is absent", async () => {
      expect(resolved(await change(await world().shoot(), null))).to.equal("1.4.0");
      expect(resolved(await change(await world().shoot(), { name: OS, version: "" }))).to.equal("1.4.0");
    });

    it("means the highest that is not deprecated, expired or not", async () => {
      expect(resolved(await setImage(await world().shoot(), "1.4"))).to.equal("1.4.2");
    });

    it("considers the architecture, but neither previews nor the kubelet constraint", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.34.5" });
      expect(resolved(await setImage(path, "1"))).to.equal("1.6.0");
    });

    it("has no match where there are previews only", async () => {
      const path = await world().shoot();
      expectForbidden(
        await change(path, { name: "previews", version: "1" }),
        nameOf(path),
        'spec.provider.workers[0]: Invalid value: "previews@1": failed to determine latest machine image from cloud profile: unable to determine latest expirable version',
      );
    });

    it("is chosen for a new pool that names none, from the first image that fits", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.34.5" });
      const { body } = await world().admin.get(path);
      const [first] = body.list("spec", "provider", "workers");
      const { name, minimum, maximum, volume } = poolObject({ name: "b" });
      const second = { name, minimum, maximum, volume, machine: { type: "small" } };
      const answer = await world().admin.patch(`${path}?dryRun=All`, "merge", {
        spec: { provider: { workers: [first?.raw, second] } },
      });
      expect(answer.body.at("spec", "provider", "workers", 1, "machine", "image")).to.deep.equal({
        name: OS,
        version: "1.6.0",
      });
    });
  });

  describe("a pool's architecture", () => {
    it("is that of its machine type by default", async () => {
      const { answer } = await create({ name: "a", machineType: "arm" });
      expect(answer.body.text("spec", "provider", "workers", 0, "machine", "architecture")).to.equal("arm64");
    });

    it("must be that of its machine type", async () => {
      const { name, answer } = await create({ name: "a", machineType: "arm", architecture: "amd64" });
      expectForbidden(
        answer,
        name,
        'spec.provider.workers[0].machine.type: Invalid value: "arm": machine type "arm" does not support CPU architecture "amd64", supported types are [small]',
      );
    });
  });
}
