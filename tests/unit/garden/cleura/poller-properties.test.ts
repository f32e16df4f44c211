import { expect } from "chai";
import fc from "fast-check";
import { createWriteGenerations } from "../../../../provider/garden/cleura/polling/generations";
import type { FetchResult } from "../../../../provider/garden/cleura/polling/fetchResult";
import { createPoller } from "../../../../provider/garden/cleura/polling/poller";
import type { Shoot } from "../../../../provider/model/shoot";
import { isComplete } from "../../../../provider/rollout/completion";
import { specVersions } from "../../../../provider/plan";
import { aShoot } from "../../builders";
import { fakeClock, quiet } from "../../rollout/clock";
import { histories, shownAt, TO, type History } from "./history";
import { aPolledGarden, MINUTE, rolling, shootNamed, type Polled, type Watch } from "./polled";

/** How long a read takes, and whether it fails: below a limit that each run sets. */
interface Read {
  readonly ms: number;
  readonly luck: number;
}

/** Repeated to the end; the last one never fails, so that there is an end. */
const reads = fc
  .array(fc.record({ ms: fc.integer({ min: 50, max: 1_500 }), luck: fc.integer({ min: 0, max: 30 }) }), {
    minLength: 5,
    maxLength: 30,
  })
  .map((script): readonly Read[] => [...script, { ms: 100, luck: 99 }]);

function mostInAMinute(times: readonly number[]): number {
  const inMinuteFrom = (from: number) => times.filter((time) => time >= from && time < from + MINUTE).length;
  return Math.max(0, ...times.map(inMinuteFrom));
}

/** From the write to its end, as a rollout awaits it. */
async function awaitWrite(history: History, script: readonly Read[], failingBelow: number) {
  const clock = fakeClock(new Date(history.write));
  const generations = createWriteGenerations(clock);
  const times: number[] = [];

  async function fetch(names: readonly string[]): Promise<FetchResult> {
    times.push(clock.now().getTime());
    const { ms, luck } = script[times.length % script.length] ?? { ms: 100, luck: 99 };
    await clock.sleep(ms / 2);
    const shoots = new Map(names.map((name) => [name, shown(name)]));
    await clock.sleep(ms / 2);
    return luck < failingBelow ? { kind: "failed", message: "trouble" } : { kind: "fetched", shoots };
  }
  function shown(name: string): Shoot {
    const shoot = shownAt(history, clock.now().getTime());
    return generations.apply({ ...shoot, ref: { ...shoot.ref, name } });
  }

  const poller = createPoller({ fetchShoot: (name) => fetch([name]), fetchShoots: fetch }, clock);
  const { ref, uid } = aShoot();
  const change = { shoot: ref, uid, resourceVersion: "", kubernetesVersion: TO, workers: [] };
  const before = shownAt(history, history.write - 400);
  const accepted = generations.record(change, before, shownAt(history, history.write));
  poller.update(accepted);
  const awaited = { uid, generation: accepted.generation, target: specVersions(accepted) };
  const stop = new AbortController();
  let end: number | undefined;
  const watching = (async () => {
    for await (const event of poller.watch(ref, stop.signal)) {
      if (event.kind !== "seen" || !isComplete(event.shoot, awaited)) continue;
      end = clock.now().getTime();
      return;
    }
  })();
  const visible = Math.max(history.done, history.staleUntil);
  while (end === undefined && clock.now().getTime() < visible + 10 * MINUTE) await clock.advance(MINUTE);
  stop.abort();
  await watching;
  if (end === undefined) throw new Error("never complete");
  expect(end).to.be.at.least(history.done);
  return { lag: end - visible, times };
}

describe("the poller over many histories", function () {
  this.timeout(60_000);

  it("reads at most twelve times a minute while a write is awaited", async () => {
    const limits = fc.integer({ min: 0, max: 20 });
    await fc.assert(
      fc.asyncProperty(histories, reads, limits, async (history, script, failingBelow) => {
        const { times } = await awaitWrite(history, script, failingBelow);
        expect(mostInAMinute(times)).to.be.at.most(12);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it("sees the end of a rollout less than five seconds late on average", async () => {
    const lags: number[] = [];
    await fc.assert(
      fc.asyncProperty(histories.filter(isUnambiguous), reads, async (history, script) => {
        const { lag } = await awaitWrite(history, script, 0);
        expect(lag).to.be.at.least(0);
        lags.push(lag);
      }),
      // An average over random histories varies: the same ones are drawn in each run.
      { numRuns: 500, seed: 1, endOnFailure: true },
    );
    const mean = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
    expect(mean).to.be.lessThan(5_000);
  });

  /** It is certain whose success it is, which may take a minute more; and the success can be seen. */
  function isUnambiguous({ operations, write, done, flapping }: History): boolean {
    const before = operations.filter(({ begin }) => begin <= write).at(-1);
    const rested = before !== undefined && before.end < write - 1_000;
    const next = operations.some(({ begin }) => begin >= done && begin < done + MINUTE);
    return rested && !flapping && !next;
  }

  const names = ["web", "api", "db"] as const;
  const events = fc.array(
    fc.record({
      pauseMs: fc.integer({ min: 0, max: 20_000 }),
      name: fc.constantFrom(...names),
      kind: fc.constantFrom("watch", "watch", "stop", "remove", "roll", "rest", "fail", "succeed"),
    }),
    { minLength: 20, maxLength: 120 },
  );

  it("reads each Shoot at most twelve times a minute, for any number of watches and also where Shoots are not found", async () => {
    await fc.assert(
      fc.asyncProperty(events, async (script) => {
        const polled = aPolledGarden(200);
        for (const name of names) polled.set(rolling(10, name));
        const watches: { readonly name: string; readonly watch: Watch }[] = [];
        for (const { pauseMs, name, kind } of script) {
          await polled.clock.advance(pauseMs);
          if (kind === "watch") watches.push({ name, watch: polled.watch(name) });
          else if (kind === "stop") stopFirst(watches, name);
          else change(polled, name, kind);
        }
        await polled.clock.advance(2 * MINUTE);
        for (const { watch } of watches) watch.stop();
        await quiet();
        for (const name of names) {
          const calls = polled.calls.filter((call) => call.names.includes(name));
          expect(mostInAMinute(calls.map(({ at }) => at * 1000))).to.be.at.most(12);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  function stopFirst(watches: { readonly name: string; readonly watch: Watch }[], name: string): void {
    const index = watches.findIndex((one) => one.name === name);
    if (index >= 0) watches.splice(index, 1)[0]?.watch.stop();
  }

  function change(polled: Polled, name: string, kind: "remove" | "roll" | "rest" | "fail" | "succeed"): void {
    if (kind === "remove") polled.remove(name);
    else if (kind === "roll") polled.set(rolling(20, name));
    else if (kind === "rest") polled.set(shootNamed(name));
    else polled.fail(kind === "fail" ? { kind: "failed", message: "trouble" } : undefined);
  }
});
