import { expect } from "chai";
import { generate, type Existing } from "../../../cli/program/generate";
import { identifiersOf } from "../../../cli/program/identifiers";
import { aCloudProfile, aPool, aShoot, everyCapability, NOW } from "../builders";

const context = { location: {}, capabilities: everyCapability, now: NOW };

function existing(parts: Parameters<typeof aShoot>[0] = {}): Existing {
  return { shoot: aShoot(parts), profile: aCloudProfile() };
}

describe("the generated program", () => {
  it("declares what the Shoots run", () => {
    const api = existing({
      ref: { namespace: "garden-demo", name: "api" },
      workers: [
        aPool(),
        aPool({ name: "pool-b", machineImage: { name: "gardenlinux", version: "1592.14.0" } }),
      ],
    });
    expect(generate([existing(), api], context).source).to.equal(`import * as gardener from "pulumi-gardener";

const web = new gardener.ShootVersions("web", {
  shoot: { namespace: "garden-demo", name: "web" },
  kubernetes: { version: "1.33.4" },
  machineImage: { version: "1592.10.0" },
});

const api = new gardener.ShootVersions("api", {
  shoot: { namespace: "garden-demo", name: "api" },
  kubernetes: { version: "1.33.4" },
  workers: {
    "pool-a": {
      machineImage: { version: "1592.10.0" },
    },
    "pool-b": {
      machineImage: { version: "1592.14.0" },
    },
  },
});

export const kubernetesVersions = {
  "garden-demo/web": web.kubernetesVersion,
  "garden-demo/api": api.kubernetesVersion,
};
`);
  });

  it("names a garden that is not the default one, and Shoots of Cleura Cloud by their name", () => {
    const location = { cleura: { region: "Sto2", projectId: "abc" } };
    expect(generate([existing()], { ...context, location }).source).to.contain(`{
  shoot: { name: "web" },
  garden: {
    cleura: { region: "Sto2", projectId: "abc" },
  },
`);
  });

  it("declares a version that has expired, and no image for a Shoot without workers", () => {
    const { source, leftOut } = generate([existing({ kubernetesVersion: "1.32.9", workers: [] })], context);
    expect(leftOut).to.deep.equal([]);
    expect(source).to.contain('kubernetes: { version: "1.32.9" }').and.not.contain("machineImage");
  });

  it("leaves out a Shoot that is being deleted, with the reason", () => {
    const { source, leftOut } = generate([existing({ deletionTimestamp: NOW })], context);
    expect(leftOut).to.have.length(1);
    expect(source)
      .to.match(/^\/\/ Left out: garden-demo\/web: .*being deleted/m)
      .and.match(/^export \{\};$/m);
  });

  it("leaves out what cannot be declared, in one line whatever it is", () => {
    const { source } = generate([existing({ kubernetesVersion: "1.33\n*/ evil()\u2028" })], context);
    expect(source).not.to.match(/^\*\/ evil|\u2028/m);
    expect(source).not.to.contain("new gardener");
  });

  describe("has names", () => {
    const names = (...refs: string[]) =>
      identifiersOf(
        refs.map((ref) => {
          const [namespace = "", name = ""] = ref.split("/");
          return { namespace, name };
        }),
      ).map(({ resource, variable }) => `${resource} ${variable}`);

    it("of the Shoots, with the namespace where two have the same", () => {
      expect(names("garden-a/web", "garden-b/web", "garden-b/shop-prod")).to.deep.equal([
        "garden-a-web gardenAWeb",
        "garden-b-web gardenBWeb",
        "shop-prod shopProd",
      ]);
    });

    it("that are variables, whatever the Shoots are called", () => {
      expect(names("n/new", "n/1st", "n/gardener", "n/a-b", "n/aB")).to.deep.equal([
        "new shootNew",
        "1st shoot1st",
        "gardener gardener2",
        "a-b aB",
        "aB aB2",
      ]);
    });
  });
});
