import { expect } from "chai";
import { latestApiServer, unknownAddress } from "../../../provider/lifecycle/api-server";

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
  });
});
