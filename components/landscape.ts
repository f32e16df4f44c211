/**
 * The plan of all Shoots of a program, as one message of a preview. Pulumi does not tell when a program has declared its last
 * resource: the message is shown when all that are declared so far are registered, and again with those that follow.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import { decodeNames, withNames } from "../provider/lifecycle";
import { underMocks } from "../provider/mocks";
import { systemClock } from "../provider/model/clock";
import { isRecord } from "../provider/model/json";
import type { Step } from "../provider/model/plan";
import { holdReason, type Shoot } from "../provider/model/shoot";
import { describeLandscape, waitingReason, type LandscapeShoot } from "../provider/plan";
import type { RegisteredUpgrade } from "../provider/resource";
import { parseDeclared, type Declared } from "./arguments";
import { momentsOf, namesOfPredecessors, soakOf, waveOf } from "./waves";

/** What the program has read of a Shoot. */
export interface Planned {
  /**
   * Absent: it could not be read or planned.
   * @param steps what the next `pulumi up` would perform. @param later what is left for others.
   */
  readonly planned?: {
    readonly shoot: Shoot;
    readonly steps: readonly Step[];
    readonly later: readonly Step[];
  };
}

/** The arguments as the program gives them, and as a preview knows them. */
interface Given {
  readonly args: ShootVersionsArgs;
  readonly declared: Declared;
}

/** Of one run; with the Automation API several runs share this process. */
export class Landscape {
  readonly #shoots: (() => LandscapeShoot)[] = [];
  readonly #references: unknown[] = [];
  #open = 0;

  /** How many the program declares in the same turn. */
  async count(): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.#shoots.length;
  }

  /** How many of them are in the same project or namespace, as far as the program gives it as a plain text. */
  async countBeside(args: ShootVersionsArgs): Promise<number> {
    await this.count();
    const home = homeOf(args.shoot);
    return home === undefined ? 1 : this.#references.filter((other) => homeOf(other) === home).length;
  }

  add(name: string, given: Given, upgrade: RegisteredUpgrade, reading: pulumi.Output<() => Planned>): void {
    const { args } = given;
    const known = observe(given, upgrade, reading);
    const wave = waveOf(args);
    this.#references.push(args.shoot);
    this.#shoots.push(() => ({ name, wave, plan: planOf(name, args, known) }));
    if (!pulumi.runtime.isDryRun() || underMocks()) return;
    this.#open += 1;
    // Known in every preview, once the engine has checked the resource.
    upgrade.urn.apply(() => {
      this.#open -= 1;
      if (this.#open === 0 && this.#shoots.length > 1) {
        void pulumi.log.info(describeLandscape(this.#shoots.map((describe) => describe())));
      }
    });
  }
}

/** What this preview knows when the resource is registered. */
interface Known {
  reading?: Planned;
  declared?: unknown;
  soak?: string;
  isAdopted?: true;
  readonly moments: string[];
}

function observe(
  { args, declared }: Given,
  upgrade: RegisteredUpgrade,
  reading: pulumi.Output<() => Planned>,
): Known {
  const known: Known = { moments: [] };
  pulumi.all([reading, declared, soakOf(args)]).apply(([read, given, soak]) => {
    Object.assign(known, { reading: read(), declared: given(), soak });
  });
  momentsOf(args).forEach(
    (moment, index) => void pulumi.output(moment).apply((text) => void (known.moments[index] = text)),
  );
  // Not known before the first `up`.
  upgrade.id.apply(() => void (known.isAdopted = true));
  return known;
}

function planOf(name: string, args: ShootVersionsArgs, known: Known): LandscapeShoot["plan"] {
  const planned = known.reading?.planned;
  if (planned === undefined) return { kind: "unknown" };
  const { shoot } = planned;
  const steps = [...planned.steps, ...planned.later];
  if (steps.length === 0) return { kind: "upToDate" };
  const parsed = parseDeclared(completeArguments(args, known), name);
  if (parsed.kind === "problems") return { kind: "unknown" };
  const { rollout, adopt } = withNames(parsed.declaration, decodeNames(namesOfPredecessors(args)));
  const waits = waitingReason({ rollout }, shoot, steps, systemClock.now());
  const hold = holdReason(shoot);
  if (hold !== undefined) return { kind: "pending", steps, shoot, start: `held: ${hold}` };
  if (waits !== undefined) return { kind: "pending", steps, shoot, start: waits };
  const adopts = known.isAdopted !== true && adopt === "observe";
  return { kind: "pending", steps, shoot, start: adopts ? "adopted first" : "now" };
}

/** The arguments with the completions that this preview knows; the others are not complete. */
function completeArguments(args: ShootVersionsArgs, { declared, soak, moments }: Known): unknown {
  const after = momentsOf(args).map((_, index) => moments[index] ?? "");
  if (!isRecord(declared) || after.length === 0) return declared;
  const rollout = isRecord(declared["rollout"]) ? declared["rollout"] : {};
  return { ...declared, rollout: { ...rollout, after, ...(soak !== undefined && { soak }) } };
}

/** Project or namespace of a Shoot. */
function homeOf(shoot: unknown): string | undefined {
  if (!isRecord(shoot)) return undefined;
  const { id, project, namespace } = shoot;
  if (typeof id === "string") return `namespace ${id.split("/")[0] ?? ""}`;
  if (typeof project === "string") return `project ${project}`;
  return typeof namespace === "string" ? `namespace ${namespace}` : undefined;
}
