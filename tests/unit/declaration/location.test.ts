import { expect } from "chai";
import { parseArgs } from "node:util";
import { Fields } from "../../../provider/declaration/fields";
import {
  decodeLocation,
  decodeOptions,
  encodeOptions,
  locationOptions,
  parseGarden,
  sameLocation,
} from "../../../provider/declaration/location";
import { cleuraFields, kubeconfigFields, type GardenLocation } from "../../../provider/model/location";

function valuesOf(table: object): Record<string, string> {
  return Object.fromEntries(Object.keys(table).map((field) => [field, `a-${field}`]));
}

const locations: Readonly<Record<string, GardenLocation>> = {
  "nothing given": {},
  "all fields of a kubeconfig": valuesOf(kubeconfigFields),
  "Cleura without a field": { cleura: {} },
  "all fields of Cleura": { cleura: valuesOf(cleuraFields) },
};

describe("the location of a garden", () => {
  for (const [name, location] of Object.entries(locations)) {
    it(`is the same as argument, in state and as options: ${name}`, () => {
      const fields = new Fields('"web"');
      expect(parseGarden(location, fields)).to.deep.equal(location);
      expect(fields.problems).to.deep.equal([]);
      expect(decodeLocation(location)).to.deep.equal(location);
      const { values } = parseArgs({ args: [...encodeOptions(location)], options: locationOptions });
      expect(decodeOptions(values)).to.deep.equal(location);
    });
  }

  it("is written as options in a fixed order, which is part of the kubeconfig output", () => {
    expect(encodeOptions({ kubeconfig: "g.yaml", context: "demo" })).to.deep.equal([
      "--kubeconfig=g.yaml",
      "--context=demo",
    ]);
    expect(encodeOptions({ cleura: { projectId: "p", region: "Sto2", cloud: "public" } })).to.deep.equal([
      "--cleura",
      "--cleura-cloud=public",
      "--cleura-region=Sto2",
      "--cleura-project-id=p",
    ]);
  });

  it("is another one as soon as one field differs", () => {
    for (const field of Object.keys(kubeconfigFields)) {
      expect(sameLocation({ [field]: "a" }, { [field]: "b" }), field).to.equal(false);
      expect(sameLocation({ [field]: "a" }, undefined), field).to.equal(false);
    }
    for (const field of Object.keys(cleuraFields)) {
      expect(sameLocation({ cleura: { [field]: "a" } }, { cleura: { [field]: "b" } }), field).to.equal(false);
      expect(sameLocation({ cleura: { [field]: "a" } }, { cleura: {} }), field).to.equal(false);
    }
    expect(sameLocation({}, { cleura: {} })).to.equal(false);
  });

  it("is the same one with equal fields, or with none", () => {
    for (const location of Object.values(locations)) {
      expect(sameLocation(location, structuredClone(location))).to.equal(true);
    }
    expect(sameLocation(undefined, {})).to.equal(true);
  });

  it("is decoded without what it does not know or what is no text", () => {
    expect(decodeLocation({ kubeconfig: 1, context: "demo", other: "x" })).to.deep.equal({ context: "demo" });
    expect(decodeLocation({ cleura: { cloud: true, region: "Sto2" } })).to.deep.equal({
      cleura: { region: "Sto2" },
    });
    expect(decodeLocation({ cleura: "Sto2" })).to.deep.equal({});
    expect(decodeLocation(undefined)).to.equal(undefined);
  });
});
