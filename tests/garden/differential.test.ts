import { expect } from "chai";
import fc from "fast-check";
import {
  type ContractWorld,
  CORE,
  createWorld,
  patiently,
  profileObject,
  shootObject,
  SHOOTS,
} from "../contract/world";
import { edit, type Profile, profile, shootOn } from "./arbitraries";
import { describeReal } from "./suite";
import { startTwins, type Twins } from "./twins";

const PROFILES = 50;
/** Of which some are refused, by both. */
const SHOOTS_EACH = 10;
const RUNS = 2_000;
const LIMIT_MS = 5 * 60_000;

const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? Date.now() % 2 ** 31);

describeReal(
  `Random changes, to the sandbox and to the real Gardener (DIFFERENTIAL_SEED=${String(SEED)})`,
  () => {
    let twins: Twins;
    const shoots: string[] = [];

    before(async function () {
      this.timeout(LIMIT_MS);
      twins = await startTwins();
      for (const [name, api] of [
        ["sandbox", { url: twins.sandbox.url, ca: twins.sandbox.ca, admin: { token: twins.sandbox.token } }],
        ["real", { url: twins.real.url, ca: twins.real.ca, admin: twins.real.admin }],
      ] as const) {
        const unused = () => Promise.reject(new Error("not used here"));
        const world: ContractWorld = await createWorld({
          name,
          ...api,
          addUser: unused,
          createAuthority: unused,
          close: () => Promise.resolve(),
        });
        world.admin.close();
      }
      await populate();
    });

    after(async function () {
      this.timeout(30_000);
      await twins.stop();
    });

    async function populate(): Promise<void> {
      const profiles = new Map<string, Profile>();
      for (const [index, spec] of fc.sample(profile, { numRuns: PROFILES * 3, seed: SEED }).entries()) {
        const name = `random-${String(index)}`;
        const path = `${CORE}/cloudprofiles`;
        if (profiles.size === PROFILES || !(await twins.create(path, profileObject(name, { ...spec }))))
          continue;
        // A new CloudProfile loses its expired versions; an update brings them in.
        const found = await twins.patch(`${path}/${name}`, "merge", { spec });
        if (found !== undefined) throw new Error(`CloudProfile ${JSON.stringify(spec)}\n${found}`);
        profiles.set(name, spec);
      }
      // The informer tells changes in order: who knows of the last CloudProfile knows of all of them.
      await twins.create(`${CORE}/cloudprofiles`, profileObject("last"));
      for (const api of twins.apis) {
        await patiently(() => api.post(`${SHOOTS}?dryRun=All`, onProfile(shootObject("probe"), "last")));
      }
      for (const [index, [name, spec]] of [...profiles].entries()) {
        const random = fc.sample(shootOn(spec), { numRuns: SHOOTS_EACH, seed: SEED + index });
        for (const [count, { kubernetesVersion, pools, confined }] of random.entries()) {
          const shootName = `s-${String(index)}-${String(count)}`;
          const maintenance = { confineSpecUpdateRollout: confined };
          const body = onProfile(shootObject(shootName, { kubernetesVersion, pools, maintenance }), name);
          if (await twins.create(SHOOTS, body)) shoots.push(`${SHOOTS}/${shootName}`);
        }
      }
    }

    it("find the same verdict", async function () {
      this.timeout(LIMIT_MS);
      expect(shoots).to.have.length.greaterThan(PROFILES / 2);
      await fc.assert(
        fc.asyncProperty(fc.nat(shoots.length - 1), edit, async (index, { type, body }) => {
          const path = shoots[index] ?? "";
          const found = await twins.patch(`${path}?dryRun=All`, type, body);
          if (found !== undefined)
            throw new Error(`PATCH ${path} (${type}) ${JSON.stringify(body)}\n${found}`);
        }),
        { numRuns: RUNS, seed: SEED },
      );
    });
  },
);

function onProfile(object: unknown, name: string): unknown {
  const whole = Object(object);
  return { ...whole, spec: { ...whole.spec, cloudProfile: { kind: "CloudProfile", name } } };
}
