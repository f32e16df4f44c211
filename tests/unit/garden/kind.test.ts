import { expect } from "chai";
import { kindOf } from "../../../provider/garden/kind";
import type { GardenLocation } from "../../../provider/model/declaration";

function kind(location: GardenLocation, config: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}) {
  return kindOf(location, { config: (key) => config[key], env });
}

describe("which kind of garden a program means", () => {
  const cleura = { "gardener:cleuraRegion": "Sto2" };

  it("is a Gardener API server unless Cleura is named", () => {
    expect(kind({})).to.equal("gardener");
  });

  it("is Cleura where the program says so, with or without details, whatever is configured", () => {
    expect(kind({ cleura: {} }, { "gardener:kubeconfigPath": "/garden.yaml" })).to.equal("cleura");
  });

  it("is Cleura where the stack's configuration has any part of a place there", () => {
    for (const key of ["cleuraCloud", "cleuraRegion", "cleuraProjectId"])
      expect(kind({}, { [`gardener:${key}`]: "x" })).to.equal("cleura");
  });

  it("is the kubeconfig's garden where one is named or configured beside it", () => {
    expect(kind({ kubeconfig: "/garden.yaml" }, cleura)).to.equal("gardener");
    expect(kind({}, { ...cleura, "gardener:kubeconfigPath": "/garden.yaml" })).to.equal("gardener");
    expect(kind({}, { ...cleura, "gardener:kubeconfig": "apiVersion: v1\n" })).to.equal("gardener");
  });

  it("is never chosen by the environment, which may be there for another tool", () => {
    expect(kind({}, {}, { CLEURA_REGION: "Sto2", CLEURA_PROJECT_ID: "p" })).to.equal("gardener");
  });

  it("takes an empty value for none", () => {
    expect(kind({}, { "gardener:cleuraRegion": " " })).to.equal("gardener");
  });
});
