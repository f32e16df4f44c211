import { expect } from "chai";
import { Fields } from "../../../provider/declaration/fields";
import { parseGarden } from "../../../provider/declaration/location";
import { parseShoot } from "../../../provider/declaration/shoot";

function shootProblems(value: unknown): readonly string[] {
  const fields = new Fields('"web"');
  expect(parseShoot(value, fields)).to.equal(undefined);
  return fields.problems.map(({ property }) => property ?? "");
}

function garden(value: unknown): unknown {
  const fields = new Fields('"web"');
  const found = parseGarden(value, fields);
  expect(fields.problems).to.deep.equal([]);
  return found;
}

function gardenProblems(value: unknown): readonly (readonly [string, string])[] {
  const fields = new Fields('"web"');
  parseGarden(value, fields);
  return fields.problems.map(({ property, message }) => [property ?? "", message]);
}

describe("the Shoot of a declaration", () => {
  for (const id of ["web", "/web", "garden-demo/", "/", "garden-demo/web/x"]) {
    it(`is not found by the id "${id}"`, () => {
      expect(shootProblems({ id })).to.deep.equal(["shoot.id"]);
    });
  }

  for (const other of [{ project: "demo" }, { namespace: "garden-demo" }, { name: "web" }]) {
    it(`is named by an id alone, not by an id and ${JSON.stringify(other)}`, () => {
      expect(shootProblems({ id: "garden-demo/web", ...other })).to.deep.equal(["shoot"]);
    });
  }

  it("is named by project or by namespace, not by both", () => {
    expect(shootProblems({ project: "demo", namespace: "garden-demo", name: "web" })).to.deep.equal([
      "shoot",
    ]);
  });

  it("is required", () => {
    expect(shootProblems(undefined)).to.deep.equal(["shoot"]);
    expect(shootProblems({ namespace: "garden-demo" })).to.deep.equal(["shoot"]);
  });
});

describe("the garden of a declaration", () => {
  it("is empty where nothing is declared", () => {
    expect(garden(undefined)).to.deep.equal({});
  });

  it("is the kubeconfig at a path, a context of it, or both", () => {
    expect(garden({ kubeconfig: "~/garden.yaml" })).to.deep.equal({ kubeconfig: "~/garden.yaml" });
    expect(garden({ context: "garden" })).to.deep.equal({ context: "garden" });
    expect(garden({ kubeconfig: "g.yaml", context: "garden" })).to.deep.equal({
      kubeconfig: "g.yaml",
      context: "garden",
    });
  });

  it("is not a kubeconfig's context and Cleura at once", () => {
    const [[property] = []] = gardenProblems({ context: "garden", cleura: {} });
    expect(property).to.equal("garden");
  });

  for (const path of [
    "eyelet.yaml",
    "/home/eyJhbGciOi/kubeconfig.yaml",
    "./YXBp/garden.yaml",
    `/${"long-folder/".repeat(12)}garden.yaml`,
    "C:\\gardens\\kubeconfig.yaml",
  ]) {
    it(`can be a kubeconfig at ${path}`, () => {
      expect(garden({ kubeconfig: path })).to.deep.equal({ kubeconfig: path });
    });
  }

  const base64 = (text: string) => Buffer.from(text).toString("base64");
  for (const [what, content] of [
    ["YAML on one line", "apiVersion: v1 # s3cr3t"],
    ["several lines", "clusters: []\nusers: [s3cr3t]"],
    ["JSON", '{"token":"s3cr3t"}'],
    ["YAML in base64", base64("apiVersion: v1")],
    ["JSON in base64", base64('{\n  "apiVersion": "v1"')],
    ["a YAML document in base64", base64("---\nkind: Config")],
    ["a JSON Web Token", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"],
    ["a long opaque token", "aB3+/=_-".repeat(15)],
  ] as const) {
    it(`is never ${what}, which is not repeated`, () => {
      const [[property, message] = [], ...rest] = gardenProblems({ kubeconfig: content });
      expect(rest).to.deep.equal([]);
      expect(property).to.equal("garden.kubeconfig");
      expect(message).to.contain("--secret").and.not.to.contain(content).and.not.to.contain("s3cr3t");
    });
  }

  it("repeats only the beginning of an invalid Cleura value", () => {
    const region = `/${"x".repeat(200)}`;
    const [[property, message] = []] = gardenProblems({ cleura: { region } });
    expect(property).to.equal("garden.cleura.region");
    expect(message).to.contain("/xxx").and.not.to.contain("x".repeat(40));
  });

  it("accepts Cleura values of up to 100 characters", () => {
    const part = "a.b-c_1".padEnd(100, "x");
    expect(garden({ cleura: { projectId: part } })).to.deep.equal({ cleura: { projectId: part } });
    expect(gardenProblems({ cleura: { projectId: `${part}x` } })).to.have.length(1);
  });
});
