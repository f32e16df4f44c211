import { expect } from "chai";
import type { Body, WatchStream } from "./api";
import { expectAccepted, nameOf } from "./expectations";
import type { ShootSpec } from "./shoots";
import { type ContractWorld, SHOOTS } from "./world";

const AUTO = "Automatic update of Kubernetes version configured";
const FORCED = "Kubernetes version expired - force update required";

export function maintenance(world: () => ContractWorld): void {
  /** The Shoot once maintenance has reported its result. */
  async function maintained(spec: ShootSpec, before?: (path: string) => Promise<void>): Promise<Body> {
    const path = await world().reconciled(spec);
    await before?.(path);
    const { body } = await world().admin.get(path);
    const stream = await world().admin.watch(
      `${SHOOTS}?watch=true&fieldSelector=metadata.name%3D${nameOf(path)}&resourceVersion=${body.text("metadata", "resourceVersion")}`,
    );
    try {
      expectAccepted(
        await world().admin.patch(path, "merge", {
          metadata: { annotations: { "gardener.cloud/operation": "maintain" } },
        }),
      );
      return await reported(stream);
    } finally {
      stream.close();
    }
  }

  async function reported(stream: WatchStream): Promise<Body> {
    for (;;) {
      const event = await stream.next();
      if (event === undefined) throw new Error("the watch has ended before maintenance was through");
      const state = event.object.text("status", "lastMaintenance", "state");
      if (state !== "" && state !== "Processing") return event.object;
    }
  }

  const kubernetes = (shoot: Body) => shoot.text("spec", "kubernetes", "version");
  const image = (shoot: Body) => shoot.text("spec", "provider", "workers", 0, "machine", "image", "version");
  const said = (shoot: Body) => shoot.text("status", "lastMaintenance", "description");
  const auto = (kubernetesVersion: boolean, machineImageVersion: boolean) => ({
    autoUpdate: { kubernetesVersion, machineImageVersion },
  });

  const to = (version: string) => async (path: string) => {
    expectAccepted(await world().admin.patch(path, "merge", { spec: { kubernetes: { version } } }));
  };

  describe("maintenance by annotation", () => {
    it("updates to the highest supported patch of the minor, and reports why", async () => {
      const shoot = await maintained({ maintenance: auto(true, false) });
      expect(kubernetes(shoot)).to.equal("1.33.8");
      expect(said(shoot)).to.equal(
        `All maintenance operations successful. Control Plane: Updated Kubernetes version from "1.33.4" to "1.33.8". Reason: ${AUTO}`,
      );
      expect(shoot.text("status", "lastMaintenance", "state")).to.equal("Succeeded");
    });

    it("forces an expired version to a patch of its minor", async () => {
      const shoot = await maintained({ maintenance: auto(false, false) }, async (path) => {
        expectAccepted(
          await world().admin.patch(path, "merge", { spec: { kubernetes: { version: "1.34.2" } } }),
        );
      });
      expect(kubernetes(shoot)).to.equal("1.34.5");
      expect(said(shoot)).to.contain(FORCED);
    });

    it("updates a pool's image within its minor first", async () => {
      const shoot = await maintained({
        pools: [{ name: "a", image: "1.4.0" }],
        maintenance: auto(false, true),
      });
      expect(image(shoot)).to.equal("1.4.1");
    });

    it("updates a pool's image to the highest of its major that supports the kubelet", async () => {
      const shoot = await maintained({
        pools: [{ name: "a", image: "1.4.1" }],
        maintenance: auto(false, true),
      });
      expect(image(shoot)).to.equal("1.5.0");
    });

    it("updates to a deprecated patch where no supported one exists", async () => {
      const shoot = await maintained({ kubernetesVersion: "1.32.7", maintenance: auto(true, false) });
      expect(kubernetes(shoot)).to.equal("1.32.13");
    });

    it("forces an expired version without a patch above it to the next minor", async () => {
      const shoot = await maintained(
        { kubernetesVersion: "1.30.10", maintenance: auto(false, false) },
        to("1.30.14"),
      );
      expect(kubernetes(shoot)).to.equal("1.31.14");
      expect(said(shoot)).to.equal(
        `All maintenance operations successful. Control Plane: Updated Kubernetes version from "1.30.14" to "1.31.14". Reason: ${FORCED}`,
      );
    });

    it("fails where an expired version has no successor", async () => {
      const shoot = await maintained(
        { kubernetesVersion: "1.28.4", maintenance: auto(false, false) },
        to("1.28.9"),
      );
      expect(kubernetes(shoot)).to.equal("1.28.9");
      expect(shoot.text("status", "lastMaintenance", "state")).to.equal("Failed");
      expect(said(shoot)).to.equal(
        `(0/1) maintenance operations successful. Control Plane: Kubernetes version update failed. Reason for update: ${FORCED}`,
      );
      expect(shoot.text("status", "lastMaintenance", "failureReason")).to.match(
        /cannot perform forceful update of expired version/,
      );
    });

    it("updates control plane and pinned pools separately, and reports which", async () => {
      const shoot = await maintained({
        kubernetesVersion: "1.34.5",
        pools: [{ name: "a", kubernetesVersion: "1.33.4" }],
        maintenance: auto(true, false),
      });
      // A deprecated patch above is taken where no supported one is.
      expect(kubernetes(shoot)).to.equal("1.34.6");
      expect(shoot.text("spec", "provider", "workers", 0, "kubernetes", "version")).to.equal("1.33.8");
      expect(said(shoot)).to.equal(
        [
          `All maintenance operations successful. Control Plane: Updated Kubernetes version from "1.34.5" to "1.34.6". Reason: ${AUTO}`,
          `Worker pool "a": Updated Kubernetes version from "1.33.4" to "1.33.8". Reason: ${AUTO}`,
        ].join(", "),
      );
    });

    interface ImageCase {
      readonly what: string;
      readonly imageName: string;
      readonly strategy: string;
      readonly from: string;
      /** Reached from `from` before maintenance comes. */
      readonly expired?: string;
      readonly target: string;
    }
    const images: readonly ImageCase[] = [
      {
        what: "stays in the minor by the strategy patch",
        imageName: "patchwise",
        strategy: "patch",
        from: "1.1.0",
        target: "1.1.2",
      },
      {
        what: "leaves an expired minor for the next one by the strategy patch",
        imageName: "patchwise",
        strategy: "patch",
        from: "1.0.0",
        expired: "1.0.5",
        target: "1.1.2",
      },
      {
        what: "updates to the highest supported of all by the strategy major",
        imageName: "majorwise",
        strategy: "major",
        from: "1.0.0",
        target: "3.0.0",
      },
    ];
    for (const { what, imageName, strategy, from, target, expired } of images) {
      it(`${what}, and reports that`, async () => {
        const shoot = await maintained(
          { pools: [{ name: "a", imageName, image: from }], maintenance: auto(false, expired === undefined) },
          async (path) => {
            if (expired === undefined) return;
            const workers = [{ name: "a", machine: { image: { version: expired } } }];
            expectAccepted(await world().admin.patch(path, "strategic", { spec: { provider: { workers } } }));
          },
        );
        expect(image(shoot)).to.equal(target);
        const reason =
          expired === undefined
            ? "Automatic update of the machine image version is configured"
            : "Machine image version expired - force update required";
        expect(said(shoot)).to.equal(
          `All maintenance operations successful. Worker pool "a": Updated machine image "${imageName}" from "${expired ?? from}" to "${target}". Reason: ${reason} (image update strategy: ${strategy})`,
        );
      });
    }

    it("counts a new generation and has it reconciled", async () => {
      const shoot = await maintained({ maintenance: auto(true, true) });
      expect(shoot.at("metadata", "generation")).to.be.greaterThan(1);
    });
  });
}
