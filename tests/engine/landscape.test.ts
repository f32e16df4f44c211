import { expect } from "chai";
import * as path from "node:path";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import { CLOUD_PROFILE, profile, type World } from "../../sandbox/fixtures/demo";
import { project, shoot } from "../../sandbox/fixtures/objects";
import { map, mapsAt, textAt, type JsonMap } from "../../sandbox/json";
import { repository } from "../../tools/engine/project";
import type { Run } from "../../tools/engine/run";
import type { Stack } from "../../tools/engine/stack";
import { setScene, succeeded, type Scene } from "./scene";
import { DAY, HOUR, simulateClock, type SimulatedClock } from "./simulatedClock";

const GARDEN = "/apis/core.gardener.cloud/v1beta1";
const waves = {
  canary: ["shop/next"],
  staging: ["shop/staging", "data/staging", "media/staging"],
  production: ["shop/eu", "shop/us", "data/eu", "media/eu", "media/archive"],
} as const;
const all = Object.values(waves).flat();
/** Under hold, and hibernated. */
const [HELD, ASLEEP] = ["data/eu", "media/archive"] as const;
const MINUTE = HOUR / 60;

const landscape: World = (now) => [
  profile(now),
  ...["shop", "data", "media"].flatMap(project),
  ...Object.entries(waves).flatMap(([wave, ids]) => ids.map((id) => member(wave, id, now))),
];

function member(wave: string, id: string, now: Date): JsonMap {
  const [owner = "", name = ""] = id.split("/");
  const object = shoot(owner, CLOUD_PROFILE, { name, pools: [{ name: "pool-a" }] }, now);
  return { ...object, metadata: { ...map(object.metadata), labels: { wave } } };
}

describe("examples/landscape, over simulated days on the real engine", function () {
  this.timeout(300_000);
  let scene: Scene;
  let stack: Stack;
  let clock: SimulatedClock;

  before(async () => {
    // The windows of all Shoots are from 21:00 to 22:00.
    clock = simulateClock(new Date("2026-12-01T09:00:00Z"));
    scene = await setScene({ now: clock.now, world: landscape, speed: 100 });
    stack = await scene.open({
      program: path.join(repository, "examples", "landscape"),
      config: { kubernetesVersion: "1.33.4" },
    });
    succeeded(await up());
    await patch(HELD, { metadata: { annotations: { "pulumi-gardener.io/hold": "audit" } } });
    await patch(ASLEEP, { spec: { hibernation: { enabled: true } } });
    await scene.reconciled();
    await stack.setConfig({ kubernetesVersion: "1.33" });
    scene.calls.forget();
  });
  after(async () => {
    await scene.close();
    clock.close();
  });

  const up = () => stack.up({ env: clock.environment() });
  const shootPath = (id: string) => {
    const [owner = "", name = ""] = id.split("/");
    return `${GARDEN}/namespaces/garden-${owner}/shoots/${name}`;
  };
  const patch = (id: string, body: JsonMap) => scene.garden.patch(shootPath(id), "merge", body);
  const annotate = (id: string, annotations: JsonMap) => patch(id, { metadata: { annotations } });
  async function running(version: string): Promise<string[]> {
    const objects = await Promise.all(all.map((id) => scene.garden.get(shootPath(id))));
    return all.filter((_, index) => textAt(objects[index], "spec", "kubernetes", "version") === version);
  }
  /** The Shoots that have been written since the last call, one entry for each write. */
  function written(): string[] {
    const ids = scene.writes().flatMap((write) => {
      const [, owner, name] = /^PATCH .*\/garden-(\w+)\/shoots\/(\w+)$/.exec(write) ?? [];
      return owner === undefined || name === undefined ? [] : [`${owner}/${name}`];
    });
    scene.calls.forget();
    return ids.sort();
  }
  const sorted = (ids: readonly string[]) => [...ids].sort();
  const summaryOf = (run: Run) =>
    run.messages.filter(({ text }) => text.includes("of this stack")).at(-1)?.text ?? "";

  it("fails where a Shoot has the label of no wave, and names it", async () => {
    await patch("shop/next", { metadata: { labels: { wave: "first" } } });
    const run = await stack.preview({ env: clock.environment() });
    await patch("shop/next", { metadata: { labels: { wave: "canary" } } });
    expect(run.ok).to.equal(false);
    expect(run.stdout + run.stderr).to.contain(
      'The label "wave" must be one of canary, staging, production: garden-shop/next',
    );
  });

  it("shows one plan, by wave, in the preview", async () => {
    const run = succeeded(await stack.preview({ env: clock.environment() }));
    const text = run.messages.find((message) => message.text.startsWith("9 Shoots"))?.text.split("\n") ?? [];
    const line = (id: string, start: string) =>
      `  ${id.replace("/", "-")}: Kubernetes 1.33.4 → 1.33.7; no nodes replaced; ${start}`;
    const later = (after: string) => `after ${after} not complete`;
    const staging = later("shop-next, whose rollout is");
    expect(text.slice(0, 7)).to.deep.equal([
      "9 Shoots: 9 pending",
      "wave 1",
      line("shop/next", "now"),
      "wave 2",
      ...["shop", "data", "media"]
        .map((owner) => line(`${owner}/staging`, `1d ${staging}`))
        .sort(byOrder(text)),
    ]);
    expect(text).to.include("wave 3").and.to.have.length(13);
    expect(text).to.include(line(HELD, "held: audit"));
    expect(text).to.include(line(ASLEEP, "the Shoot is hibernated (rollout.skipHibernated)"));
  });

  it("day 1: the canary fails, and nothing else is written", async () => {
    await annotate("shop/next", { [FAULT_ANNOTATION]: "fail=ERR_INFRA_QUOTA_EXCEEDED" });
    const run = await up();
    expect(run.ok).to.equal(false);
    expect(written()).to.deep.equal(["shop/next"]);
  });

  it("day 1: the canary is repaired and completes; the others wait for a day", async () => {
    await annotate("shop/next", { [FAULT_ANNOTATION]: null, "gardener.cloud/operation": "retry" });
    const run = succeeded(await up());
    expect(await running("1.33.7")).to.deep.equal(["shop/next"]);
    // It was written by the run that failed.
    expect(written()).to.deep.equal([]);
    expect(summaryOf(run)).to.match(/^9 Shoots of this stack: 1 done, 7 pending, 1 held\n/);
    expect(summaryOf(run)).to.match(
      /pending: data-staging \(after shop-next, not before 2026-12-02 09:\d\d UTC\)/,
    );
  });

  it("day 2: a new patch is offered, which the canary gets first; its soak time begins anew", async () => {
    clock.advance(DAY - 10 * MINUTE);
    await offer("1.33.9");
    const run = succeeded(await up());
    expect(written()).to.deep.equal(["shop/next"]);
    expect(await running("1.33.9")).to.deep.equal(["shop/next"]);
    clock.advance(HOUR);
    const next = succeeded(await up());
    expect(written()).to.deep.equal([]);
    expect(summaryOf(run)).to.contain("1 done, 7 pending");
    expect(summaryOf(next)).to.contain("pending: shop-staging (after shop-next, not before 2026-12-03 08:");
  });

  it("day 3: staging follows to the version of the canary", async () => {
    clock.advance(DAY);
    const run = succeeded(await up());
    expect(written()).to.deep.equal(sorted(waves.staging));
    expect(await running("1.33.9")).to.deep.equal(["shop/next", ...waves.staging]);
    expect(await running("1.33.7")).to.deep.equal([]);
    expect(summaryOf(run)).to.contain("3 done, 4 pending, 1 held, 1 up to date");
  });

  it("day 5: production waits for its windows", async () => {
    clock.advance(2 * DAY + HOUR);
    const run = succeeded(await up());
    expect(written()).to.deep.equal([]);
    expect(summaryOf(run)).to.contain("shop-eu (in its maintenance window, not before 2026-12-05 21:00 UTC)");
  });

  it("day 5: production is performed in the windows, without the held and the hibernated one", async () => {
    clock.advance(new Date("2026-12-05T21:05:00Z").getTime() - clock.now().getTime());
    const run = succeeded(await up());
    expect(written()).to.deep.equal(["media/eu", "shop/eu", "shop/us"]);
    expect(summaryOf(run)).to.contain("3 done, 1 pending, 1 held, 4 up to date");
    expect(summaryOf(run)).to.contain("held: data-eu (audit)");
    expect(summaryOf(run)).to.contain("pending: media-archive (the Shoot is hibernated");
    expect((await stack.outputs())["pending"]?.value).to.equal(2);
  });

  it("day 6: the last two follow, and all run one version", async () => {
    await annotate(HELD, { "pulumi-gardener.io/hold": null });
    await patch(ASLEEP, { spec: { hibernation: { enabled: false } } });
    await scene.reconciled();
    clock.advance(DAY);
    succeeded(await up());
    expect(written()).to.deep.equal([HELD, ASLEEP]);
    expect(await running("1.33.9")).to.deep.equal(all);
    expect((await stack.outputs())["pending"]?.value).to.equal(0);
    succeeded(await stack.up({ env: clock.environment(), expectNoChanges: true }));
    expect(written()).to.deep.equal([]);
  });

  /** In place of the supported patch of its minor. */
  async function offer(version: string): Promise<void> {
    const target = `${GARDEN}/cloudprofiles/${CLOUD_PROFILE}`;
    const known = mapsAt(await scene.garden.get(target), "spec", "kubernetes", "versions");
    const versions = known.flatMap((entry) =>
      entry.version === "1.33.7"
        ? [
            { ...entry, version },
            { ...entry, classification: "deprecated" },
          ]
        : [entry],
    );
    await scene.garden.patch(target, "merge", { spec: { kubernetes: { versions } } });
  }
});

/** As the given lines are. */
function byOrder(lines: readonly string[]): (a: string, b: string) => number {
  return (a, b) => lines.indexOf(a) - lines.indexOf(b);
}
