import { expect } from "chai";
import { at, document, prose, root, text } from "../../../provider/garden/field";
import { plan, planMessage } from "../../../provider/plan";
import { aCloudProfile, aCondition, aDeclaration, aShoot, everyCapability, NOW, version } from "../builders";

describe("a text in an answer of the garden", () => {
  const field = (value: unknown) => at(root("Shoot garden-demo/web", { value }), "value");

  it("is refused as a name or a version where it cannot be printed", () => {
    for (const value of ["1.33.4\n", "web<{%x%}>", "\u001b[2J", "a\u202eb"]) {
      expect(() => text(field(value))).to.throw(
        /value is a string, expected a text without control characters/,
      );
    }
    expect(text(field("1.33.4"))).to.equal("1.33.4");
  });

  it("becomes one printable line in a message", () => {
    expect(prose(field("x\n  ready: <{%y%}>\u0007"))).to.equal("x\\n  ready: < {%y%}>\\u0007");
    expect(prose(field(null))).to.equal("");
  });

  it("is not altered where it has a syntax of its own", () => {
    expect(document(field("apiVersion: v1\nkind: Config\n"))).to.equal("apiVersion: v1\nkind: Config\n");
  });

  it("adds no line to a plan", () => {
    const condition = aCondition({ status: "Progressing", message: "x\n  ready: forged\u001b[8m" });
    const shoot = aShoot({ conditions: [condition] });
    const declaration = aDeclaration({ kubernetes: version("1.33.9") });
    const planned = plan(declaration, shoot, aCloudProfile(), NOW, everyCapability);
    const message = planMessage(shoot, planned, { adopting: false }) ?? "";
    expect(message.split("\n").filter((line) => line.startsWith("  ready: forged"))).to.deep.equal([]);
    expect(message).not.to.contain("\u001b");
  });
});
