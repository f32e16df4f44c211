import { expect } from "chai";
import {
  decodeApiServer,
  decodeFoundApiServer,
  latestApiServer,
  sameApiServer,
  unknownAddress,
} from "../../../provider/lifecycle/api-server";

describe("the address of a cluster's API", () => {
  const known = { server: "https://api.example", certificateAuthority: "old" };
  const found = { shootUid: "uid", server: "https://api.example", certificateAuthority: "new" };

  it("follows a rotation of the certificate authority", () => {
    const { server, certificateAuthority } = found;
    expect(latestApiServer(found, known, "uid")).to.deep.equal({ server, certificateAuthority });
  });

  it("stays as it was where none was found", () => {
    expect(latestApiServer(undefined, known, "uid")).to.equal(known);
    const none = { shootUid: "uid", ...unknownAddress("address-of-the-shoot-is-not-known") };
    expect(latestApiServer(none, known, "uid")).to.equal(known);
  });

  it("is never that of another cluster", () => {
    expect(latestApiServer(found, undefined, "another uid")).to.equal(undefined);
    expect(latestApiServer(found, known, "another uid")).to.equal(known);
  });

  it("is reported as not known where no address was ever found", () => {
    const none = unknownAddress("address-of-the-shoot-is-not-known");
    const missingRight = { shootUid: "uid", ...unknownAddress("the-right-to-get-configmaps-is-missing") };
    expect(latestApiServer(undefined, none, "uid")).to.equal(none);
    expect(latestApiServer(missingRight, none, "uid")).to.deep.equal({
      server: "https://the-right-to-get-configmaps-is-missing.invalid",
    });
  });

  it("is taken as known where it is no URL, since only a host of .invalid is not known", () => {
    const odd = { server: "no URL" };
    expect(latestApiServer({ shootUid: "uid", ...odd }, known, "uid")).to.deep.equal(odd);
  });

  it("is decoded with the cluster that it belongs to", () => {
    expect(decodeFoundApiServer({ ...found, token: "not part of it" })).to.deep.equal(found);
  });

  it("is decoded without a certificate authority where that is no text", () => {
    for (const certificateAuthority of [undefined, null, 1]) {
      expect(decodeApiServer({ server: known.server, certificateAuthority })).to.deep.equal({
        server: known.server,
      });
    }
  });

  for (const [name, value] of Object.entries({
    "no object": "https://api.example",
    nothing: undefined,
    "no address": { shootUid: "uid", certificateAuthority: "new" },
    "an address that is no text": { shootUid: "uid", server: 1 },
    "no cluster": { server: "https://api.example" },
    "a cluster that is no text": { shootUid: 1, server: "https://api.example" },
  })) {
    it(`is not found where the component has passed ${name}`, () => {
      expect(decodeFoundApiServer(value)).to.equal(undefined);
    });
  }

  it("has changed with the server or with the certificate authority", () => {
    expect(sameApiServer(known, { ...known })).to.equal(true);
    expect(sameApiServer(undefined, undefined)).to.equal(true);
    expect(sameApiServer(known, { ...known, certificateAuthority: "new" })).to.equal(false);
    expect(sameApiServer(known, { ...known, server: "https://other.example" })).to.equal(false);
    expect(sameApiServer({ server: known.server }, known)).to.equal(false);
    expect(sameApiServer(undefined, known)).to.equal(false);
    expect(sameApiServer(known, undefined)).to.equal(false);
  });
});
