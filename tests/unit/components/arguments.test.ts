import { expect } from "chai";
import { parseDeclared } from "../../../components/arguments";

describe("arguments as a preview knows them", () => {
  const shoot = { project: "demo", name: "web" };

  it("have no property that is undefined, which is not sent through the engine", () => {
    const { args, parsed } = parseDeclared(
      { shoot, kubernetes: { version: "1.34" }, workers: undefined },
      "web",
    );
    expect(args).to.deep.equal({ shoot, kubernetes: { version: "1.34" } });
    expect(parsed.kind).to.equal("declaration");
  });

  const resource: { readonly __pulumiResource: true; again?: unknown } = { __pulumiResource: true };
  resource.again = resource;
  for (const [title, declared] of [
    ["undefined", undefined],
    ["a function", () => ({ shoot })],
    ["a bigint as a property", { shoot: 1n }],
    ["a resource as a property", { shoot: resource }],
  ] as const) {
    it(`have problems instead of an exception: ${title}`, () => {
      const { parsed } = parseDeclared(declared, "web");
      expect(parsed).to.have.property("kind", "problems");
    });
  }
});
