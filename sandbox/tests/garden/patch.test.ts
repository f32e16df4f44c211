import { expect } from "chai";
import fc from "fast-check";
import { patch } from "../../api/patch";
import { at, type JsonMap, mapsAt, text } from "../../json";

const STRATEGIC = "application/strategic-merge-patch+json";
const shoot = (names: readonly string[]): JsonMap => ({
  kind: "Shoot",
  spec: { provider: { workers: names.map((name) => ({ name, maximum: 1 })) } },
});
const names = (object: JsonMap) =>
  mapsAt(object, "spec", "provider", "workers").map((pool) => text(pool.name));
const ALL: readonly string[] = ["a", "b", "c", "d", "e"];
const someNames = fc.uniqueArray(fc.constantFrom(...ALL));

describe("A strategic merge patch", () => {
  it("keeps the order of the pools that are there, whatever it changes in them", () => {
    fc.assert(
      fc.property(someNames, fc.subarray([...ALL]), (present, changed) => {
        const touched = changed.filter((name) => present.includes(name)).reverse();
        const result = patch(shoot(present), shoot(touched), STRATEGIC);
        expect([...names(result)].sort()).to.deep.equal([...present].sort());
        const untouched = present.filter((name) => !touched.includes(name));
        expect(names(result).filter((name) => untouched.includes(name))).to.deep.equal(untouched);
      }),
    );
  });

  it("puts an unknown pool in front", () => {
    expect(names(patch(shoot(["a", "b"]), shoot(["x"]), STRATEGIC))).to.deep.equal(["x", "a", "b"]);
  });

  it("merges what it names and leaves the rest", () => {
    const change: JsonMap = { spec: { provider: { workers: [{ name: "a", minimum: 1 }] } } };
    const result = patch(shoot(["a"]), change, STRATEGIC);
    expect(at(result, "spec", "provider", "workers")).to.deep.equal([{ name: "a", maximum: 1, minimum: 1 }]);
  });

  it("does not change what it is applied to", () => {
    const object = shoot(["a"]);
    patch(object, { spec: { provider: { workers: [{ name: "a", maximum: 2 }] } } }, STRATEGIC);
    expect(object).to.deep.equal(shoot(["a"]));
  });
});
