import { expect } from "chai";
import { check } from "../../../provider/lifecycle";
import type { ExpectedReads } from "../../../provider/model/expectedReads";
import { aContext, FakeGarden } from "../support/fakeGarden";

const reads: ExpectedReads = {
  references: [
    { kind: "project", project: "demo", name: "web" },
    { kind: "namespace", namespace: "garden-demo", name: "web" },
    { kind: "name", name: "web" },
  ],
  namespaces: [
    { namespace: "garden-demo", shoots: 12 },
    { namespace: "garden-shop", shoots: 4, names: ["api", "web", "shop", "prod"] },
  ],
  cloudProfiles: [
    {
      ref: { namespace: "garden-demo", name: "web" },
      cloudProfile: { kind: "CloudProfile", name: "local" },
    },
  ],
};
const [cloudProfile] = reads.cloudProfiles;
const none: ExpectedReads = { references: [], namespaces: [], cloudProfiles: [] };

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
        run: {
          reportTo: "urn:pulumi:dev::stack::gardener:index:ShootVersions::web",
          preview: true,
          found: JSON.stringify({ reads: announced }),
        },
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

  it("are none where they are absent", async () => {
    expect((await checked(undefined)).failures).to.deep.equal([]);
    expect(calls[0]).to.equal("getShoot");
  });

  for (const [title, value] of [
    ["a Shoot of an unknown kind", { references: [{ kind: "other", name: "web" }] }],
    ["a Shoot without a name", { references: [{ kind: "name" }] }],
    ["a count that is no number", { namespaces: [{ namespace: "garden-demo", shoots: "12" }] }],
    ["a CloudProfile without a Shoot", { cloudProfiles: [{ ...cloudProfile, ref: undefined }] }],
    [
      "a CloudProfile of an unknown kind",
      { cloudProfiles: [{ ...cloudProfile, cloudProfile: { kind: "Other", name: "local" } }] },
    ],
    ["what is no list", { references: "web" }],
  ] as const) {
    it(`leave out ${title}`, async () => {
      expect((await checked(value)).failures).to.deep.equal([]);
      expect(calls.slice(0, 2)).to.deep.equal([none, "getShoot"]);
    });
  }
});
