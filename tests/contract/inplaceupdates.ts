import { expectAccepted, expectForbidden, expectInvalid, forbiddenCause, nameOf } from "./expectations";
import { IMAGE, imageChanges, shown } from "./imagechanges";
import { IN_PLACE_OS } from "./profile";
import type { ContractWorld } from "./world";

export function inPlaceUpdates(world: () => ContractWorld): void {
  const { change, setImage } = imageChanges(world);

  describe("a pool that is updated in place", () => {
    const inPlace = (image: string, kubernetesVersion = "1.33.4", pin?: string) =>
      world().shoot({
        kubernetesVersion,
        pools: [
          {
            name: "a",
            imageName: IN_PLACE_OS,
            image,
            updateStrategy: "AutoInPlaceUpdate",
            ...(pin === undefined ? {} : { kubernetesVersion: pin }),
          },
        ],
      });

    it("accepts an image version that can be updated from the present one", async () => {
      expectAccepted(await setImage(await inPlace("1.0.0"), "2.0.0"));
    });

    it("refuses an image version that needs an intermediate version", async () => {
      const path = await inPlace("1.0.0");
      expectForbidden(
        await setImage(path, "3.0.0"),
        nameOf(path),
        `${IMAGE}: Invalid value: ${shown("3.0.0", IN_PLACE_OS)}: machine image version '${IN_PLACE_OS}:3.0.0' cannot be in-place updated from the current version, supported machine image versions are: [${IN_PLACE_OS}:1.0.0 ${IN_PLACE_OS}:2.0.0]`,
      );
    });

    it("is never lowered", async () => {
      const path = await inPlace("2.0.0");
      expectInvalid(await setImage(path, "1.0.0"), nameOf(path), [
        forbiddenCause(
          `${IMAGE}.version`,
          "machine image version downgrade is not supported when the update strategy is AutoInPlaceUpdate or ManualInPlaceUpdate",
        ),
      ]);
    });

    it("cannot skip a Kubernetes minor", async () => {
      const path = await inPlace("1.0.0", "1.34.5", "1.32.13");
      expectInvalid(
        await change(path, { version: "1.0.0" }, { kubernetes: { version: "1.34.5" } }),
        nameOf(path),
        [
          forbiddenCause(
            "spec.provider.workers[0].kubernetes.version",
            "kubernetes version upgrade cannot skip a minor version",
          ),
        ],
      );
    });

    it("cannot become one that is rolled", async () => {
      const path = await inPlace("1.0.0");
      const answer = await change(path, { version: "1.0.0" }, { updateStrategy: "AutoRollingUpdate" });
      expectInvalid(answer, nameOf(path), [
        {
          field: "spec.provider.workers[0].updateStrategy",
          reason: "FieldValueInvalid",
          message:
            'Invalid value: "AutoRollingUpdate": update strategy cannot be changed from AutoInPlaceUpdate/ManualInPlaceUpdate to AutoRollingUpdate',
        },
        // Was set by default with the strategy, and would have to go with it.
        forbiddenCause(
          "spec.provider.workers[0].machineControllerManagerSettings.disableHealthTimeout",
          "can only be set to true when the update strategy is `AutoInPlaceUpdate` or `ManualInPlaceUpdate`",
        ),
      ]);
    });

    it("cannot be changed while an update is pending", async () => {
      const path = await inPlace("1.0.0");
      const status = {
        technicalID: "x",
        uid: "x",
        gardener: { id: "x", name: "x", version: "x" },
        hibernated: false,
        inPlaceUpdates: { pendingWorkerUpdates: { autoInPlaceUpdate: ["a"] } },
      };
      expectAccepted(await world().admin.patch(`${path}/status`, "merge", { status }));
      expectInvalid(await setImage(path, "2.0.0"), nameOf(path), [
        forbiddenCause(
          "spec.provider.workers[0]",
          "the worker pool \"a\" is currently undergoing an in-place update. No changes are allowed to the worker pool, the Shoot Kubernetes version, or the Shoot kubelet configuration. You can force an update with annotating the Shoot with 'gardener.cloud/operation=force-in-place-update'",
        ),
      ]);
    });
  });
}
