import { expect } from "chai";
import { Fields, join } from "../../../provider/declaration/fields";

/** What is wrong with the value, as `kubernetes.version: expected …`. */
function complaints(read: (fields: Fields) => unknown): readonly string[] {
  const fields = new Fields('"web"');
  expect(read(fields)).to.equal(undefined);
  return fields.problems.map(({ property, message }) => `${property}: ${message}`);
}

describe("an argument", () => {
  for (const nothing of [undefined, null]) {
    it(`that is ${nothing} is absent`, () => {
      const fields = new Fields('"web"');
      expect(fields.object(nothing, "rollout", { wait: true })).to.equal(undefined);
      expect(fields.text(nothing, "shoot.name")).to.equal(undefined);
      expect(fields.flag(nothing, "rollout.wait")).to.equal(undefined);
      expect(fields.choice(nothing, "adopt", { Observe: "observe" })).to.equal(undefined);
      expect(fields.problems).to.deep.equal([]);
    });
  }

  it("that is a text is trimmed", () => {
    expect(new Fields("").text(" web\n", "shoot.name")).to.equal("web");
  });

  it("that is a text is not only spaces", () => {
    expect(complaints((fields) => fields.text(" ", "shoot.name"))).to.have.length(1);
  });

  it("that is true or false is kept", () => {
    expect(new Fields("").flag(true, "rollout.wait")).to.equal(true);
    expect(new Fields("").flag(false, "rollout.wait")).to.equal(false);
  });

  for (const [value, found] of [
    ["yes", 'found "yes"'],
    [1.5, "found 1.5"],
    [["a"], "found a list"],
    [{ a: 1 }, "found an object"],
  ] as const) {
    it(`of the wrong kind is named with what was found: ${JSON.stringify(value)}`, () => {
      const [complaint] = complaints((fields) => fields.flag(value, "rollout.wait"));
      expect(complaint)
        .to.match(/^rollout\.wait: expected true or false/)
        .and.to.contain(found);
    });
  }

  it("of the wrong kind is named with what was found: true", () => {
    expect(complaints((fields) => fields.text(true, "shoot.name"))).to.match(/found true/);
  });

  it("is repeated up to 60 characters; a longer one may hold a credential", () => {
    const secret = (length: number) =>
      complaints((fields) => fields.choice("s".repeat(length), "adopt", { Observe: "observe" })).join();
    expect(secret(60)).to.contain("s".repeat(60));
    expect(secret(61)).to.contain("a long text").and.not.to.contain("sss");
  });

  it("with a closed set of values is refused with all of them", () => {
    const messageFor = (...choices: readonly string[]) =>
      complaints((fields) =>
        fields.choice("c", "adopt", Object.fromEntries(choices.map((choice) => [choice, choice]))),
      ).join();
    expect(messageFor("a")).to.contain('expected "a", found');
    expect(messageFor("a", "b")).to.contain('expected "a" or "b", found');
    expect(messageFor("a", "b", "d")).to.contain('expected "a", "b" or "d", found');
  });

  it("that is unknown gets a suggestion only where one is near", () => {
    const unknown = (key: string) => {
      const fields = new Fields('"web"');
      fields.object({ [key]: 1 }, "rollout", { wait: true, prepare: true });
      return fields.problems.map(({ message }) => message).join();
    };
    expect(unknown("waits")).to.contain('did you mean "wait"?');
    expect(unknown("colour")).to.contain('"wait" or "prepare"').and.not.to.contain("did you mean");
  });

  it("that is a number in place of a version is shown in quotes", () => {
    const [complaint] = complaints((fields) => fields.text(1.34, "kubernetes.version"));
    expect(complaint).to.contain('"1.34"').and.not.to.contain('"1.340"');
  });

  it("that is a number gets both forms where a zero at its end may be missing", () => {
    expect(complaints((fields) => fields.text(1.3, "kubernetes.version")).join()).to.contain(
      '"1.3" or "1.30"',
    );
  });

  it("gets no hint about quotes if it is no number", () => {
    expect(complaints((fields) => fields.text(true, "shoot.name")).join()).not.to.contain("quotes");
  });

  it("has a path that can be written in a program", () => {
    expect(join("", "shoot")).to.equal("shoot");
    expect(join("workers", "gpu")).to.equal("workers.gpu");
    expect(join("workers", "pool-a")).to.equal('workers["pool-a"]');
    expect(join("workers", "2nd")).to.equal('workers["2nd"]');
    expect(join("", "pool-a")).to.equal('"pool-a"');
  });
});
