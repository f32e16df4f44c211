import { expect } from "chai";
import * as fc from "fast-check";
import { foreignText, isPrintable, printable, printableError, truncate } from "../../../provider/model/text";

const pieces = [
  "<",
  "{",
  "%",
  "}>",
  "<{%x%}>",
  "\u001b[2J",
  "\n",
  "\r",
  "\u202e",
  "\u2028",
  "\u200b",
  "\ud83d",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary" })), { maxLength: 30 })
  .map((parts) => parts.join(""));

const bad = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|<\{%/u;

describe("text that is not ours", () => {
  it("shows line breaks and control characters in place of acting on them", () => {
    expect(foreignText("a\r\n  ready: all\u001b[2J\u0007")).to.equal("a\\r\\n  ready: all\\u001b[2J\\u0007");
  });

  it("breaks directives of colour up, also those that are written around another", () => {
    expect(foreignText("x <{%boom%}> <<{%{%y")).to.equal("x < {%boom%}> << {%{%y");
  });

  it("shows overrides of direction and what takes no room", () => {
    expect(foreignText("a\u202eb\u2066c\u200fd\u200be\u2029f\u{e0041}")).to.equal(
      "a\\u202eb\\u2066c\\u200fd\\u200be\\u2029f\\u{e0041}",
    );
  });

  it("leaves ordinary text in any script as it is", () => {
    for (const text of ["1.33.4 → 1.34.3 · 100 %", "Größe 数 עברית 🚀", '"quoted" {a: <b>} 50%', ""]) {
      expect(foreignText(text)).to.equal(text);
      expect(isPrintable(text)).to.equal(true);
    }
  });

  it("is bounded, and no character is cut in half", () => {
    const text = foreignText("🚀".repeat(5_000));
    expect(text).to.have.length.at.most(2_000);
    expect(text).not.to.match(/\p{Cs}/u);
    expect(truncate("🚀🚀", 2)).to.equal("…");
  });

  it("is one clean line for whatever it is given", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const printed = foreignText(text);
        expect(printed).not.to.match(bad);
        expect(printed.length).to.be.at.most(2_000);
        expect(foreignText(printed)).to.equal(printed);
        expect(isPrintable(printed)).to.equal(true);
      }),
    );
  });

  it("keeps the line breaks of a whole message, and nothing else", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const printed = printable(text);
        expect(printed.replaceAll("\n", "")).not.to.match(bad);
        expect(printed.split("\n")).to.have.length(text.split("\n").length);
        expect(printable(printed)).to.equal(printed);
      }),
    );
  });

  it("is printed safely in errors of any kind", () => {
    const error = printableError(new TypeError("no <{%x%}>\u001b[0m"));
    expect(error).to.be.instanceOf(TypeError).with.property("message", "no < {%x%}>\\u001b[0m");
    expect(error).to.have.property("stack").that.does.not.contain("<{%");
    expect(printableError("<{%x%}>")).to.be.instanceOf(Error).with.property("message", "< {%x%}>");
  });
});
