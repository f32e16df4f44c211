import { expect } from "chai";
import fc from "fast-check";
import { inAnyOrder } from "../contract/differences";
import { nameOf } from "../contract/expectations";
import { profileObject } from "../contract/profile";
import { type ShootSpec, shootObject } from "../contract/shoots";
import { type ContractWorld, CORE, createWorld, operation, retryUntilKnown, SHOOTS } from "../contract/world";
import type { Answer, Body } from "../contract/api";
import { edit, lenient, type Profile, profile, shootOn } from "./arbitraries";
import { describeReal } from "./suite";
import { startTwins, type Twins } from "./twins";

const PROFILES = 50;
const SHOOTS_EACH = 6;
const RUNS = 2_000;
const MAINTENANCES = 200;
const LIMIT_MS = 5 * 60_000;

const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? Date.now() % 2 ** 31);

describeReal(`The sandbox beside the real Gardener (DIFFERENTIAL_SEED=${String(SEED)})`, () => {
  let twins: Twins;
  const shoots: string[] = [];

  before(async function () {
    this.timeout(LIMIT_MS);
    twins = await startTwins();
    for (const garden of twins.gardens) {
      const unused = () => Promise.reject(new Error("not used here"));
      const close = () => Promise.resolve();
      const world: ContractWorld = await createWorld({
        ...garden,
        addUser: unused,
        createAuthority: unused,
        close,
      });
      world.admin.close();
    }
    await populate();
  });

  after(async function () {
    this.timeout(30_000);
    await twins.stop();
  });

  /** Shoots are created while all versions are supported; then the versions get a random classification. */
  async function populate(): Promise<void> {
    const profiles = new Map<string, Profile>();
    for (const [index, spec] of fc.sample(profile, { numRuns: PROFILES, seed: SEED }).entries()) {
      const name = `random-${String(index)}`;
      const early = { ...lenient(spec) };
      if (await twins.create(`${CORE}/cloudprofiles`, profileObject(name, early))) profiles.set(name, spec);
    }
    // The informer receives changes in order: with the last CloudProfile it has all of them.
    await knownByAdmission("last");
    for (const [index, [name, spec]] of [...profiles].entries()) {
      const random = fc.sample(shootOn(spec), { numRuns: SHOOTS_EACH, seed: SEED + index });
      for (const [count, { kubernetesVersion, pools, confined, autoUpdate }] of random.entries()) {
        const shootName = `s-${String(index)}-${String(count)}`;
        const maintenance = { confineSpecUpdateRollout: confined, autoUpdate };
        const body = on(name, shootName, { kubernetesVersion, pools, maintenance });
        if (await twins.create(SHOOTS, body)) shoots.push(`${SHOOTS}/${shootName}`);
      }
    }
    for (const [name, spec] of profiles) {
      const found = await twins.patch(`${CORE}/cloudprofiles/${name}`, "merge", { spec });
      if (found !== undefined) throw new Error(`CloudProfile ${name} ${JSON.stringify(spec)}\n${found}`);
    }
    await knownByAdmission("very-last");
  }

  async function knownByAdmission(name: string): Promise<void> {
    await twins.create(`${CORE}/cloudprofiles`, profileObject(name));
    for (const api of twins.apis) {
      await retryUntilKnown(() => api.post(`${SHOOTS}?dryRun=All`, on(name, "probe", {})));
    }
  }

  it("gives the same result for a change", async function () {
    this.timeout(LIMIT_MS);
    expect(shoots).to.have.length.greaterThan(MAINTENANCES);
    await fc.assert(
      fc.asyncProperty(fc.nat(shoots.length - 1), edit, async (index, { type, body }) => {
        const path = shoots[index] ?? "";
        const found = await twins.patch(`${path}?dryRun=All`, type, body);
        if (found !== undefined) throw new Error(`PATCH ${path} (${type}) ${JSON.stringify(body)}\n${found}`);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it("maintains a Shoot to the same versions, with the same messages", async function () {
    this.timeout(LIMIT_MS);
    for (const path of shoots.slice(0, MAINTENANCES)) {
      const [sandbox, real] = await Promise.all(
        twins.apis.map(async (api) => {
          await operation(api, path, { state: "Succeeded" });
          await api.patch(path, "merge", {
            metadata: { annotations: { "gardener.cloud/operation": "maintain" } },
          });
          const answer = await patientlyMaintained(() => api.get(path));
          return {
            kubernetes: answer.text("spec", "kubernetes", "version"),
            pools: answer
              .list("spec", "provider", "workers")
              .map((pool) => [
                pool.text("name"),
                pool.text("machine", "image", "version"),
                pool.at("kubernetes", "version"),
              ]),
            generation: answer.at("metadata", "generation"),
            state: answer.text("status", "lastMaintenance", "state"),
            description: inAnyOrder(answer.text("status", "lastMaintenance", "description")),
            failureReason: inAnyOrder(answer.text("status", "lastMaintenance", "failureReason")),
          };
        }),
      );
      expect(sandbox, nameOf(path)).to.deep.equal(real);
    }
  });
});

const TIMEOUT_MS = 15_000;

/** Where there is nothing to do, nothing is reported either, but the annotation is removed. */
async function patientlyMaintained(get: () => Promise<Answer>): Promise<Body> {
  for (const start = Date.now(); ;) {
    const { body } = await get();
    const requested = body.text("metadata", "annotations", "gardener.cloud/operation") === "maintain";
    const state = body.text("status", "lastMaintenance", "state");
    if (!requested && state !== "Processing") return body;
    if (Date.now() - start > TIMEOUT_MS) throw new Error(`never maintained: ${JSON.stringify(body.raw)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function on(profileName: string, name: string, spec: ShootSpec): unknown {
  const more = { ...spec.more, cloudProfile: { kind: "CloudProfile", name: profileName } };
  return shootObject(name, { ...spec, more });
}
