import { expect } from "chai";
import type { Body, WatchStream } from "./api";
import { expectAccepted, nameOf } from "./expectations";
import { type ContractWorld, SHOOTS, type ShootSpec } from "./world";

const AUTO = "Automatic update of Kubernetes version configured";
const FORCED = "Kubernetes version expired - force update required";

export function maintenance(world: () => ContractWorld): void {
  /** The Shoot as it is once maintenance has told what it did. */
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

  describe("maintenance by annotation", () => {
    it("takes the highest supported patch of the minor, and says why", async () => {
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

    it("moves a pool's image inside its minor first", async () => {
      const shoot = await maintained({
        pools: [{ name: "a", image: "1.4.0" }],
        maintenance: auto(false, true),
      });
      expect(image(shoot)).to.equal("1.4.1");
    });

    it("moves a pool's image to the highest of its major that suits the kubelet", async () => {
      const shoot = await maintained({
        pools: [{ name: "a", image: "1.4.1" }],
        maintenance: auto(false, true),
      });
      expect(image(shoot)).to.equal("1.5.0");
    });

    it("counts a new generation and has it reconciled", async () => {
      const shoot = await maintained({ maintenance: auto(true, true) });
      expect(shoot.at("metadata", "generation")).to.be.greaterThan(1);
    });
  });
}
