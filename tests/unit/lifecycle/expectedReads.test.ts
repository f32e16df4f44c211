import { expect } from "chai";
import { check } from "../../../provider/lifecycle";
import type { ExpectedReads } from "../../../provider/model/expectedReads";
import { aContext, FakeGarden } from "../support/fakeGarden";

const reads: ExpectedReads = {
  ref: { namespace: "garden-demo", name: "web" },
  shoots: 12,
  cloudProfile: { kind: "CloudProfile", name: "local" },
};

describe("the reads that a component announces to check", () => {
  let calls: unknown[];

  async function checked(announced: unknown) {
    const garden = new FakeGarden();
    const getShoot = garden.getShoot.bind(garden);
    calls = [];
    const observed = Object.assign(garden, {
      expectReads: (expected: ExpectedReads) => void calls.push(expected),
      getShoot: (...ref: Parameters<typeof getShoot>) => {
        calls.push("getShoot");
        return getShoot(...ref);
      },
    });
    return check(
      aContext(observed),
      {},
      {
        declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.33" } },
        reportTo: "urn:pulumi:dev::stack::gardener:index:ShootVersions::web",
        preview: true,
        reads: announced,
      },
    );
  }

  it("are started before the Shoot is read", async () => {
    await checked(reads);
    expect(calls.slice(0, 2)).to.deep.equal([reads, "getShoot"]);
  });

  it("do not become inputs in the state", async () => {
    const { inputs, failures } = await checked(reads);
    expect(failures).to.deep.equal([]);
    expect(inputs).not.to.have.property("reads");
  });

  for (const [title, value] of [
    ["absent", undefined],
    ["without a Shoot", { ...reads, ref: undefined }],
    ["with a count that is no number", { ...reads, shoots: "12" }],
    ["with a CloudProfile of an unknown kind", { ...reads, cloudProfile: { kind: "Other", name: "local" } }],
  ] as const) {
    it(`have no effect when they are ${title}`, async () => {
      expect((await checked(value)).failures).to.deep.equal([]);
      expect(calls[0]).to.equal("getShoot");
    });
  }
});
