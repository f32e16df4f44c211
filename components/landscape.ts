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
import type { Plan } from "../provider/model/plan";
import { holdReason, type Shoot } from "../provider/model/shoot";
import { describeLandscape, waitingReason, type LandscapeShoot } from "../provider/plan";
import type { RollingUpgrade } from "../provider/resource";
import { isLiteral } from "../provider/values";
import { parseDeclared, type Declared } from "./arguments";
import { momentsOf, namesOfPredecessors, soakOf, waveOf } from "./waves";

/** What the program has read of a Shoot. */
export interface Planned {
  readonly declared: Declared;
  /** Absent: it could not be read or planned. */
  readonly planned?: { readonly shoot: Shoot; readonly plan: Plan };
}

/** Of one run; with the Automation API several runs share this process. */
export class Landscape {
  readonly #shoots: (() => LandscapeShoot)[] = [];
  readonly #homes: (string | undefined)[] = [];
  #open = 0;

  /** How many the program has declared at the end of this turn. */
  async count(): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.#shoots.length;
  }

  /** How many of them are in the same project or namespace, as far as the program gives garden and Shoot as literals. */
  async countBeside(args: ShootVersionsArgs): Promise<number> {
    const home = homeOf(args);
    await this.count();
    return home === undefined ? 1 : this.#homes.filter((other) => other === home).length;
  }

  add(
    name: string,
    args: ShootVersionsArgs,
    upgrade: RollingUpgrade,
    reading: pulumi.Output<() => Planned>,
  ): void {
    const known = observe(args, upgrade, reading);
    const wave = waveOf(args);
    this.#homes.push(homeOf(args));
    this.#shoots.push(() => ({ name, wave, plan: planOf(name, args, known) }));
    if (!pulumi.runtime.isDryRun() || underMocks()) return;
    this.#open += 1;
    // Known in every preview, once the engine has checked the resource.
    upgrade.urn.apply(() => {
      this.#open -= 1;
      // Its id, which is known with the URN, takes some more turns of promises to arrive here.
      if (this.#open === 0) setImmediate(() => this.#show());
    });
  }

  #show(): void {
    if (this.#open > 0 || this.#shoots.length < 2) return;
    void pulumi.log.info(describeLandscape(this.#shoots.map((describe) => describe())));
  }
}

/** What this preview knows when the resource is registered. */
interface Known {
  reading?: Planned;
  soak?: string;
  isAdopted?: true;
  readonly moments: string[];
}

function observe(
  args: ShootVersionsArgs,
  upgrade: RollingUpgrade,
  reading: pulumi.Output<() => Planned>,
): Known {
  const known: Known = { moments: [] };
  const soak = soakOf(args);
  if (soak === undefined) reading.apply((read) => void (known.reading = read()));
  else
    pulumi
      .all([reading, soak])
      .apply(([read, time]) => Object.assign(known, { reading: read(), soak: time }));
  momentsOf(args).forEach(
    (moment, index) => void pulumi.output(moment).apply((text) => void (known.moments[index] = text)),
  );
  // Not known before the first `up`.
  upgrade.id.apply(() => void (known.isAdopted = true));
  return known;
}

function planOf(name: string, args: ShootVersionsArgs, known: Known): LandscapeShoot["plan"] {
  const { reading } = known;
  if (reading?.planned === undefined) return { kind: "unknown" };
  const { shoot, plan } = reading.planned;
  const steps = [...plan.steps, ...plan.later];
  if (steps.length === 0) return { kind: "upToDate" };
  const { parsed } = completeArguments(name, args, reading.declared, known);
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
function completeArguments(
  name: string,
  args: ShootVersionsArgs,
  declared: Declared,
  { soak, moments }: Pick<Known, "soak" | "moments">,
): Declared {
  const after = momentsOf(args).map((_, index) => moments[index] ?? "");
  if (!isRecord(declared.args) || after.length === 0) return declared;
  const rollout = isRecord(declared.args["rollout"]) ? declared.args["rollout"] : {};
  const completed = { ...rollout, after, ...(soak !== undefined && { soak }) };
  return parseDeclared({ ...declared.args, rollout: completed }, name);
}

/** Garden, and project or namespace, of a Shoot. */
function homeOf({ garden = {}, shoot }: ShootVersionsArgs): string | undefined {
  if (!isLiteral(garden) || !isRecord(shoot)) return undefined;
  const { id, project, namespace } = shoot;
  const home = typeof id === "string" ? (id.split("/")[0] ?? "") : namespace;
  if (typeof home === "string") return JSON.stringify({ garden, namespace: home });
  return typeof project === "string" ? JSON.stringify({ garden, project }) : undefined;
}
