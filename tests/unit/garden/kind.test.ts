import { expect } from "chai";
import { kindOf } from "../../../provider/garden/kind";
import type { GardenLocation } from "../../../provider/model/location";

function kind(location: GardenLocation, config: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}) {
  return kindOf(location, { config: (key) => config[key], env });
}

describe("the kind of garden of a program", () => {
  const cleura = { "gardener:cleuraRegion": "Sto2" };

  it("is a Gardener API server unless Cleura is named", () => {
    expect(kind({})).to.equal("gardener");
  });

  it("is Cleura where the program has garden.cleura, whatever is configured", () => {
    expect(kind({ cleura: {} }, { "gardener:kubeconfigPath": "/garden.yaml" })).to.equal("cleura");
  });

  it("is Cleura where the stack's configuration has cloud, region or project there", () => {
    for (const key of ["cleuraCloud", "cleuraRegion", "cleuraProjectId"])
      expect(kind({}, { [`gardener:${key}`]: "x" })).to.equal("cleura");
  });

  it("is the kubeconfig's garden where one is named or configured as well", () => {
    expect(kind({ kubeconfig: "/garden.yaml" }, cleura)).to.equal("gardener");
    expect(kind({}, { ...cleura, "gardener:kubeconfigPath": "/garden.yaml" })).to.equal("gardener");
    expect(kind({}, { ...cleura, "gardener:kubeconfig": "apiVersion: v1\n" })).to.equal("gardener");
  });

  it("does not depend on the environment, which may be set for another tool", () => {
    expect(kind({}, {}, { CLEURA_REGION: "Sto2", CLEURA_PROJECT_ID: "p" })).to.equal("gardener");
  });

  it("ignores an empty value", () => {
    expect(kind({}, { "gardener:cleuraRegion": " " })).to.equal("gardener");
  });
});
