import { expect } from "chai";
import fc from "fast-check";
import { createStatusThrottle } from "../../../provider/rollout/throttle";
import { fakeClock, quiet } from "./clock";

function setUp() {
  const clock = fakeClock();
  const begin = clock.now().getTime();
  const shown: { at: number; text: string }[] = [];
  const throttle = createStatusThrottle(clock, (text) =>
    shown.push({ at: clock.now().getTime() - begin, text }),
  );
  return { clock, shown, throttle };
}

describe("the status line's rate", () => {
  it("shows the first line at once", () => {
    const { shown, throttle } = setUp();
    throttle.show("a");
    expect(shown).to.deep.equal([{ at: 0, text: "a" }]);
  });

  it("shows at most one line in three seconds, the newest", async () => {
    const { clock, shown, throttle } = setUp();
    throttle.show("a");
    await clock.advance(1_000);
    throttle.show("b");
    await clock.advance(1_000);
    throttle.show("c");
    await clock.advance(2_000);
    expect(shown).to.deep.equal([
      { at: 0, text: "a" },
      { at: 3_000, text: "c" },
    ]);
  });

  it("does not repeat a line", async () => {
    const { clock, shown, throttle } = setUp();
    throttle.show("a");
    await clock.advance(10_000);
    throttle.show("a");
    await clock.advance(10_000);
    expect(shown.map(({ text }) => text)).to.deep.equal(["a"]);
  });

  it("shows the last line when it is flushed, however early", async () => {
    const { clock, shown, throttle } = setUp();
    throttle.show("a");
    await clock.advance(500);
    throttle.show("b");
    throttle.flush();
    expect(shown).to.deep.equal([
      { at: 0, text: "a" },
      { at: 500, text: "b" },
    ]);
    expect(clock.sleepers()).to.equal(0);
  });

  it("never loses the last line, never repeats one, never shows two within the interval", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 5_000 })), {
          minLength: 1,
        }),
        async (lines) => {
          const { clock, shown, throttle } = setUp();
          for (const [text, pause] of lines) {
            throttle.show(text);
            await clock.advance(pause);
          }
          await clock.advance(3_000);
          const texts = shown.map(({ text }) => text);
          expect(texts.at(-1)).to.equal(lines.at(-1)?.[0]);
          shown.slice(1).forEach(({ at, text }, index) => {
            expect(at - (shown[index]?.at ?? 0)).to.be.at.least(3_000);
            expect(text).not.to.equal(shown[index]?.text);
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("a status line that is shown later", () => {
  it("is shown at once when the interval has just passed", async () => {
    const { clock, shown, throttle } = setUp();
    throttle.show("a");
    await clock.advance(3_000);
    throttle.show("b");
    expect(shown.map(({ text }) => text)).to.deep.equal(["a", "b"]);
  });

  it("is not shown when it has become the one that is shown already", async () => {
    const { clock, shown, throttle } = setUp();
    throttle.show("a");
    throttle.show("b");
    throttle.show("a");
    await clock.advance(10_000);
    expect(shown.map(({ text }) => text)).to.deep.equal(["a"]);
  });

  it("needs no timer where it is the one that is shown already", () => {
    const { clock, throttle } = setUp();
    throttle.show("a");
    throttle.show("a");
    expect(clock.sleepers()).to.equal(0);
  });

  it("is not shown twice where it is flushed", async () => {
    const { clock, shown, throttle } = setUp();
    throttle.flush();
    throttle.show("a");
    throttle.show("b");
    throttle.flush();
    throttle.flush();
    await clock.advance(10_000);
    expect(shown.map(({ text }) => text)).to.deep.equal(["a", "b"]);
  });

  it("shows no line early after all were shown at once", async () => {
    const clock = fakeClock();
    const shown: string[] = [];
    const throttle = createStatusThrottle(clock, (text) => shown.push(text));
    throttle.show("a");
    throttle.show("b");
    throttle.flush();
    throttle.show("c");
    await quiet();
    expect(shown).to.deep.equal(["a", "b"]);
    await clock.advance(3_000);
    expect(shown).to.deep.equal(["a", "b", "c"]);
  });
});
