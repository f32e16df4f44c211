/** What every garden does behind the interface, as far as its capabilities go. */
import { specVersions } from "../../provider/plan";
import { expect } from "chai";
import type { Garden, ShootEvent } from "../../provider/garden/garden";
import type { Code } from "../../provider/model/codes";
import type { Change } from "../../provider/model/plan";
import { UserError } from "../../provider/model/problem";
import type { Shoot } from "../../provider/model/shoot";
import { isComplete } from "../../provider/rollout/completion";
import type { Fault, Recorded } from "../../sandbox/http";
import { shoots } from "../../sandbox/api/resource";
import { clone, map, mapsAt, type JsonMap } from "../../sandbox/json";
import type { Scene } from "./scene";

const NAMESPACE = "garden-demo";
const REF = { namespace: NAMESPACE, name: "web" };

export function gardenSuite(setScene: () => Promise<Scene>): void {
  let scene: Scene;
  let garden: Garden;

  beforeEach(async () => {
    scene = await setScene();
    ({ garden } = scene);
  });
  afterEach(() => scene.close());

  const live = () => garden.getShoot(REF);
  const stored = (): JsonMap => map(scene.sandbox.garden.store.get(shoots, NAMESPACE, "web"));

  async function kubernetes(version: string): Promise<Change> {
    const shoot = await live();
    return { ...tied(shoot), kubernetesVersion: version, workers: [] };
  }

  async function image(version: string, pool = "pool-a"): Promise<Change> {
    const shoot = await live();
    return {
      ...tied(shoot),
      workers: [{ name: pool, machineImage: { name: "gardenlinux", version } }],
    };
  }

  /** Follows until the condition holds. */
  async function followed(holds: (event: ShootEvent) => boolean): Promise<readonly ShootEvent[]> {
    const seen: ShootEvent[] = [];
    const stop = new AbortController();
    for await (const event of garden.watchShoot(REF, stop.signal)) {
      seen.push(event);
      if (holds(event)) stop.abort();
    }
    return seen;
  }

  describe("reading", () => {
    it("finds the Shoot as the program names it", async () => {
      const reference = { kind: "project", project: "demo", name: "web" } as const;
      expect(await garden.locate(reference)).to.deep.equal(REF);
      expect(await garden.locate({ kind: "namespace", ...REF })).to.deep.equal(REF);
    });

    it("names what is near for a Shoot that does not exist", async () => {
      const reference = { kind: "project", project: "demo", name: "wbe" } as const;
      const failure = await failureOf(
        garden.locate(reference).then((ref) => garden.getShoot(ref)),
        "GU010",
      );
      expect(failure.message).to.contain("web");
    });

    it("tells what runs, and that the Shoot is at rest", async () => {
      const shoot = await live();
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

    it("tells the same of a Shoot that nobody has touched", async () => {
      expect(await live()).to.deep.equal(await live());
    });

    it("tells what the CloudProfile offers, with classes and dates", async () => {
      const profile = await garden.getCloudProfile(await live());
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

  describe("writing", () => {
    it("accepts a Kubernetes version, and the Shoot's spec has it", async () => {
      const result = await garden.apply(await kubernetes("1.33.7"));
      expect(result.kind).to.equal("accepted");
      await followed((event) => event.kind === "seen" && event.shoot.kubernetesVersion === "1.33.7");
      expect(scene.writes()).to.have.length(1);
    });

    it("takes the image of a pool, and leaves all else of it as it is", async () => {
      const before = clone(stored());
      expect((await garden.apply(await image("1592.14.0"))).kind).to.equal("accepted");
      const [worker] = mapsAt(before, "spec", "provider", "workers");
      const machine = map(worker?.["machine"]);
      const expected = {
        ...worker,
        machine: { ...machine, image: { ...map(machine["image"]), version: "1592.14.0" } },
      };
      expect(mapsAt(stored(), "spec", "provider", "workers")).to.deep.equal([expected]);
      expect(stored()["spec"]).to.deep.equal({
        ...map(before["spec"]),
        provider: { ...map(map(before["spec"])["provider"]), workers: [expected] },
      });
    });

    it("is refused with the garden's message for what the garden does not allow", async () => {
      const result = await garden.apply(await kubernetes("1.35.2"));
      if (result.kind !== "refused") throw new Error(`It was ${result.kind}`);
      expect(result.message).to.match(/1\.35\.2|skip|minor/);
      expect((await live()).kubernetesVersion).to.equal("1.33.4");
    });

    it("is not done where the Shoot has moved since it was read", async () => {
      const change = await kubernetes("1.33.7");
      expect((await garden.apply(await image("1592.14.0"))).kind).to.equal("accepted");
      expect((await garden.apply(change)).kind).to.be.oneOf(["conflict", "busy"]);
      expect(specVersions(await live()).kubernetesVersion).to.equal("1.33.4");
    });

    it("is not done on another cluster than the one that was read", async () => {
      const change = { ...(await kubernetes("1.33.7")), uid: "another" };
      expect((await garden.apply(change)).kind).not.to.equal("accepted");
      expect((await live()).kubernetesVersion).to.equal("1.33.4");
    });

    it("never adds a pool", async () => {
      const change = await image("1592.14.0", "pool-z");
      await garden.apply(change).catch(() => undefined);
      expect((await live()).workers.map(({ name }) => name)).to.deep.equal(["pool-a"]);
    });

    it("is judged without being done, where the garden can do that", async function () {
      if (!garden.capabilities.dryRun) this.skip();
      expect((await garden.dryRun(await kubernetes("1.33.7"))).kind).to.equal("accepted");
      expect((await garden.dryRun(await kubernetes("1.35.2"))).kind).to.equal("refused");
      expect((await live()).kubernetesVersion).to.equal("1.33.4");
    });

    it("reports the result of a write that was cut off as unknown, and does not write twice", async () => {
      const change = await kubernetes("1.33.7");
      const restore = scene.disturb((call) => (isWrite(call) ? { kind: "cut" } : undefined));
      const { message } = await failureOf(garden.apply(change), "GU005");
      restore();
      expect(message).to.contain("not known whether the change was written");
      expect(scene.writes()).to.have.length(1);
    });

    it("does not repeat a write that a gateway may have passed on", async () => {
      const change = await kubernetes("1.33.7");
      const restore = scene.disturb((call) => (isWrite(call) ? scene.refusal(503, "try later") : undefined));
      await failureOf(garden.apply(change), "GU005");
      restore();
      expect(scene.writes()).to.have.length(1);
    });
  });

  describe("following", () => {
    it("shows the Shoot at once", async () => {
      const [first] = await followed(() => true);
      if (first?.kind !== "seen") throw new Error("It was not seen");
      expect(specVersions(first.shoot)).to.deep.equal(specVersions(await live()));
    });

    for (const [what, change] of [
      ["a Kubernetes version", () => kubernetes("1.33.7")],
      ["an image", () => image("1592.14.0")],
    ] as const) {
      it(`sees the end of ${what}, and never takes the success from before for it`, async () => {
        const result = await garden.apply(await change());
        if (result.kind !== "accepted") throw new Error(`It was ${result.kind}`);
        const { shoot } = result;
        const target = specVersions(shoot);
        const awaited = { uid: shoot.uid, generation: shoot.generation, target };
        expect(isComplete(shoot, awaited), "done at once").to.equal(false);
        const generation = Number(map(stored()["metadata"])["generation"]);
        await followed((event) => {
          if (event.kind !== "seen" || !isComplete(event.shoot, awaited)) return false;
          const status = map(stored()["status"]);
          expect(Number(status["observedGeneration"])).to.be.at.least(generation);
          return true;
        });
        await scene.sandbox.reconciled();
      });
    }

    it("reports that the Shoot is gone once it is", async () => {
      const events = await followed((event) => {
        if (event.kind === "seen") scene.sandbox.garden.store.remove(shoots, NAMESPACE, "web");
        return event.kind === "gone";
      });
      expect(events.at(-1)?.kind).to.equal("gone");
    });

    it("reports an interruption while the connection is down, and continues afterwards", async () => {
      let restore: (() => void) | undefined;
      const events = await followed((event) => {
        if (restore === undefined) {
          restore = scene.disturb(() => ({ kind: "cut" }));
          scene.sandbox.garden.watches.drop();
        } else if (event.kind === "interrupted") {
          restore();
          touch(scene);
        } else return true;
        return false;
      });
      expect(events.map(({ kind }) => kind)).to.include("interrupted");
      expect(events.at(-1)?.kind).to.equal("seen");
    });
  });

  describe("the cluster", () => {
    it("sees what the API server and the nodes run", async () => {
      const cluster = await garden.openCluster(await live());
      expect(await cluster?.kubernetesVersion()).to.equal("1.33.4");
      const nodes = (await cluster?.nodes()) ?? [];
      expect(nodes.map(({ pool, kubeletVersion, ready }) => [pool, kubeletVersion, ready])).to.deep.equal(
        Array(3).fill(["pool-a", "1.33.4", true]),
      );
    });

    it("knows the address and the authority of the Shoot's API", async () => {
      const access = await garden.clusterAccess(await live());
      expect(access?.server).to.match(/^https:\/\/127\.0\.0\.1:\d+$/);
      expect(access?.certificateAuthority).to.contain("BEGIN CERTIFICATE");
    });

    it("issues a kubeconfig that expires", async () => {
      const { kubeconfig, expires } = await garden.requestKubeconfig(REF, "admin", 3600);
      expect(kubeconfig).to.contain("client-key-data");
      expect(expires.getTime()).to.be.greaterThan(Date.now());
    });
  });

  describe("a failure", () => {
    for (const [trouble, code] of [
      ["nobody listens", "GU005"],
      ["another authority", "GU006"],
      ["refused credentials", "GU007"],
      ["no rights", "GU008"],
    ] as const) {
      it(`is reported as ${code}, without a secret: ${trouble}`, async () => {
        const line = await scene.open(trouble);
        const error = await failureOf(line.getShoot(REF), code);
        for (const secret of scene.secrets) expect(`${error.message} ${error.stack}`).not.to.contain(secret);
      });
    }

    for (const code of [429, 502, 503, 504]) {
      it(`is overcome where the server answers ${code} now and then`, async () => {
        let times = 2;
        scene.disturb(() => (times-- > 0 ? scene.refusal(code, "try later") : undefined));
        expect((await live()).kubernetesVersion).to.equal("1.33.4");
      });
    }

    it("is reported where the server stays overloaded", async () => {
      scene.disturb(() => scene.refusal(503, "overloaded"));
      expect((await failureOf(live(), "GU005")).message).to.contain("503");
    });

    it("is reported where the answer does not have the expected shape", async () => {
      scene.disturb(({ method }) => (method === "GET" ? { kind: "answer", code: 200, body: {} } : undefined));
      await failureOf(live(), "GU013");
    });

    it("is overcome where a kept connection was closed meanwhile", async () => {
      await live();
      let cut = true;
      scene.disturb(({ method }): Fault | undefined => {
        if (method !== "GET" || !cut) return undefined;
        cut = false;
        return { kind: "cut" };
      });
      expect((await live()).kubernetesVersion).to.equal("1.33.4");
    });
  });
}

function tied({ ref, uid, resourceVersion }: Shoot) {
  return { shoot: ref, uid, resourceVersion };
}

function isWrite({ method, path }: Recorded): boolean {
  return (method === "PATCH" || method === "PUT") && path.includes("/shoots/");
}

/** Something that everybody sees. */
function touch({ sandbox }: Scene): void {
  const shoot = clone(map(sandbox.garden.store.get(shoots, NAMESPACE, "web")));
  const status = map(shoot["status"]);
  const operation = map(status["lastOperation"]);
  shoot["status"] = { ...status, lastOperation: { ...operation, description: "looked after" } };
  sandbox.garden.store.put(shoot);
}

async function failureOf(promise: Promise<unknown>, code: Code): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.code, error.message).to.equal(code);
    return error;
  }
  throw new Error(`${code} was expected, and nothing failed`);
}
