/** Upgrades over several minors whose steps are really written, one after the other, to the real server. */
import { expect } from "chai";
import fc from "fast-check";
import type { Garden } from "../../provider/garden/garden";
import { gardenerCapabilities } from "../../provider/garden/gardener";
import type { Declaration } from "../../provider/model/declaration";
import type { PlanResult, Step } from "../../provider/model/plan";
import { effectiveKubernetesVersion, ROLLOUT_ANNOTATION, type Shoot } from "../../provider/model/shoot";
import { afterSteps, changeFor, plan } from "../../provider/plan";
import { isNewer } from "../../provider/plan/versions";
import type { Api } from "../contract/api";
import { NAMESPACE, shootObject, type PoolSpec } from "../contract/shoots";
import { operation, SHOOTS } from "../contract/world";
import { maintain } from "./maintain";
import { declarationOf } from "./plan-arbitraries";

interface Upgrade {
  readonly from: string;
  readonly pools: readonly PoolSpec[];
  readonly declared: Pick<Declaration, "kubernetes" | "machineImage" | "workers" | "rollout">;
  /** What the status reports of Gardener, which decides how far pools are held back. */
  readonly gardenerVersion: string | undefined;
  /** Gardener's maintenance runs after each step, with automatic updates. */
  readonly maintained: boolean;
}

const version = (text: string) => ({ kind: "version" as const, version: text });

const pool = (name: string, from: string): fc.Arbitrary<PoolSpec> =>
  fc.record({
    name: fc.constant(name),
    image: fc.constantFrom("1.4.0", "1.4.1", "1.5.0"),
    kubernetesVersion: fc.constantFrom(undefined, undefined, undefined, from),
  });

const upgrades: fc.Arbitrary<Upgrade> = fc
  .constantFrom("1.30.10", "1.31.14", "1.32.7", "1.32.13", "1.33.8")
  .chain((from) =>
    fc.record({
      from: fc.constant(from),
      pools: fc
        .tuple(pool("a", from), pool("b", from))
        .map((two) => two.slice(0, from.endsWith("7") ? 1 : 2)),
      declared: fc.record({
        kubernetes: fc.constantFrom(version("1.34"), version("1.35"), version("1.35.2"), {
          kind: "channel" as const,
          channel: "rapid" as const,
        }),
        machineImage: fc.constantFrom(undefined, version("1.5.0"), version("1.6.0"), version("1.6")),
        workers: fc.constantFrom<Declaration["workers"]>(
          {},
          {},
          { a: { order: -1 } },
          { a: { order: 1 } },
          {
            a: { machineImage: version("1.4.0"), allowDowngrade: { until: "2199-12-31", reason: "a test" } },
          },
        ),
        rollout: fc.record({
          wait: fc.constant(true),
          progressDeadlineMs: fc.constant(9_000_000),
          prepare: fc.constant("minor" as const),
          workers: fc.constantFrom("holdBack" as const, "holdBack" as const, "everyMinor" as const),
        }),
      }),
      gardenerVersion: fc.constantFrom(undefined, "v1.126.1", "v1.149.3"),
      maintained: fc.constantFrom(false, false, false, true),
    }),
  );

export interface Written {
  sequences: number;
  steps: number;
  refused: number;
  maintenances: number;
  /** By an image that maintenance has chosen in between. */
  stopped: number;
  /** Images that went down. */
  lowered: number;
}

/** Throws where the server does not accept a step, or where something is pending or recorded after the last. */
export async function writeSequences(
  server: Api,
  garden: Garden,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Promise<Written> {
  const written: Written = { sequences: 0, steps: 0, refused: 0, maintenances: 0, stopped: 0, lowered: 0 };
  for (const [index, upgrade] of fc.sample(upgrades, { numRuns: runs, seed }).entries()) {
    const name = `s-${String(index)}`;
    const created = await server.post(
      SHOOTS,
      shootObject(name, {
        kubernetesVersion: upgrade.from,
        pools: upgrade.pools,
        maintenance: {
          autoUpdate: {
            kubernetesVersion: upgrade.maintained,
            // No image may go down beside them.
            machineImageVersion:
              upgrade.maintained && upgrade.declared.workers["a"]?.allowDowngrade === undefined,
          },
        },
      }),
    );
    expect(created.code, JSON.stringify(created.body.raw)).to.equal(201);
    await operation(server, `${SHOOTS}/${name}`, { state: "Succeeded" });
    if (upgrade.maintained) await writeMaintained(server, garden, name, upgrade, written);
    else await writeSequence(garden, name, upgrade, written);
  }
  return written;
}

interface Subject {
  read(): Promise<Shoot>;
  planOn(shoot: Shoot): PlanResult;
  write(step: Step): Promise<Shoot>;
}

async function subjectOf(garden: Garden, name: string, upgrade: Upgrade): Promise<Subject> {
  const read = async (): Promise<Shoot> => ({
    ...(await garden.getShoot({ namespace: NAMESPACE, name })),
    gardenerVersion: upgrade.gardenerVersion,
  });
  const profile = await garden.getCloudProfile(await read());
  return {
    read,
    planOn: (shoot) =>
      plan(
        { ...declarationOf(shoot), ...upgrade.declared },
        shoot,
        profile,
        new Date(),
        gardenerCapabilities,
      ),
    async write(step) {
      let result = await garden.apply(changeFor(step, await read(), "clusters/dev"));
      // A controller has put a label or a finalizer on it.
      while (result.kind === "conflict") {
        result = await garden.apply(changeFor(step, await read(), "clusters/dev"));
      }
      if (result.kind === "accepted") return result.shoot;
      throw new Error(`${describe(upgrade)}: ${JSON.stringify(step)} is ${JSON.stringify(result)}`);
    },
  };
}

/** What maintenance does in between may shorten the plan, or stop it by an image that serves no later kubelet, and lets nothing go down or skip a minor. */
async function writeMaintained(
  server: Api,
  garden: Garden,
  name: string,
  upgrade: Upgrade,
  written: Written,
): Promise<void> {
  const { read, planOn, write } = await subjectOf(garden, name, upgrade);
  const first = planOn(await read());
  if (first.kind === "refused") {
    written.refused += 1;
    return;
  }
  const most = first.plan.steps.length;
  if (most > 1) written.sequences += 1;
  for (let count = 0; ; count += 1) {
    const live = await read();
    const again = planOn(live);
    if (again.kind === "refused") {
      // Maintenance may choose an image that serves no later kubelet.
      expect(
        again.problems.map(({ code }) => code),
        describe(upgrade),
      ).to.deep.equal(again.problems.map(() => "GU035"));
      expect(count, describe(upgrade)).to.be.greaterThan(0);
      written.stopped += 1;
      return;
    }
    const [step] = again.plan.steps;
    if (step === undefined) break;
    // A newer patch of the control plane may cost the pools one step more.
    expect(count, describe(upgrade)).to.be.at.most(most + 1);
    const before = versionsOf(live);
    const after = await write(step);
    written.steps += 1;
    expect(versionsOf(after), describe(upgrade)).to.deep.equal(versionsOf(afterSteps(live, [step])));
    await operation(server, `${SHOOTS}/${name}`, { state: "Succeeded" });
    await maintain(server, `${SHOOTS}/${name}`);
    written.maintenances += 1;
    expect(versionsOf(await read()), "progress").not.to.deep.equal(before);
  }
  expect((await read()).annotations[ROLLOUT_ANNOTATION], describe(upgrade)).to.equal(undefined);
}

async function writeSequence(
  garden: Garden,
  name: string,
  upgrade: Upgrade,
  written: Written,
): Promise<void> {
  const { read, planOn, write } = await subjectOf(garden, name, upgrade);
  const first = await read();
  const planned = planOn(first);
  if (planned.kind === "refused") {
    written.refused += 1;
    return;
  }
  const { steps } = planned.plan;
  if (steps.length > 1) written.sequences += 1;
  for (const [index, step] of steps.entries()) {
    const live = await read();
    const again = planOn(live);
    expect(again.kind === "plan" ? again.plan.steps : again.problems, describe(upgrade)).to.deep.equal(
      steps.slice(index),
    );
    const after = await write(step);
    written.steps += 1;
    written.lowered += step.pools.filter(
      ({ machineImage: image }) => image !== undefined && isNewer(image.from, image.to),
    ).length;
    expect(versionsOf(after)).to.deep.equal(versionsOf(afterSteps(live, [step])));
  }
  const last = await read();
  const rest = planOn(last);
  expect(rest.kind === "plan" ? rest.plan.steps : rest.problems, describe(upgrade)).to.deep.equal([]);
  expect(last.annotations[ROLLOUT_ANNOTATION]).to.equal(undefined);
}

function versionsOf(shoot: Shoot): readonly string[] {
  return [
    shoot.kubernetesVersion,
    ...shoot.workers.map((one) =>
      [
        one.name,
        one.machineImage.version,
        one.kubernetesVersion ?? "",
        effectiveKubernetesVersion(shoot, one),
      ].join(" "),
    ),
  ];
}

function describe(upgrade: Upgrade): string {
  return JSON.stringify(upgrade);
}
