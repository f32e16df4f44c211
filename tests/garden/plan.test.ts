/** What the planner calls allowed or refused, held against the dry run of the real server. */
import { expect } from "chai";
import fc from "fast-check";
import type { Garden, Verdict } from "../../provider/garden/garden";
import { gardenerCapabilities } from "../../provider/garden/gardener";
import { openGarden } from "../../provider/garden/open";
import type { CloudProfile } from "../../provider/model/cloudprofile";
import type { Hop, Planned } from "../../provider/model/plan";
import type { Code } from "../../provider/model/codes";
import { describeProblem, type Problem } from "../../provider/model/problem";
import type { Shoot, ShootRef } from "../../provider/model/shoot";
import { changeFor, plan, upgrades } from "../../provider/plan";
import { type Answer, type Api, api, type JsonValue } from "../contract/api";
import {
  CORE,
  createWorld,
  NAMESPACE,
  operation,
  patiently,
  profileObject,
  type ShootSpec,
  shootObject,
  SHOOTS,
} from "../contract/world";
import type { Profile } from "./arbitraries";
import { type RealGarden, startRealGarden } from "./garden";
import {
  declarationFor,
  declarationOf,
  inCapabilities,
  laggard,
  lenientShoot,
  open,
  validProfile,
} from "./plan-arbitraries";
import {
  type Case,
  fieldsOf,
  heldAgainstTheGarden,
  meanings,
  REFUSED_BY_THE_GARDEN,
  stricter,
  STRICTER_ON_PURPOSE,
} from "./plan-claims";
import { describeReal } from "./suite";

const PROFILES = 24;
const SHOOTS_EACH = 7;
const RUNS = 3_000;
const PATIENCE = 10;
const LIMIT_MS = 5 * 60_000;

const SEED = Number(process.env["PLAN_SEED"] ?? Date.now() % 2 ** 31);

describeReal(`The planner beside the real Gardener (PLAN_SEED=${String(SEED)})`, () => {
  let real: RealGarden;
  let server: Api;
  let garden: Garden;
  const shoots: Shoot[] = [];
  const cloudProfiles = new Map<string, CloudProfile>();
  const counts = new Map<string, number>();

  before(async function () {
    this.timeout(LIMIT_MS);
    real = await startRealGarden();
    const { url, ca, admin } = real;
    server = api(url, ca, admin);
    garden = openGarden({ kubeconfig: admin.kubeconfig }, { config: () => undefined, env: {} });
    const unused = () => Promise.reject(new Error("not used here"));
    const close = () => Promise.resolve();
    const world = {
      name: "the real Gardener",
      url,
      ca,
      admin,
      addUser: unused,
      createAuthority: unused,
      close,
    };
    (await createWorld(world)).admin.close();
    await populate();
  });

  after(async function () {
    this.timeout(30_000);
    server.close();
    await real.stop();
  });

  /** Shoots come while nothing stands in their way; then their versions get a random standing. */
  async function populate(): Promise<void> {
    const profiles = new Map<string, Profile>();
    for (const [index, spec] of fc.sample(validProfile, { numRuns: PROFILES, seed: SEED }).entries()) {
      const name = `random-${String(index)}`;
      expectCode(
        await server.post(`${CORE}/cloudprofiles`, profileObject(name, profileFields(open(spec), index))),
        201,
      );
      profiles.set(name, spec);
    }
    await knownByAdmission("last");
    const refs: ShootRef[] = [];
    for (const [index, [profileName, spec]] of [...profiles].entries()) {
      const random = fc.sample(lenientShoot(spec), { numRuns: SHOOTS_EACH, seed: SEED + index });
      const far = laggard(spec);
      for (const [count, shoot] of [...random, ...(far === undefined ? [] : [far])].entries()) {
        const ref = { namespace: NAMESPACE, name: `p-${String(index)}-${String(count)}` };
        const { code } = await server.post(SHOOTS, on(profileName, ref.name, shoot));
        if (code === 201) refs.push(ref);
      }
    }
    for (const { name } of refs.filter((_, index) => index % 10 === 0))
      await startDeletion(`${SHOOTS}/${name}`);
    for (const [index, [name, spec]] of [...profiles].entries()) {
      const strict = { spec: profileFields(spec, index) };
      expectCode(await server.patch(`${CORE}/cloudprofiles/${name}`, "merge", strict), 200);
    }
    await knownByAdmission("very-last");
    for (const ref of refs) {
      await operation(server, `${SHOOTS}/${ref.name}`, { state: "Succeeded" });
      const shoot = await garden.getShoot(ref);
      shoots.push(shoot);
      const { name } = shoot.cloudProfile;
      if (!cloudProfiles.has(name)) cloudProfiles.set(name, await garden.getCloudProfile(shoot));
    }
  }

  async function startDeletion(path: string): Promise<void> {
    const metadata = {
      finalizers: ["gardener"],
      annotations: { "confirmation.gardener.cloud/deletion": "true" },
    };
    expectCode(await server.patch(path, "merge", { metadata }), 200);
    expectCode(await server.delete(path), 200);
  }

  /** The informer tells changes in order: who knows of the last CloudProfile knows of all of them. */
  async function knownByAdmission(name: string): Promise<void> {
    await server.post(`${CORE}/cloudprofiles`, profileObject(name));
    await patiently(() => server.post(`${SHOOTS}?dryRun=All`, on(name, "probe", {})));
  }

  /** Small, so that a failure is told in few words. */
  const questions = fc
    .nat(10_000)
    .map((number) => number % shoots.length)
    .chain((index) => {
      const { shoot, profile } = at(index);
      return fc.record({ index: fc.constant(index), declaration: declarationFor(shoot, profile) });
    });

  function at(index: number): Pick<Case, "shoot" | "profile"> {
    const shoot = shoots[index];
    const profile = cloudProfiles.get(shoot?.cloudProfile.name ?? "");
    if (shoot === undefined || profile === undefined) throw new Error("There are no Shoots.");
    return { shoot, profile };
  }

  it("is right about what is allowed and what is refused", async function () {
    this.timeout(LIMIT_MS);
    const start = Date.now();
    await fc.assert(
      fc.asyncProperty(questions, ({ index, declaration }) =>
        hold({ declaration, ...at(index), now: new Date() }),
      ),
      { numRuns: RUNS, seed: SEED },
    );
    process.stderr.write(`${String(RUNS)} cases in ${String(Date.now() - start)} ms: ${told()}\n`);
  });

  it("has met each claim", () => {
    expect(met("hop"), told()).to.be.greaterThan(RUNS / 20);
    for (const code of REFUSED_BY_THE_GARDEN) expect(met(bothRefuse(code)), told()).to.be.greaterThan(0);
    for (const { code, contrary } of STRICTER_ON_PURPOSE) {
      expect(met(contrary ? onlyPlanner(code) : held(code)), told()).to.be.greaterThan(0);
    }
  });

  it("lists under getUpgrades() what the garden takes", async function () {
    this.timeout(LIMIT_MS);
    for (const [index, shoot] of shoots.entries()) {
      if (shoot.deletionTimestamp !== undefined) continue;
      const now = new Date();
      const { profile } = at(index);
      const { kubernetes, workers } = upgrades(shoot, profile, now);
      const bare = declarationOf(shoot);
      const declarations = [
        ...[...kubernetes.patches, ...kubernetes.minors].map((one) => ({
          ...bare,
          kubernetes: exactly(one),
        })),
        ...Object.entries(workers).flatMap(([pool, { machineImage }]) =>
          machineImage.available.map((one) => ({
            ...bare,
            workers: { [pool]: { machineImage: exactly(one) } },
          })),
        ),
      ];
      for (const declaration of declarations) {
        const given = { declaration, shoot, profile, now };
        const planned = ask(given);
        const codes = planned.kind === "plan" ? [] : planned.problems.map(({ code }) => code);
        // Another image may stand in the way, a lagging pool, or sleep.
        expect(codes.filter((code) => !["GU035", "GU036", "GU044"].includes(code))).to.deep.equal([]);
        count("listed");
        await hold(given);
      }
    }
    process.stderr.write(`with what getUpgrades() lists: ${told()}\n`);
    expect(met("listed"), told()).to.be.greaterThan(0);
  });

  async function hold(given: Case): Promise<void> {
    const planned = ask(given);
    if (planned.kind === "plan") {
      const { hops } = planned.plan;
      count(hops.length === 0 ? "at rest" : "hop");
      expect(hops.length, "a Gardener API server takes all at once").to.be.lessThan(2);
      for (const hop of hops) await expectTaken(hop, given);
      return;
    }
    const { problems } = planned;
    for (const problem of problems) {
      if (stricter(problem, given)) {
        count((await wouldBeTaken(problem, given)) ? onlyPlanner(problem.code) : held(problem.code));
      } else if (heldAgainstTheGarden(problem)) {
        await expectRefused(problem, problems, given);
      } else {
        throw new Error(`Nothing is said of ${describeProblem(problem)}`);
      }
    }
  }

  async function expectTaken(hop: Hop, given: Case): Promise<void> {
    const verdict = await dryRun(hop, given.shoot);
    if (verdict.kind !== "accepted") {
      throw disagreement(`planned ${JSON.stringify(hop)}`, JSON.stringify(verdict), given);
    }
    expect(versionsOf(verdict.shoot)).to.deep.equal(versionsAfter(hop, given.shoot));
  }

  async function expectRefused(problem: Problem, problems: readonly Problem[], given: Case): Promise<void> {
    const hop = problem.code === "GU030" ? hopOnceWell(given) : undefined;
    if (hop !== undefined) {
      const verdict = await dryRun(hop, given.shoot);
      if (verdict.kind !== "refused") throw disagreement(describeProblem(problem), verdict.kind, given);
      count(bothRefuse(problem.code));
      return;
    }
    // Other trouble of the same declaration may come first.
    const fields = problems.flatMap((one) => fieldsOf(one, given));
    for (const body of meanings(problem, given)) {
      const { code, body: answer } = await judge(body, given.shoot);
      const said = answer.text("message");
      if (![400, 403, 422].includes(code) || !fields.some((field) => said.includes(field))) {
        const found = `${JSON.stringify(body)} is answered ${String(code)}: ${said}; expected one of ${fields.join(", ")}`;
        throw disagreement(describeProblem(problem), found, given);
      }
      count(bothRefuse(problem.code));
    }
  }

  async function wouldBeTaken(problem: Problem, given: Case): Promise<boolean> {
    if (problem.code === "GU044") {
      const hop = hopOnceWell(given);
      return hop !== undefined && (await dryRun(hop, given.shoot)).kind === "accepted";
    }
    for (const body of meanings(problem, given)) {
      if ((await judge(body, given.shoot)).code === 200) return true;
    }
    return false;
  }

  function judge(body: JsonValue, { ref }: Shoot): Promise<Answer> {
    return server.patch(`${SHOOTS}/${ref.name}?dryRun=All`, "strategic", body);
  }

  async function dryRun(hop: Hop, shoot: Shoot): Promise<Verdict> {
    for (let left = PATIENCE; ; left -= 1) {
      const verdict = await garden.dryRun(changeFor(hop, shoot));
      if (verdict.kind !== "conflict" || left === 0) return verdict;
      // A controller has put a label or a finalizer on it.
      shoot = await garden.getShoot(shoot.ref);
    }
  }

  const met = (what: string) => counts.get(what) ?? 0;

  const told = () =>
    [...counts]
      .sort()
      .map(([what, times]) => `${what} ${String(times)}`)
      .join(", ");

  function count(what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
});

const bothRefuse = (code: Code) => `${code} refused by both`;
const onlyPlanner = (code: Code) => `${code} refused by the planner alone`;
const held = (code: Code) => `${code} stricter on purpose`;

const exactly = ({ version }: { readonly version: string }) => ({ kind: "version" as const, version });

function ask({ declaration, shoot, profile, now }: Case): Planned {
  return plan(declaration, shoot, profile, now, gardenerCapabilities);
}

/** What would be planned for the Shoot, were it not being deleted and awake. */
function hopOnceWell(given: Case): Hop | undefined {
  const hibernation = { enabled: false, hibernated: false };
  const planned = ask({ ...given, shoot: { ...given.shoot, deletionTimestamp: undefined, hibernation } });
  return planned.kind === "plan" ? planned.plan.hops[0] : undefined;
}

interface Versions {
  readonly kubernetes: string;
  readonly pools: readonly Readonly<Record<"name" | "image" | "imageVersion" | "kubelet" | "pin", string>>[];
}

function versionsOf(shoot: Shoot): Versions {
  return {
    kubernetes: shoot.kubernetesVersion,
    pools: shoot.workers.map(({ name, machineImage, kubernetesVersion }) => ({
      name,
      image: machineImage.name,
      imageVersion: machineImage.version,
      kubelet: kubernetesVersion ?? shoot.kubernetesVersion,
      pin: kubernetesVersion ?? "none",
    })),
  };
}

function versionsAfter(hop: Hop, shoot: Shoot): Versions {
  const before = versionsOf(shoot);
  return {
    kubernetes: hop.kubernetes?.to ?? before.kubernetes,
    pools: before.pools.map((pool) => {
      const change = hop.pools.find(({ name }) => name === pool.name);
      return {
        ...pool,
        imageVersion: change?.machineImage?.to ?? pool.imageVersion,
        kubelet: change?.kubernetes?.to ?? pool.kubelet,
      };
    }),
  };
}

function disagreement(claim: string, found: string, { shoot, profile }: Case): Error {
  const versions = JSON.stringify(versionsOf(shoot));
  return new Error(
    `${shoot.ref.name} on ${profile.name} runs ${versions}\nplanner: ${claim}\ngarden: ${found}`,
  );
}

/** Every fourth one in the newer form. */
function profileFields(spec: Profile, index: number): Readonly<Record<string, JsonValue>> {
  return index % 4 === 0 ? inCapabilities(spec) : { ...spec };
}

function on(profileName: string, name: string, spec: ShootSpec): JsonValue {
  const more = { ...spec.more, cloudProfile: { kind: "CloudProfile", name: profileName } };
  return shootObject(name, { ...spec, more });
}

function expectCode(answer: Answer, code: number): void {
  expect(answer.code, JSON.stringify(answer.body.raw)).to.equal(code);
}
