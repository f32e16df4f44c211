import { specVersions } from "../../../../provider/plan";
import { expect } from "chai";
import fc from "fast-check";
import { createWriteGenerations } from "../../../../provider/garden/cleura/polling/generations";
import {
  createPoller,
  type ShootFetcher,
  type FetchResult,
  type Poller,
} from "../../../../provider/garden/cleura/polling/poller";
import type { ShootEvent } from "../../../../provider/garden/garden";
import type { LastOperation, Shoot } from "../../../../provider/model/shoot";
import { isComplete } from "../../../../provider/rollout/completion";
import { aLastOperation, aShoot } from "../../builders";
import { fakeClock, quiet, type FakeClock } from "../../rollout/clock";
import { histories, shownAt, TO, type History } from "./history";

const MINUTE = 60_000;

describe("a watch of Shoots that announce nothing", () => {
  let clock: FakeClock;
  let poller: Poller;
  /** What there is, by name. */
  let live: Map<string, Shoot>;
  /** What comes instead. */
  let trouble: FetchResult | undefined;
  let asked: string[];
  let times: number[];
  let watches: AbortController[];

  beforeEach(() => {
    clock = fakeClock();
    live = new Map([named("web")].map((shoot) => [shoot.ref.name, shoot]));
    trouble = undefined;
    asked = [];
    times = [];
    watches = [];
    const seen = (names: readonly string[]): FetchResult =>
      trouble ?? { kind: "seen", shoots: new Map([...live].filter(([name]) => names.includes(name))) };
    const eyes: ShootFetcher = {
      async fetchShoot(name) {
        note(name);
        return seen([name]);
      },
      async fetchShoots(names) {
        note(`all of ${names.join(" and ")}`);
        return seen(names);
      },
    };
    poller = createPoller(eyes, clock);
  });
  afterEach(async () => {
    for (const watch of watches) watch.abort();
    await quiet();
    expect(clock.sleepers()).to.equal(0);
  });

  function note(what: string): void {
    asked.push(what);
    times.push(clock.now().getTime());
  }

  function named(name: string, operation: Partial<LastOperation> = {}): Shoot {
    const lastOperation = aLastOperation(operation);
    return aShoot({
      ref: { namespace: "garden-demo", name },
      generation: 0,
      observedGeneration: 0,
      lastOperation,
    });
  }

  const rolling = (progress: number, name = "web") => named(name, { state: "Processing", progress });
  const set = (shoot: Shoot) => live.set(shoot.ref.name, shoot);

  interface Told {
    readonly events: readonly ShootEvent[];
    readonly stop: AbortController;
    ended: boolean;
    error?: unknown;
  }

  /** What a watcher is told, and why the watch broke. */
  function watch(name = "web") {
    const events: ShootEvent[] = [];
    const stop = new AbortController();
    watches.push(stop);
    const told: Told = { events, stop, ended: false };
    void (async () => {
      try {
        for await (const event of poller.watch({ namespace: "garden-demo", name }, stop.signal))
          events.push(event);
      } catch (error) {
        told.error = error;
      }
      told.ended = true;
    })();
    return told;
  }

  const kinds = ({ events }: { readonly events: readonly ShootEvent[] }) => events.map(({ kind }) => kind);

  it("shows the Shoot at once", async () => {
    const told = watch();
    await quiet();
    expect(told.events).to.deep.equal([{ kind: "seen", shoot: named("web") }]);
  });

  it("tells only what differs from what it told before", async () => {
    const told = watch();
    await clock.advance(MINUTE);
    set(rolling(10));
    await clock.advance(MINUTE);
    expect(kinds(told)).to.deep.equal(["seen", "seen"]);
    expect(asked.length).to.be.greaterThan(8);
  });

  it("looks more often while the Shoot rolls than while it rests or Gardener waits out an error", async () => {
    watch();
    async function looksInTenMinutes(shoot: Shoot): Promise<number> {
      set(shoot);
      await clock.advance(MINUTE);
      asked.length = 0;
      await clock.advance(10 * MINUTE);
      return asked.length;
    }
    expect(await looksInTenMinutes(rolling(10))).to.equal(100);
    expect(await looksInTenMinutes(named("web"))).to.equal(40);
    expect(await looksInTenMinutes(named("web", { state: "Error" }))).to.equal(40);
  });

  it("looks often while Gardener has not taken a change up", async () => {
    set({ ...named("web"), generation: 1 });
    watch();
    await clock.advance(MINUTE - 1);
    expect(asked).to.have.length(10);
  });

  it("looks at several Shoots in one list", async () => {
    for (const name of ["web", "api", "db"]) set(rolling(10, name));
    const all = ["web", "api", "db"].map((name) => watch(name));
    await clock.advance(MINUTE - 1);
    // Whoever comes first is looked at first.
    expect(asked.slice(0, 2)).to.deep.equal(["web", "all of api and db"]);
    expect(asked.slice(2)).to.deep.equal(Array(9).fill("all of web and api and db"));
    expect(all.map(kinds)).to.deep.equal([["seen"], ["seen"], ["seen"]]);
  });

  it("looks at one by itself again when the others are done", async () => {
    set(rolling(10));
    set(rolling(10, "api"));
    watch();
    const other = watch("api");
    await clock.advance(8_000);
    other.stop.abort();
    asked.length = 0;
    await clock.advance(8_000);
    expect(asked).to.deep.equal(["web"]);
  });

  it("answers another watcher of the same Shoot with what was just seen", async () => {
    watch();
    await clock.advance(1_000);
    const second = watch();
    await quiet();
    expect(kinds(second)).to.deep.equal(["seen"]);
    expect(asked).to.deep.equal(["web"]);
  });

  it("tells news that came by another way, and need not look for them", async () => {
    const told = watch();
    await clock.advance(10_000);
    poller.update(rolling(3));
    await clock.advance(5_000);
    expect(told.events.at(-1)).to.deep.equal({ kind: "seen", shoot: rolling(3) });
    expect(asked).to.have.length(1);
  });

  it("does not look at all while nobody watches", async () => {
    const told = watch();
    await quiet();
    told.stop.abort();
    await clock.advance(10 * MINUTE);
    expect(asked).to.deep.equal(["web"]);
    expect(told.ended).to.equal(true);
  });

  it("says that a Shoot is gone once a second look has not found it either", async () => {
    set(rolling(10));
    const told = watch();
    await quiet();
    live.clear();
    await clock.advance(8_000);
    expect(kinds(told)).to.deep.equal(["seen"]);
    await clock.advance(5_000);
    expect(kinds(told)).to.deep.equal(["seen", "gone"]);
    expect(told.ended).to.equal(true);
    expect(asked).to.deep.equal(["web", "web", "all of web"]);
  });

  it("does not believe a single answer that the Shoot is gone", async () => {
    set(rolling(10));
    const told = watch();
    await quiet();
    live.clear();
    await clock.advance(8_000);
    set(rolling(10));
    await clock.advance(MINUTE);
    expect(kinds(told)).to.deep.equal(["seen"]);
  });

  it("says that there is no news while there is trouble, and that it is over, though nothing has changed", async () => {
    const told = watch();
    await quiet();
    trouble = { kind: "failed", message: "the line is down" };
    await clock.advance(2 * MINUTE);
    expect(told.events.slice(1)).to.deep.equal([{ kind: "interrupted", message: "the line is down" }]);
    trouble = undefined;
    await clock.advance(30_000);
    expect(kinds(told)).to.deep.equal(["seen", "interrupted", "seen"]);
  });

  it("asks less and less often while there is trouble, and at least every half minute", async () => {
    trouble = { kind: "failed", message: "the line is down" };
    watch();
    await clock.advance(2 * MINUTE);
    const [first = 0] = times;
    expect(times.map((time) => (time - first) / 1000)).to.deep.equal([0, 6, 18, 42, 72, 102]);
  });

  it("waits as long as the server asks for, and is calm for a while after", async () => {
    set(rolling(10));
    trouble = { kind: "failed", message: "too many requests", pauseMs: 40_000, overloaded: true };
    watch();
    await quiet();
    trouble = undefined;
    await clock.advance(3 * MINUTE);
    const [first = 0] = times;
    const at = times.map((time) => (time - first) / 1000);
    expect(at.slice(0, 4)).to.deep.equal([0, 40, 55, 70]);
    expect(at.slice(-2)).to.deep.equal([172, 178]);
  });

  it("ends where no waiting mends it", async () => {
    const error = new Error("no rights");
    const broken: ShootFetcher = {
      fetchShoot: () => Promise.reject(error),
      fetchShoots: () => Promise.reject(error),
    };
    poller = createPoller(broken, clock);
    const told = watch();
    await quiet();
    expect(told).to.include({ ended: true, error });
  });

  describe("over many histories", function () {
    this.timeout(60_000);

    /** Without doubt about whose success it is, which takes a minute more; and it is there to be seen. */
    const plain = histories.filter(({ operations, write, done, flapping }) => {
      const before = operations.filter(({ begin }) => begin <= write).at(-1);
      const rested = before !== undefined && before.end < write - 1_000;
      return rested && !flapping && !operations.some(({ begin }) => begin >= done && begin < done + MINUTE);
    });
    const answers = fc.array(
      fc.record({ after: fc.integer({ min: 50, max: 1_500 }), fails: fc.integer({ min: 0, max: 30 }) }),
      { minLength: 5, maxLength: 30 },
    );

    const slow = { after: 1_500, fails: 99 };

    interface Followed {
      readonly lag: number;
      readonly times: readonly number[];
    }

    /** From the write to the end, as a rollout does it; `fails` below the limit are failures. */
    async function followed(
      history: History,
      script: readonly { readonly after: number; readonly fails: number }[],
      limit: number,
    ): Promise<Followed> {
      const own = fakeClock(new Date(history.write));
      const generations = createWriteGenerations(own);
      const shown = (name: string): Shoot => {
        const told = shownAt(history, own.now().getTime());
        return generations.apply({ ...told, ref: { ...told.ref, name } });
      };
      const looked: number[] = [];
      const answer = async (names: readonly string[]): Promise<FetchResult> => {
        looked.push(own.now().getTime());
        const turn = [...script, { after: 100, fails: 99 }][looked.length % (script.length + 1)] ?? slow;
        await own.sleep(turn.after / 2);
        const shoots = new Map(names.map((name) => [name, shown(name)]));
        await own.sleep(turn.after / 2);
        return turn.fails < limit ? { kind: "failed", message: "trouble" } : { kind: "seen", shoots };
      };
      const watcher = createPoller({ fetchShoot: (name) => answer([name]), fetchShoots: answer }, own);
      const { ref, uid } = aShoot();
      const change = { shoot: ref, uid, resourceVersion: "", kubernetesVersion: TO, workers: [] };
      const accepted = generations.record(
        change,
        shownAt(history, history.write - 400),
        shownAt(history, history.write),
      );
      watcher.update(accepted);
      const aim = { uid, generation: accepted.generation, target: specVersions(accepted) };
      const stop = new AbortController();
      let end: number | undefined;
      const following = (async () => {
        for await (const event of watcher.watch(ref, stop.signal)) {
          if (event.kind !== "seen" || !isComplete(event.shoot, aim)) continue;
          end = own.now().getTime();
          return;
        }
      })();
      const last = Math.max(history.done, history.staleUntil) + 10 * MINUTE;
      while (end === undefined && own.now().getTime() < last) await own.advance(MINUTE);
      stop.abort();
      await following;
      if (end === undefined) throw new Error("never done");
      expect(end).to.be.at.least(history.done);
      return { lag: end - Math.max(history.done, history.staleUntil), times: looked };
    }

    function mostInAMinute(looked: readonly number[]): number {
      return Math.max(
        ...looked.map((from) => looked.filter((time) => time >= from && time < from + MINUTE).length),
      );
    }

    it("never asks more than twelve times a minute, whatever happens", async () => {
      await fc.assert(
        fc.asyncProperty(
          histories,
          answers,
          fc.integer({ min: 0, max: 20 }),
          async (history, script, limit) => {
            const { times: looked } = await followed(history, script, limit);
            expect(mostInAMinute(looked)).to.be.at.most(12);
          },
        ),
        { numRuns: 40, endOnFailure: true },
      );
    });

    it("never asks more often for watchers that come and go, and Shoots that are not found", async () => {
      const steps = fc.array(
        fc.record({
          pause: fc.integer({ min: 0, max: 20_000 }),
          name: fc.constantFrom("web", "api", "db"),
          what: fc.constantFrom("come", "come", "go", "vanish", "roll", "rest", "trouble", "mend"),
        }),
        { minLength: 20, maxLength: 120 },
      );
      await fc.assert(
        fc.asyncProperty(steps, async (script) => {
          const { clock: own, poller: watcher, looks, doTo } = stage();
          const stops: { readonly name: string; readonly stop: AbortController }[] = [];
          for (const { pause, name, what } of script) {
            await own.advance(pause);
            if (what === "come") {
              const stop = new AbortController();
              stops.push({ name, stop });
              const ref = { namespace: "garden-demo", name };
              void (async () => {
                for await (const event of watcher.watch(ref, stop.signal)) if (event.kind === "gone") return;
              })();
            } else if (what === "go") {
              stops.find((one) => one.name === name && !one.stop.signal.aborted)?.stop.abort();
            } else doTo(name, what);
          }
          await own.advance(2 * MINUTE);
          for (const { stop } of stops) stop.abort();
          await quiet();
          for (const name of ["web", "api", "db"]) {
            const concerned = looks.filter(({ names }) => names.includes(name)).map(({ time }) => time);
            expect(concerned.length === 0 ? 0 : mostInAMinute(concerned)).to.be.at.most(12);
          }
        }),
        { numRuns: 60, endOnFailure: true },
      );
    });

    function stage() {
      const own = fakeClock();
      const shoots = new Map(["web", "api", "db"].map((name) => [name, rolling(10, name)]));
      const looks: { readonly time: number; readonly names: readonly string[] }[] = [];
      let down = false;
      const answer = async (names: readonly string[]): Promise<FetchResult> => {
        looks.push({ time: own.now().getTime(), names });
        await own.sleep(200);
        if (down) return { kind: "failed", message: "trouble" };
        return { kind: "seen", shoots: new Map([...shoots].filter(([name]) => names.includes(name))) };
      };
      return {
        clock: own,
        poller: createPoller({ fetchShoot: (name) => answer([name]), fetchShoots: answer }, own),
        looks,
        doTo(name: string, what: "vanish" | "roll" | "rest" | "trouble" | "mend"): void {
          if (what === "vanish") shoots.delete(name);
          else if (what === "roll") shoots.set(name, rolling(20, name));
          else if (what === "rest") shoots.set(name, named(name));
          else down = what === "trouble";
        },
      };
    }

    it("sees the end of a rollout less than five seconds late on average", async () => {
      const lags: number[] = [];
      await fc.assert(
        fc.asyncProperty(plain, answers, async (history, script) => {
          const { lag } = await followed(history, script, 0);
          expect(lag).to.be.at.least(0);
          lags.push(lag);
        }),
        { numRuns: 300, endOnFailure: true },
      );
      const mean = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
      expect(mean).to.be.lessThan(5_000);
    });
  });
});
