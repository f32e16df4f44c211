import { expect } from "chai";
import { spell } from "../../../provider/model/duration";
import { list } from "../../../provider/model/text";
import {
  detailLines,
  lastOperationText,
  sentence,
  shorten,
  shortenMiddle,
} from "../../../provider/rollout/text";
import { aCluster, operation } from "./scene";

describe("text of a message", () => {
  it("is one line of at most so many characters", () => {
    expect(shorten("  a\n\t b  ", 10)).to.equal("a b");
    expect(shorten("abcdef", 6)).to.equal("abcdef");
    expect(shorten("abcdefg", 6)).to.equal("abcde…");
  });

  it("keeps its begin and its end when it is cut in the middle", () => {
    expect(shortenMiddle("task failed", 11)).to.equal("task failed");
    const cut = shortenMiddle(`task ${"x".repeat(100)} cause`, 40);
    expect(cut).to.match(/^task x+ … x+ cause$/);
    expect(cut.length).to.be.at.most(40);
    expect(shortenMiddle(`${"ab ".repeat(5)}${" ".repeat(40)}${"cd ".repeat(50)}`, 30)).not.to.match(/ {2}/);
  });

  it("spells a duration by its hours, minutes and seconds", () => {
    expect([0, 999, 1_000, 60_000, 3_600_000, 9_000_000, 3_723_000, -5].map(spell)).to.deep.equal([
      "0s",
      "1s",
      "1s",
      "1m",
      "1h",
      "2h 30m",
      "1h 2m 3s",
      "0s",
    ]);
  });

  it("lists items", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(list)).to.deep.equal([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
  });

  it("ends as a sentence does", () => {
    expect(["a", "a.", "a!", "a?", "a…", "1.2 is old"].map(sentence)).to.deep.equal([
      "a.",
      "a.",
      "a!",
      "a?",
      "a…",
      "1.2 is old.",
    ]);
    expect(detailLines([" one ", "two!"])).to.equal("\n  one.\n  two!");
  });

  it("has the last operation, with its errors before its description", () => {
    const shoot = aCluster({ lastOperation: operation("Error", 40, { description: "Waiting" }) });
    expect(lastOperationText(shoot)).to.equal("Last operation: Reconcile Error at 40 %: Waiting.");
    expect(
      lastOperationText({
        ...shoot,
        lastErrors: ["no machines", "no quota"].map((description) => ({ description, codes: [] })),
      }),
    ).to.equal("Last operation: Reconcile Error at 40 %: no machines · no quota.");
    expect(lastOperationText({ ...shoot, lastOperation: operation("Pending", 0) })).to.equal(
      "Last operation: Reconcile Pending at 0 %.",
    );
    expect(lastOperationText(aCluster({ lastOperation: undefined }))).to.equal(
      "Gardener has not reported an operation yet.",
    );
  });

  it("keeps more of its end than of its begin when it is cut, and is as long as is allowed", () => {
    const cut = shortenMiddle(`${"a".repeat(50)}${"b".repeat(50)}`, 40);
    expect(cut).to.equal(`${"a".repeat(15)} … ${"b".repeat(22)}`);
  });

  it("has one space beside the cut where there were some before", () => {
    expect(shortenMiddle("aaaa aaaa bbbb ccccc", 14)).to.equal("aaaa … ccccc");
  });
});
