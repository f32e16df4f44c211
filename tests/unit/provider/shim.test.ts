import { expect } from "chai";
import { createRequire } from "node:module";
import { providerText } from "../../../provider/shim";
import * as entry from "../../../provider/entry";

describe("the provider's text in state", () => {
  it("never changes, byte for byte: it is part of every stack", () => {
    expect(providerText).to.equal(
      [
        "exports.handler = () => {",
        '  const call = (method) => async (...args) => (await import("pulumi-gardener/provider"))[method](...args);',
        "  return {",
        "    configure(request) { this.config = request.config; },",
        '    check(olds, news) { return call("check")(this.config, olds, news); },',
        '    diff(id, olds, news) { return call("diff")(this.config, id, olds, news); },',
        '    create(inputs) { return call("create")(this.config, inputs); },',
        '    read(id, props) { return call("read")(this.config, id, props); },',
        '    update(id, olds, news) { return call("update")(this.config, id, olds, news); },',
        '    delete(id, props) { return call("remove")(this.config, id, props); },',
        "  };",
        "};",
        "",
      ].join("\n"),
    );
  });

  it("calls only what the package has under the name that it imports", () => {
    const called = [...providerText.matchAll(/call\("(\w+)"\)/g)].map(([, method]) => method);
    expect(Object.keys(entry)).to.include.members(called);
    expect(createRequire(__filename).resolve("pulumi-gardener/provider")).to.match(/lib.provider.entry\.js$/);
  });
});
