import * as fc from "fast-check";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { HOLD_ANNOTATION } from "../../provider/model/shoot";
import type { Run } from "../../tools/engine/run";
import { setScene, SHOOTS, type Scene } from "./scene";

const FORGED = "\n  ready: forged\r\n    forged";
const pieces = [
  "<",
  "{%",
  "%}>",
  "<{%x%}>",
  "\u001b[2J",
  "\u001b]0;owned\u0007",
  "\u009b2J",
  FORGED,
  "\u202e",
  "\u2028",
  "word",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "grapheme" })), {
    minLength: 5,
    maxLength: 20,
  })
  .map((parts) => parts.join(""));

/** Without the CLI's own colours. */
const colour = new RegExp(String.raw`\x1b\[[0-9;]*m`, "g");
const bare = (text: string) => text.replaceAll(colour, "");

describe("text that is not ours, on the real engine", function () {
  this.timeout(180_000);
  let scene: Scene;

  before(async () => {
    scene = await setScene();
  });
  after(() => scene.close());

  for (const [where, seed] of [
    ["a hold and a refusal of the dry run", 1],
    ["a hold and an answer of the garden", 2],
  ] as const) {
    it(`of ${where} neither ends the CLI nor acts on the terminal`, async () => {
      const texts = fc.sample(hostile, { numRuns: 40, seed });
      const hold = texts.slice(0, 20).join(" ").replaceAll("\u0000", "");
      await scene.garden.patch(`${SHOOTS}/web`, "merge", {
        metadata: { annotations: { [HOLD_ANNOTATION]: hold } },
      });
      const body = { kind: "Status", code: 422, reason: "Invalid", message: texts.slice(20).join(" ") };
      const calm = scene.sandbox.garden.intercept(({ method, path }) =>
        (seed === 1 ? method === "PATCH" : path.includes("/cloudprofiles/"))
          ? { kind: "answer", code: 422, body }
          : undefined,
      );
      const stack = await scene.open({
        program: () => {
          new gardener.ShootVersions("web", {
            shoot: { project: "demo", name: "web" },
            kubernetes: { version: "1.33.7" },
            adopt: "upgrade",
          });
          return Promise.resolve({});
        },
      });
      const run = await stack.preview({ color: "always" });
      calm();
      expect(run.ok).to.equal(false);
      expectHarmless(run, seed === 1 ? "[GU050]" : "[GU013]");
    });
  }

  it("of a condition and of the last errors neither ends the CLI nor acts on the terminal", async () => {
    const [condition = [], error = []] = [3, 4].map((seed) => fc.sample(hostile, { numRuns: 20, seed }));
    const time = new Date().toISOString();
    await scene.garden.patch(`${SHOOTS}/web`, "merge", {
      metadata: { annotations: { [HOLD_ANNOTATION]: null } },
    });
    await scene.garden.patch(`${SHOOTS}/web/status`, "merge", {
      status: {
        conditions: [
          {
            type: "EveryNodeReady",
            status: "False",
            reason: "Hostile",
            message: condition.join(" "),
            lastTransitionTime: time,
            lastUpdateTime: time,
          },
        ],
        lastErrors: [{ description: error.join(" "), lastUpdateTime: time }],
        lastOperation: {
          type: "Reconcile",
          state: "Failed",
          progress: 10,
          description: error.join(" "),
          lastUpdateTime: time,
        },
      },
    });
    const stack = await scene.open({
      program: () => {
        new gardener.ShootVersions("web", {
          shoot: { project: "demo", name: "web" },
          kubernetes: { version: "1.34" },
        });
        return Promise.resolve({});
      },
    });
    const run = await stack.preview({ color: "always" });
    expect(run.ok).to.equal(true);
    expectHarmless(run, "Reconcile, has failed", "EveryNodeReady is False");
  });

  function expectHarmless({ stdout, stderr }: Run, ...shown: readonly string[]): void {
    const all = bare(stdout + stderr);
    for (const text of shown) expect(all).to.contain(text);
    expect(all).not.to.match(/panic|goroutine|Unrecognized color/);
    expect(all.replaceAll("\n", "")).not.to.match(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
    expect(all.split("\n").filter((line) => /^\s*(ready: )?forged/.test(line))).to.deep.equal([]);
  }
});
