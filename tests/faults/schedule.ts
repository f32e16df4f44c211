/** From a seed to a schedule: the garden, the declaration, the faults and their times. */
import fc from "fast-check";
import {
  suits,
  traffics,
  type Disturbance,
  type Effect,
  type Fault,
  type Other,
  type Traffic,
} from "./faults";

const gardens = ["gardener", "cleura"] as const;
export type GardenKind = (typeof gardens)[number];

/** What the program declares beside the Shoot. */
export interface DeclaredVersions {
  readonly kubernetes?: string;
  readonly image?: string;
}

export interface Schedule {
  readonly seed: number;
  readonly garden: GardenKind;
  readonly declared: DeclaredVersions;
  /** What is declared at the adoption, which precedes all faults: the versions of the spec then. */
  readonly adopted: DeclaredVersions;
  /** The cluster is adopted by the disturbed run itself, with `adopt: "upgrade"`. */
  readonly adoptsWithUpgrade: boolean;
  readonly disturbances: readonly Disturbance[];
  /** A `pulumi refresh` without faults comes between the disturbed run and the next one. */
  readonly refresh: boolean;
}

/** All of them are one step of Kubernetes away at most, but for the last, which crosses two minors. */
const declared = fc.oneof(
  { weight: 3, arbitrary: fc.constant<DeclaredVersions>({ kubernetes: "1.33.7" }) },
  { weight: 3, arbitrary: fc.constant<DeclaredVersions>({ image: "1592.14.0" }) },
  { weight: 3, arbitrary: fc.constant<DeclaredVersions>({ kubernetes: "1.33.7", image: "1592.14.0" }) },
  { weight: 4, arbitrary: fc.constant<DeclaredVersions>({ kubernetes: "1.34" }) },
  { weight: 3, arbitrary: fc.constant<DeclaredVersions>({ kubernetes: "1.34.3", image: "1877.3.0" }) },
  { weight: 1, arbitrary: fc.constant<DeclaredVersions>({ kubernetes: "1.35.2", image: "1877.3.0" }) },
);

/** Those that come from the server, or from a gateway before it, before a request has been handled. */
const before = [401, 403, 409, 429] as const;
const gateway = [500, 502, 503, 504] as const;

const aStatus: fc.Arbitrary<Fault> = fc.oneof(
  fc
    .record({
      code: fc.constantFrom(...before),
      body: fc.constantFrom("native", "native", "page", "none"),
      retryAfter: fc.option(fc.constantFrom(1, 3, 20), { nil: undefined }),
    })
    .map((given) => ({
      kind: "status" as const,
      ...given,
      retryAfter: given.code === 429 ? (given.retryAfter ?? 1) : undefined,
      forwarded: false,
    })),
  fc
    .record({
      code: fc.constantFrom(...gateway),
      body: fc.constantFrom("native", "page", "page", "none"),
      forwarded: fc.boolean(),
    })
    .map((given) => ({ kind: "status" as const, ...given })),
);

const aFault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 5, arbitrary: aStatus },
  { weight: 3, arbitrary: fc.boolean().map((forwarded): Fault => ({ kind: "reset", forwarded })) },
  { weight: 1, arbitrary: fc.boolean().map((forwarded): Fault => ({ kind: "noAnswer", forwarded })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2_000, 10_000, 20_000).map((ms): Fault => ({ kind: "delay", ms })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, 0.5, 0.99).map((share): Fault => ({ kind: "cutShort", share })),
  },
  { weight: 2, arbitrary: fc.constant<Fault>({ kind: "stale" }) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        kind: fc.constantFrom("watchClosed" as const, "watchSilent" as const, "watchError" as const),
        code: fc.constantFrom(410, 410, 500),
        events: fc.nat(3),
      })
      .map((given): Fault => given),
  },
);

const faultFor = (traffic: Traffic): fc.Arbitrary<Fault> => aFault.filter((fault) => suits(fault, traffic));

/** One request, or a few in a row. */
const someRequests = fc.oneof(
  { weight: 4, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 6 }) },
);

const fault = (garden: GardenKind): fc.Arbitrary<Disturbance> =>
  fc.constantFrom(...trafficsOf(garden)).chain((traffic) =>
    fc.record({
      traffic: fc.constant(traffic),
      nth: nthOf(traffic),
      effect: fc.record<Effect & { kind: "fault" }>({
        kind: fc.constant("fault"),
        fault: faultFor(traffic),
        requests: someRequests,
      }),
    }),
  );

const period = (garden: GardenKind): fc.Arbitrary<Disturbance> =>
  fc.constantFrom(...trafficsOf(garden)).chain((traffic) =>
    fc.record({
      traffic: fc.constant(traffic),
      nth: nthOf(traffic),
      effect: fc.oneof(
        fc.record<Effect & { kind: "period" }>({
          kind: fc.constant("period"),
          fault: faultFor(traffic),
          ms: fc.constantFrom(3_000, 10_000, 60_000),
        }),
        fc.constantFrom(60_000, 180_000, 300_000).map((ms): Effect => ({ kind: "outage", ms })),
        fc.constantFrom(30_000, 120_000).map((ms): Effect => ({ kind: "shootOutage", ms })),
      ),
    }),
  );

/** Where the garden does not lock, nobody can guard against what happens between the last read and the write. */
const whenOthersWork = (garden: GardenKind): readonly Traffic[] =>
  garden === "gardener"
    ? ["read", "profile", "dryRun", "write", "watch", "kubeconfig"]
    : ["profile", "kubeconfig"];

const someOther: fc.Arbitrary<Other> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("maintenance", "otherFields", "sameVersion", "anotherUp"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("hold", "hibernation", "deletion", "recreation"),
  },
  { weight: 1, arbitrary: fc.constantFrom("gardenlet:error-once", "gardenlet:stale-success") },
);

const other = (garden: GardenKind): fc.Arbitrary<Disturbance> =>
  fc.record({
    traffic: fc.constantFrom<Traffic>(...whenOthersWork(garden)),
    nth: fc.integer({ min: 1, max: 4 }),
    effect: fc.record<Effect & { kind: "other" }>({ kind: fc.constant("other"), other: someOther }),
  });

function trafficsOf(garden: GardenKind): readonly Traffic[] {
  const absent: readonly Traffic[] =
    garden === "gardener" ? ["preparation", "other"] : ["watch", "list", "dryRun", "other"];
  return traffics.filter((traffic) => !absent.includes(traffic));
}

function nthOf(traffic: Traffic): fc.Arbitrary<number> {
  const max = traffic === "read" ? 8 : traffic === "write" ? 2 : 3;
  return fc.integer({ min: 1, max });
}

const disturbances = (garden: GardenKind): fc.Arbitrary<readonly Disturbance[]> =>
  fc.oneof(
    // Alone, so that what fails names its cause.
    { weight: 4, arbitrary: fault(garden).map((one) => [one]) },
    { weight: 2, arbitrary: period(garden).map((one) => [one]) },
    { weight: 2, arbitrary: other(garden).map((one) => [one]) },
    // Together.
    { weight: 2, arbitrary: fc.tuple(fault(garden), other(garden)) },
    {
      weight: 3,
      arbitrary: fc.array(fc.oneof(fault(garden), fault(garden), period(garden), other(garden)), {
        minLength: 2,
        maxLength: 5,
      }),
    },
  );

const aSchedule: fc.Arbitrary<Omit<Schedule, "seed">> = fc.constantFrom(...gardens).chain((garden) =>
  fc.record({
    garden: fc.constant(garden),
    declared,
    adopted: fc.constantFrom<DeclaredVersions>(
      { kubernetes: "1.33.4" },
      { kubernetes: "1.33.4", image: "1592.10.0" },
    ),
    adoptsWithUpgrade: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    disturbances: disturbances(garden),
    refresh: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  }),
);

export function scheduleOf(seed: number): Schedule {
  const [drawn] = fc.sample(aSchedule, { seed, numRuns: 1 });
  if (drawn === undefined) throw new Error("fast-check drew nothing");
  return { seed, ...drawn };
}
