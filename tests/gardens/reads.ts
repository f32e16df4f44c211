import { expect } from "chai";
import { specVersions } from "../../provider/plan";
import type { Scene } from "./scene";
import { failureOf, REF } from "./web";

export function reads(scene: () => Scene): void {
  const garden = () => scene().garden;
  const readShoot = () => garden().getShoot(REF);

  describe("reading", () => {
    it("finds the Shoot as the program names it", async () => {
      const reference = { kind: "project", project: "demo", name: "web" } as const;
      expect(await garden().locate(reference)).to.deep.equal(REF);
      expect(await garden().locate({ kind: "namespace", ...REF })).to.deep.equal(REF);
    });

    it("suggests a similar name for a Shoot that does not exist", async () => {
      const reference = { kind: "project", project: "demo", name: "wbe" } as const;
      const failure = await failureOf(
        garden()
          .locate(reference)
          .then((ref) => garden().getShoot(ref)),
        "GU010",
      );
      expect(failure.message).to.contain("web");
    });

    it("returns the spec versions of a Shoot without an operation in progress", async () => {
      const shoot = await readShoot();
      expect(specVersions(shoot)).to.deep.equal({
        kubernetesVersion: "1.33.4",
        workers: {
          "pool-a": {
            kubernetesVersion: "1.33.4",
            machineImage: { name: "gardenlinux", version: "1592.10.0" },
          },
        },
      });
      expect(shoot.lastOperation).to.include({ state: "Succeeded", progress: 100 });
      expect(shoot.observedGeneration).to.equal(shoot.generation);
      expect(shoot.conditions.map(({ status }) => status))
        .to.include("True")
        .and.not.to.include("False");
      expect(shoot.workers[0]).to.include({ minimum: 3, maximum: 3, maxSurge: 1, maxUnavailable: 0 });
      expect(shoot.uid).not.to.equal("");
    });

    it("lists the Shoots of the namespace as it reads each", async () => {
      const shoots = await garden().listShoots?.(REF.namespace);
      expect([...(shoots?.keys() ?? [])]).to.include(REF.name);
      expect(shoots?.get(REF.name)?.()).to.deep.equal(await readShoot());
    });

    for (const scope of [
      { kind: "namespace", namespace: REF.namespace },
      { kind: "project", project: "demo" },
      { kind: "garden" },
    ] as const) {
      it(`finds the Shoots of the ${scope.kind} as it reads each`, async () => {
        const found = await garden().findShoots({ scope });
        expect(found).to.deep.equal([{ kind: "shoot", shoot: await readShoot() }]);
      });
    }

    it("returns the same for a Shoot that has not changed", async () => {
      expect(await readShoot()).to.deep.equal(await readShoot());
    });

    it("returns the offered versions, with classifications and dates", async () => {
      const profile = await garden().getCloudProfile(await readShoot());
      const versions = profile.kubernetesVersions.map(({ version }) => version);
      expect(versions).to.include.members(["1.35.4", "1.34.3", "1.33.4"]);
      const last = (version: string) =>
        profile.kubernetesVersions.find((entry) => entry.version === version)?.lifecycle.at(-1);
      expect(last("1.34.3")?.classification).to.equal("supported");
      expect(last("1.33.4")?.from?.getTime()).to.be.greaterThan(Date.now());
      const [gardenlinux] = profile.machineImages.filter(({ name }) => name === "gardenlinux");
      expect(gardenlinux?.updateStrategy).to.equal("minor");
      expect(
        gardenlinux?.versions.find(({ version }) => version === "1877.5.0")?.architectures,
      ).to.deep.equal(["arm64"]);
    });
  });

  describe("the cluster", () => {
    it("returns the observed versions of API server and nodes", async () => {
      const cluster = await garden().openCluster(await readShoot());
      expect(await cluster?.kubernetesVersion()).to.equal("1.33.4");
      const nodes = (await cluster?.nodes()) ?? [];
      expect(nodes.map(({ pool, kubeletVersion, ready }) => [pool, kubeletVersion, ready])).to.deep.equal(
        Array(3).fill(["pool-a", "1.33.4", true]),
      );
    });

    it("returns the address and the certificate authority of the Shoot's API", async () => {
      const access = await garden().clusterAccess(await readShoot());
      expect(access?.server).to.match(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(access?.certificateAuthority).to.contain("BEGIN CERTIFICATE");
    });

    it("issues a kubeconfig that expires", async () => {
      const { kubeconfig, expires } = await garden().requestKubeconfig(REF, "admin", 3600);
      expect(kubeconfig).to.contain("client-key-data");
      expect(expires.getTime()).to.be.greaterThan(Date.now());
    });
  });
}
