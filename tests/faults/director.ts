/** Runs a schedule: decides for each request which fault it meets, and starts other writes at their time. */
import type { FastClock } from "./clock";
import { describe, type Disturbance, type Fault, type Other, type Traffic } from "./faults";

export interface Director {
  /** What becomes of this request; has the others do their work before. */
  next(traffic: Traffic): Promise<Fault | undefined>;
  /** From now on. */
  play(disturbances: readonly Disturbance[]): void;
  isPlaying(): boolean;
  /** Nothing more goes wrong from now on. */
  calm(): void;
  /** Disturbances that have begun. */
  readonly begun: readonly Disturbance[];
}

export interface Hands {
  /** Neither the garden nor, where so requested, anything else can be reached; until it resolves. */
  outage(ms: number, where: "everything" | "shoot"): void;
  work(other: Other): Promise<void>;
}

interface Active {
  readonly traffic: Traffic | "any";
  readonly fault: Fault;
  left: number;
  readonly until: number;
}

export function createDirector(clock: FastClock, hands: Hands, say: (line: string) => void): Director {
  const counts = new Map<Traffic | "any", number>();
  const begun: Disturbance[] = [];
  let planned: readonly Disturbance[] = [];
  let active: Active[] = [];

  function count(traffic: Traffic | "any"): number {
    const next = (counts.get(traffic) ?? 0) + 1;
    counts.set(traffic, next);
    return next;
  }

  async function start({ traffic, effect }: Disturbance): Promise<void> {
    const now = performance.now();
    switch (effect.kind) {
      case "fault":
        active.push({ traffic, fault: effect.fault, left: effect.requests, until: Infinity });
        return;
      case "period":
        active.push({ traffic, fault: effect.fault, left: Infinity, until: now + clock.real(effect.ms) });
        return;
      case "outage":
        return hands.outage(effect.ms, "everything");
      case "shootOutage":
        return hands.outage(effect.ms, "shoot");
      case "other":
        return hands.work(effect.other);
    }
  }

  return {
    begun,
    async next(traffic) {
      const numbers = { [traffic]: count(traffic), any: count("any") };
      for (const disturbance of planned) {
        if (numbers[disturbance.traffic] !== disturbance.nth || begun.includes(disturbance)) continue;
        begun.push(disturbance);
        say(`begins: ${describe(disturbance)}`);
        await start(disturbance);
      }
      const now = performance.now();
      active = active.filter(({ left, until }) => left > 0 && now < until);
      const hit = active.find((one) => one.traffic === traffic || one.traffic === "any");
      if (hit !== undefined) hit.left -= 1;
      return hit?.fault;
    },
    isPlaying: () => planned.length > 0,
    play(disturbances) {
      counts.clear();
      planned = disturbances;
    },
    calm() {
      planned = [];
      active = [];
    },
  };
}
