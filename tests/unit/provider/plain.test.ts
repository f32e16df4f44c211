import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { isPlain, knownValues } from "../../../provider/plain";

describe("arguments", () => {
  it("are plain where no output and no promise is in them", () => {
    expect(isPlain({ shoot: { project: "demo", name: "web" }, removed: [null, undefined, 1] })).to.equal(
      true,
    );
  });

  for (const [title, value] of [
    ["an output", pulumi.output("web")],
    ["a promise", Promise.resolve("web")],
  ] as const) {
    it(`are not plain with ${title} in an object of a list`, () => {
      expect(isPlain({ list: [{ name: value }] })).to.equal(false);
    });
  }
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

  it("fail with the error of an output", async () => {
    const failed = pulumi.output(Promise.reject(new Error("not readable")));
    const error: unknown = await knownValues({ failed }).catch((reason: unknown) => reason);
    expect(error).to.have.property("message", "not readable");
  });
});
