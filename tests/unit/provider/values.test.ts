import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { asDeclared, isLiteral, knownValues } from "../../../provider/values";

describe("a literal", () => {
  it("is made of values, lists and objects", () => {
    const name = { name: "web" };
    expect(isLiteral({ shoot: name, again: name, removed: [null, undefined, 1, true] })).to.equal(true);
  });

  const cyclic: { again?: unknown } = {};
  cyclic.again = { list: [cyclic] };
  for (const [title, value] of [
    ["an output", pulumi.output("web")],
    ["a promise", Promise.resolve("web")],
    ["a date, of which the SDK sends no part", new Date()],
    ["a value that is not known", pulumi.unknown],
    ["a cycle", cyclic],
    ["a function", () => "web"],
    ["an integer that JSON does not hold", 1n],
    ["a number that JSON does not hold", NaN],
  ] as const) {
    it(`is not what has ${title} in an object of a list`, () => {
      expect(isLiteral({ list: [{ name: value }] })).to.equal(false);
    });
  }
});

describe("arguments as they are declared", () => {
  it("are a copy of literals, which may change later", () => {
    const args = { shoot: { name: "web" }, removed: undefined };
    const declared = asDeclared(args);
    args.shoot.name = "shop";
    expect(declared).to.deep.equal({ shoot: { name: "web" } });
  });

  it("are themselves where they are not literals", () => {
    const args = { version: pulumi.output("1.34") };
    expect(asDeclared(args)).to.equal(args);
    expect(asDeclared(undefined)).to.equal(undefined);
  });
});

describe("inputs with known values", () => {
  it("have the value of an output, also of one that resolves later", async () => {
    const later = new Promise<string>((resolve) => setImmediate(() => resolve("1.34.3")));
    const inputs = { version: pulumi.output(later), workers: pulumi.output({ pool: ["a"] }) };
    expect(await knownValues(inputs)).to.deep.equal({ version: "1.34.3", workers: { pool: ["a"] } });
  });

  it("keep what is no output, and whether there is a value", async () => {
    const inputs = { preview: true, after: ["web"], found: pulumi.output(undefined) };
    expect(await knownValues(inputs)).to.deep.equal({ preview: true, after: ["web"], found: undefined });
  });

  it("have the value of a promise where there is no output in it", async () => {
    expect(await knownValues({ shoots: Promise.resolve(3) })).to.deep.equal({ shoots: 3 });
  });

  for (const [title, output] of [
    ["is a secret", pulumi.secret("token")],
    ["is not known", pulumi.output(pulumi.unknown)],
    ["has a part that is not known", pulumi.output({ pool: pulumi.output(pulumi.unknown) })],
  ] as const) {
    it(`keep an output that ${title}`, async () => {
      expect((await knownValues({ output }))["output"]).to.equal(output);
    });
  }

  it("keep an output that fails, for the SDK to report it", async () => {
    const failed = pulumi.output(Promise.reject(new Error("not readable")));
    expect((await knownValues({ failed }))["failed"]).to.equal(failed);
  });
});
