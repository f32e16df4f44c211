/** What the planner calls allowed or refused, held against the dry run of the real server. */
import { expect } from "chai";
import fc from "fast-check";
import type { Garden, WriteResult } from "../../provider/garden/garden";
import { gardenerCapabilities } from "../../provider/garden/gardener";
import { openGarden } from "../../provider/garden/open";
import type { Step, PlanResult } from "../../provider/model/plan";
import type { Code } from "../../provider/model/codes";
import { describeProblem, type Problem } from "../../provider/model/problem";
import type { Shoot } from "../../provider/model/shoot";
import { afterSteps, changeFor, plan, upgrades } from "../../provider/plan";
import { isNewer } from "../../provider/plan/versions";
import { type Answer, type Api, api, type JsonValue } from "../contract/api";
import { createWorld, SHOOTS } from "../contract/world";
import { type RealGarden, startRealGarden } from "./garden";
import { declarationFor, declarationOf } from "./plan-arbitraries";
import {
  type Case,
  fieldsOf,
  heldAgainstTheGarden,
  meanings,
  REFUSED_BY_THE_GARDEN,
  stricter,
  STRICTER_ON_PURPOSE,
} from "./plan-claims";
import { type Offered, populate } from "./plan-scene";
import { writeSequences } from "./sequences";
import { describeReal } from "./suite";

const RUNS = 3_000;
const SEQUENCES = 300;
const ATTEMPTS = 10;
const LIMIT_MS = 5 * 60_000;

const SEED = Number(process.env["PLAN_SEED"] ?? Date.now() % 2 ** 31);

describeReal(`The planner beside the real Gardener (PLAN_SEED=${String(SEED)})`, () => {
  let real: RealGarden;
  let server: Api;
  let garden: Garden;
  const shoots: Offered[] = [];
  const counts = new Map<string, number>();

  before(async function () {
    this.timeout(LIMIT_MS);
    real = await startRealGarden();
    const { url, ca, admin } = real;
    server = api(url, ca, admin);
    garden = await openGarden({ kubeconfig: admin.kubeconfig }, { config: () => undefined, env: {} });
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
    for (const given of await populate(server, garden, SEED)) shoots.push(given);
  });

  after(async function () {
    this.timeout(30_000);
    server.close();
    await real.stop();
  });

  /** Small, so that a failure has a short description. */
  const questions = fc
    .nat(10_000)
    .map((number) => number % shoots.length)
    .chain((index) => {
      const { shoot, profile } = at(index);
      return fc.record({ index: fc.constant(index), declaration: declarationFor(shoot, profile) });
    });

  function at(index: number): Offered {
    const offered = shoots[index];
    if (offered === undefined) throw new Error("There are no Shoots.");
    return offered;
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
    process.stderr.write(`${String(RUNS)} cases in ${String(Date.now() - start)} ms: ${summary()}\n`);
  });

  it("has met each claim", () => {
    expect(met("step") + met("first of several steps"), summary()).to.be.greaterThan(RUNS / 20);
    for (const code of REFUSED_BY_THE_GARDEN) expect(met(bothRefuse(code)), summary()).to.be.greaterThan(0);
    for (const { code } of STRICTER_ON_PURPOSE) {
      expect(met(onlyPlanner(code)) + met(held(code)), summary()).to.be.greaterThan(0);
    }
  });

  it("lists in getUpgrades() what the garden accepts", async function () {
    this.timeout(LIMIT_MS);
    for (const { shoot, profile } of shoots) {
      if (shoot.deletionTimestamp !== undefined) continue;
      const now = new Date();
      const { kubernetes, workers } = upgrades(shoot, profile, now);
      const minimal = declarationOf(shoot);
      const declarations = [
        ...[...kubernetes.patches, ...kubernetes.minors].map((one) => ({
          ...minimal,
          kubernetes: exactly(one),
        })),
        ...Object.entries(workers).flatMap(([pool, { machineImage }]) =>
          machineImage.available.map((one) => ({
            ...minimal,
            workers: { [pool]: { machineImage: exactly(one) } },
          })),
        ),
      ];
      for (const declaration of declarations) {
        const given = { declaration, shoot, profile, now };
        const planned = planOf(given);
        const codes = planned.kind === "plan" ? [] : planned.problems.map(({ code }) => code);
        // Another image may prevent it, a pool that is too far behind, or hibernation.
        expect(codes.filter((code) => !["GU035", "GU036", "GU044"].includes(code))).to.deep.equal([]);
        count("listed");
        await hold(given);
      }
    }
    process.stderr.write(`with what getUpgrades() lists: ${summary()}\n`);
    expect(met("listed"), summary()).to.be.greaterThan(0);
  });

  it("has every step of an upgrade over several minors accepted, also with maintenances in between, and nothing is pending after the last", async function () {
    this.timeout(LIMIT_MS);
    const { sequences, steps, refused, maintenances, stopped, lowered } = await writeSequences(
      server,
      garden,
      {
        seed: SEED,
        runs: SEQUENCES,
      },
    );
    process.stderr.write(
      `${String(sequences)} sequences, ${String(steps)} steps written, ${String(refused)} refused by the planner, ` +
        `${String(maintenances)} maintenances in between, ${String(stopped)} stopped by an image of theirs, ${String(lowered)} images went down\n`,
    );
    expect(sequences).to.be.greaterThan(SEQUENCES / 4);
    expect(maintenances).to.be.greaterThan(0);
    expect(lowered).to.be.greaterThan(0);
  });

  async function hold(given: Case): Promise<void> {
    const planned = planOf(given);
    if (planned.kind === "plan") {
      const { steps } = planned.plan;
      const [first] = steps;
      count(first === undefined ? "at rest" : steps.length === 1 ? "step" : "first of several steps");
      if (first !== undefined) await expectTaken(first, given);
      if (first?.pools.some(({ machineImage: image }) => image && isNewer(image.from, image.to)) === true) {
        count("an image goes down");
      }
      return;
    }
    const { problems } = planned;
    for (const problem of problems) {
      if (stricter(problem, given)) {
        count((await wouldBeTaken(problem, given)) ? onlyPlanner(problem.code) : held(problem.code));
      } else if (heldAgainstTheGarden(problem)) {
        await expectRefused(problem, problems, given);
      } else {
        throw new Error(`No rule covers ${describeProblem(problem)}`);
      }
    }
  }

  async function expectTaken(step: Step, given: Case): Promise<void> {
    const result = await dryRun(step, given.shoot);
    if (result.kind !== "accepted") {
      throw disagreement(`planned ${JSON.stringify(step)}`, JSON.stringify(result), given);
    }
    expect(versionsOf(result.shoot)).to.deep.equal(versionsOf(afterSteps(given.shoot, [step])));
  }

  async function expectRefused(problem: Problem, problems: readonly Problem[], given: Case): Promise<void> {
    const step = problem.code === "GU030" ? stepWithoutObstacles(given) : undefined;
    if (step !== undefined) {
      const result = await dryRun(step, given.shoot);
      if (result.kind !== "refused") throw disagreement(describeProblem(problem), result.kind, given);
      count(bothRefuse(problem.code));
      return;
    }
    // Other trouble of the same declaration may come first.
    const fields = problems.flatMap((one) => fieldsOf(one, given));
    for (const body of meanings(problem, given)) {
      const { code, body: answer } = await dryRunOf(body, given.shoot);
      const message = answer.text("message");
      if (![400, 403, 422].includes(code) || !fields.some((field) => message.includes(field))) {
        const found = `${JSON.stringify(body)} is answered ${String(code)}: ${message}; expected one of ${fields.join(", ")}`;
        throw disagreement(describeProblem(problem), found, given);
      }
      count(bothRefuse(problem.code));
    }
  }

  async function wouldBeTaken(problem: Problem, given: Case): Promise<boolean> {
    if (problem.code === "GU044") {
      const step = stepWithoutObstacles(given);
      return step !== undefined && (await dryRun(step, given.shoot)).kind === "accepted";
    }
    for (const body of meanings(problem, given)) {
      if ((await dryRunOf(body, given.shoot)).code === 200) return true;
    }
    return false;
  }

  function dryRunOf(body: JsonValue, { ref }: Shoot): Promise<Answer> {
    return server.patch(`${SHOOTS}/${ref.name}?dryRun=All`, "strategic", body);
  }

  async function dryRun(step: Step, shoot: Shoot): Promise<WriteResult> {
    for (let left = ATTEMPTS; ; left -= 1) {
      const result = await garden.dryRun(changeFor(step, shoot));
      if (result.kind !== "conflict" || left === 0) return result;
      // A controller has put a label or a finalizer on it.
      shoot = await garden.getShoot(shoot.ref);
    }
  }

  const met = (what: string) => counts.get(what) ?? 0;

  const summary = () =>
    [...counts]
      .sort()
      .map(([what, times]) => `${what} ${String(times)}`)
      .join(", ");

  function count(what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
});

const bothRefuse = (code: Code) => `${code} refused by both`;
const onlyPlanner = (code: Code) => `${code} stricter than the garden`;
/** The garden would not take it either, or cannot be queried. */
const held = (code: Code) => `${code} where the garden is as strict`;

const exactly = ({ version }: { readonly version: string }) => ({ kind: "version" as const, version });

function planOf({ declaration, shoot, profile, now }: Case): PlanResult {
  return plan(declaration, shoot, profile, now, gardenerCapabilities);
}

/** What would be planned for the Shoot, were it not being deleted and awake. */
function stepWithoutObstacles(given: Case): Step | undefined {
  const hibernation = { enabled: false, hibernated: false };
  const planned = planOf({ ...given, shoot: { ...given.shoot, deletionTimestamp: undefined, hibernation } });
  return planned.kind === "plan" ? planned.plan.steps[0] : undefined;
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

function disagreement(claim: string, found: string, { shoot, profile }: Case): Error {
  const versions = JSON.stringify(versionsOf(shoot));
  return new Error(
    `${shoot.ref.name} on ${profile.name} runs ${versions}\nplanner: ${claim}\ngarden: ${found}`,
  );
}
