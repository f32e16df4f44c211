import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { worldOf } from "../../sandbox/fixtures/demo";
import type { Run } from "../../tools/engine/run";
import type { Stack } from "../../tools/engine/stack";
import { setScene, SHOOTS, succeeded, type Scene } from "./scene";

const names = ["confined", "other"] as const;

describe("the summary of a run, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;
  let version = "1.33.4";

  const program = () => {
    for (const name of names) {
      new gardener.ShootVersions(name, {
        shoot: { project: "demo", name },
        kubernetes: { version },
      });
    }
    return Promise.resolve({});
  };

  before(async () => {
    scene = await setScene({
      world: worldOf(names),
    });
    await scene.garden.patch(`${SHOOTS}/confined`, "merge", {
      spec: { maintenance: { confineSpecUpdateRollout: true } },
    });
    await scene.reconciled();
    stack = await scene.open({ program });
  });
  after(() => scene.close());

  const summariesOf = (run: Run) =>
    run.messages.filter(({ text }) => text.includes("of this stack")).map(({ text }) => text);

  it("is not shown where all are up to date", async () => {
    succeeded(await stack.up());
    expect(summariesOf(succeeded(await stack.up({ expectNoChanges: true })))).to.deep.equal([]);
  });

  it("is preceded by a plan in which no Shoot is still to be adopted", async () => {
    version = "1.33.7";
    const { messages } = succeeded(await stack.preview());
    const starts = messages.flatMap(({ text }) =>
      text.startsWith("2 Shoots: 2 pending\n") ? (text.match(/[^;]+$/gm) ?? []) : [],
    );
    expect(starts.slice(-2)).to.deep.equal([" now", " now"]);
  });

  it("tells what is done from what is written and waits", async () => {
    expect(
      summariesOf(succeeded(await stack.up()))
        .at(-1)
        ?.split("\n"),
    ).to.deep.equal([
      "2 Shoots of this stack: 1 done, 1 pending",
      "  done: other",
      "  pending: confined (in its maintenance window, by confineSpecUpdateRollout)",
    ]);
  });

  it("is shown once in a run that updates nothing, where something still waits", async () => {
    expect(summariesOf(succeeded(await stack.up({ expectNoChanges: true })))).to.deep.equal([
      "2 Shoots of this stack: 1 pending, 1 up to date\n" +
        "  pending: confined (in its maintenance window, by confineSpecUpdateRollout)",
    ]);
  });

  it("is not shown in a preview", async () => {
    expect(summariesOf(succeeded(await stack.preview()))).to.deep.equal([]);
  });
});
