import { fieldsOf } from "./api";
import { expectAccepted, expectForbidden, expectInvalid, forbiddenCause, nameOf } from "./expectations";
import { ACTIVE, ALL, DOWNGRADE, POOL_VERSION, versionChanges } from "./versionchanges";
import type { ContractWorld } from "./world";

export function poolVersions(world: () => ContractWorld): void {
  const { setPool, setVersion } = versionChanges(world);

  describe("a pool's Kubernetes version", () => {
    const pinned = (version: string, controlPlane = "1.34.5") =>
      world().shoot({ kubernetesVersion: controlPlane, pools: [{ name: "a", kubernetesVersion: version }] });

    it("is never lowered", async () => {
      const path = await pinned("1.33.8");
      expectInvalid(await setPool(path, "1.33.4"), nameOf(path), [forbiddenCause(POOL_VERSION, DOWNGRADE)]);
    });

    it("cannot be pinned below the pool's present version", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.34.5" });
      expectInvalid(await setPool(path, "1.33.8"), nameOf(path), [forbiddenCause(POOL_VERSION, DOWNGRADE)]);
    });

    it("may skip minors when the pool is rolled", async () => {
      expectAccepted(await setPool(await pinned("1.32.13"), "1.34.5"));
    });

    it("may skip minors by losing its pin", async () => {
      expectAccepted(await setPool(await pinned("1.32.13"), null));
    });

    it("is never above the control plane", async () => {
      const path = await pinned("1.33.4", "1.33.4");
      expectInvalid(await setPool(path, "1.33.8"), nameOf(path), [
        forbiddenCause(
          POOL_VERSION,
          "worker group kubernetes version must not be higher than control plane version",
        ),
      ]);
    });

    it("may be three minors behind the control plane", async () => {
      expectAccepted(await setVersion(await pinned("1.32.13"), "1.35.2"));
    });

    it("may not be four minors behind the control plane", async () => {
      const path = await pinned("1.31.14");
      expectInvalid(await setVersion(path, "1.35.2"), nameOf(path), [
        forbiddenCause(
          POOL_VERSION,
          "worker group kubernetes version must be at most three minor versions behind control plane version",
        ),
      ]);
    });

    it("is validated against the control plane's new version when both change", async () => {
      expectAccepted(await setPool(await pinned("1.31.14"), "1.32.13", "1.35.2"));
    });

    it("must be in the CloudProfile", async () => {
      const path = await pinned("1.33.4");
      expectForbidden(
        await setPool(path, "1.33.99"),
        nameOf(path),
        `${POOL_VERSION}: Unsupported value: "1.33.99": supported values: ${ALL}`,
      );
    });

    it("may be an expired one in an existing pool", async () => {
      expectAccepted(await setPool(await pinned("1.33.4"), "1.34.2"));
    });

    it("may not be an expired one in a new pool", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.34.5" });
      const { body } = await world().admin.get(path);
      const [first] = body.list("spec", "provider", "workers");
      const second = { ...fieldsOf(first?.raw), name: "b", kubernetes: { version: "1.34.2" } };
      const answer = await world().admin.patch(`${path}?dryRun=All`, "merge", {
        spec: { provider: { workers: [first?.raw, second] } },
      });
      expectForbidden(
        answer,
        nameOf(path),
        `spec.provider.workers[1].kubernetes.version: Unsupported value: "1.34.2": supported values: ${ACTIVE}`,
      );
    });
  });
}
