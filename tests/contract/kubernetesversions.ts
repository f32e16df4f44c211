import { expect } from "chai";
import { expectAccepted, expectForbidden, expectInvalid, forbiddenCause, nameOf } from "./expectations";
import { ACTIVE, ALL, DOWNGRADE, POOL_VERSION, SKIP, VERSION, versionChanges } from "./versionchanges";
import { shootObject } from "./shoots";
import { type ContractWorld, SHOOTS } from "./world";

export function kubernetesVersions(world: () => ContractWorld): void {
  const { setPool, setVersion } = versionChanges(world);

  describe("the control plane's Kubernetes version", () => {
    it("can be raised within its minor", async () => {
      expectAccepted(await setVersion(await world().shoot(), "1.33.8"));
    });

    it("can be raised to the next minor", async () => {
      expectAccepted(await setVersion(await world().shoot(), "1.34.5"));
    });

    it("is never lowered, and neither is that of pools without their own", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.33.8" });
      expectInvalid(await setVersion(path, "1.33.4"), nameOf(path), [
        forbiddenCause(VERSION, DOWNGRADE),
        forbiddenCause(POOL_VERSION, DOWNGRADE),
      ]);
    });

    it("cannot skip a minor", async () => {
      const path = await world().shoot();
      expectInvalid(await setVersion(path, "1.35.2"), nameOf(path), [forbiddenCause(VERSION, SKIP)]);
    });

    it("may be a preview when named exactly", async () => {
      const path = await world().shoot({
        kubernetesVersion: "1.34.5",
        pools: [{ name: "a", image: "1.4.0" }],
      });
      expectAccepted(await setVersion(path, "1.35.4"));
    });

    it("may be an expired one on an existing Shoot", async () => {
      expectAccepted(await setVersion(await world().shoot(), "1.34.2"));
    });

    it("may not be an expired one on a new Shoot", async () => {
      const name = world().newName();
      const answer = await world().admin.post(SHOOTS, shootObject(name, { kubernetesVersion: "1.33.3" }));
      expectForbidden(answer, name, `${VERSION}: Unsupported value: "1.33.3": supported values: ${ACTIVE}`);
    });

    it("must be in the CloudProfile", async () => {
      const path = await world().shoot();
      expectForbidden(
        await setVersion(path, "1.34.99"),
        nameOf(path),
        `${VERSION}: Unsupported value: "1.34.99": supported values: ${ALL}`,
      );
    });

    it("is compared letter by letter: a leading v is another version", async () => {
      const path = await world().shoot();
      expectForbidden(
        await setVersion(path, "v1.34.5"),
        nameOf(path),
        `${VERSION}: Unsupported value: "v1.34.5": supported values: ${ALL}`,
      );
    });
  });

  describe("a shortened Kubernetes version", () => {
    it("of two parts means the highest supported patch", async () => {
      const answer = await setVersion(await world().shoot(), "1.34");
      expect(answer.body.text("spec", "kubernetes", "version")).to.equal("1.34.5");
    });

    it("of one part means the highest supported of all, which can skip a minor", async () => {
      const path = await world().shoot();
      expectInvalid(await setVersion(path, "1"), nameOf(path), [forbiddenCause(VERSION, SKIP)]);
    });

    it("that is absent means the highest supported of all", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.34.5" });
      const answer = await setVersion(path, null);
      expect(answer.body.text("spec", "kubernetes", "version")).to.equal("1.35.2");
    });

    it("can resolve to a version below the present one, and is refused then", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.33.9" });
      expectInvalid(await setVersion(path, "1.33"), nameOf(path), [
        forbiddenCause(VERSION, DOWNGRADE),
        forbiddenCause(POOL_VERSION, DOWNGRADE),
      ]);
    });

    it("has no match in a minor without a supported version", async () => {
      const path = await world().shoot({ kubernetesVersion: "1.32.13" });
      expectForbidden(
        await setVersion(path, "1.32"),
        nameOf(path),
        `${VERSION}: Invalid value: "1.32": couldn't find a suitable version for 1.32. Suitable versions have a non-expired expiration date and are no 'preview' versions. 'Preview'-classified versions have to be selected explicitly`,
      );
    });

    it("must consist of numbers", async () => {
      const path = await world().shoot();
      expectForbidden(
        await setVersion(path, "latest"),
        nameOf(path),
        `${VERSION}: Invalid value: "latest": must be a semantic version`,
      );
    });

    it("is resolved for a pinned pool, too", async () => {
      const path = await world().shoot({
        kubernetesVersion: "1.34.5",
        pools: [{ name: "a", kubernetesVersion: "1.33.4" }],
      });
      const answer = await setPool(path, "1.33");
      expect(answer.body.text("spec", "provider", "workers", 0, "kubernetes", "version")).to.equal("1.33.8");
    });
  });

  describe("fields that a minor removes", () => {
    const removed: readonly (readonly [string, string, string, object, string])[] = [
      [
        "podEvictionTimeout, gone in 1.33",
        "1.32.13",
        "1.33.8",
        { kubernetes: { kubeControllerManager: { podEvictionTimeout: "2m0s" } } },
        "spec.kubernetes.kubeControllerManager.podEvictionTimeout: for Kubernetes versions >= 1.33, podEvictionTimeout field is no longer supported",
      ],
      [
        "addons, gone in 1.35",
        "1.34.5",
        "1.35.2",
        { addons: { nginxIngress: { enabled: true } } },
        "spec.addons: for Kubernetes versions >= 1.35, addons field is no longer supported",
      ],
      [
        "enableAnonymousAuthentication, gone in 1.35",
        "1.34.5",
        "1.35.2",
        { kubernetes: { kubeAPIServer: { enableAnonymousAuthentication: true } } },
        "spec.kubernetes.kubeAPIServer.enableAnonymousAuthentication: for Kubernetes versions >= 1.35, enableAnonymousAuthentication field is no longer supported",
      ],
      [
        "watchCacheSizes.default, gone in 1.35",
        "1.34.5",
        "1.35.2",
        { kubernetes: { kubeAPIServer: { watchCacheSizes: { default: 100 } } } },
        "spec.kubernetes.kubeAPIServer.watchCacheSizes.default: for Kubernetes versions >= 1.35, configuring the default watch cache size is no longer supported",
      ],
      [
        "kubeMaxPDVols, gone in 1.35",
        "1.34.5",
        "1.35.2",
        { kubernetes: { kubeScheduler: { kubeMaxPDVols: "20" } } },
        "spec.kubernetes.kubeScheduler.kubeMaxPDVols: for Kubernetes version >= 1.35, kubeMaxPDVols field is no longer supported",
      ],
    ];
    for (const [what, from, to, more, refusal] of removed) {
      it(`stop the upgrade: ${what}`, async () => {
        const path = await world().shoot({ kubernetesVersion: from, more: { ...more } });
        const [field = "", detail = ""] = refusal.split(": ");
        expectInvalid(await setVersion(path, to), nameOf(path), [forbiddenCause(field, detail)]);
      });
    }

    it("may be removed in the same change", async () => {
      const path = await world().shoot({
        kubernetesVersion: "1.34.5",
        more: { addons: { nginxIngress: { enabled: true } } },
      });
      const answer = await world().admin.patch(`${path}?dryRun=All`, "merge", {
        spec: { addons: null, kubernetes: { version: "1.35.2" } },
      });
      expectAccepted(answer);
    });
  });
}
