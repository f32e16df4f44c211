import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { resolveCleura } from "../../../../provider/garden/cleura";
import { failureOf } from "../support/failures";
import { createFolder, type Folder } from "../support/kubeconfigs";
import { fakeCleura } from "./command";
import { sourcesOf } from "./fakeApi";

const PRIVATE = "https://rest.cloud.example.org";

describe("a profile of the cleura command", () => {
  let folder: Folder;
  beforeEach(async () => (folder = await createFolder()));
  afterEach(() => folder.remove());

  const profile = {
    cloud: "compliant",
    endpoint: "https://rest.compliant.cleura.cloud",
    region: "sto-com",
    project_id: "of-profile",
  };
  const sources = async (change: Readonly<Record<string, unknown>> = {}) =>
    sourcesOf({ PATH: await fakeCleura(folder, { ...profile, ...change }) });
  const complete = { region: "Sto2", projectId: "p1" };

  it("gives the whole endpoint if nothing is declared", async () => {
    expect(await resolveCleura({}, await sources())).to.deep.equal({
      cloud: "compliant",
      region: "sto-com",
      projectId: "of-profile",
      url: "https://rest.compliant.cleura.cloud",
    });
  });

  it("is not used if region and project are declared: the cloud is then the public one", async () => {
    const found = await resolveCleura(complete, await sources());
    expect(found).to.deep.equal({ ...complete, cloud: "public", url: "https://rest.cleura.cloud" });
  });

  it("has the cloud of its address if it names none", async () => {
    expect((await resolveCleura({}, await sources({ cloud: undefined }))).cloud).to.equal("compliant");
  });

  for (const cloud of ["own", undefined]) {
    it(`gives the address of a private cloud, where it names ${cloud ?? "no cloud"}`, async () => {
      const given = await sources({ cloud, endpoint: `${PRIVATE}/` });
      expect((await resolveCleura({ ...complete, cloud: "own" }, given)).url).to.equal(PRIVATE);
    });
  }

  for (const [how, change] of [
    ["by its name", {}],
    ["by its address", { cloud: undefined }],
    ["by an address that is nobody's", { cloud: undefined, endpoint: PRIVATE }],
  ] as const) {
    it(`of another cloud is not used, which is reported: known ${how}`, async () => {
      const resolved = resolveCleura({ cloud: "public", region: "Sto2" }, await sources(change));
      expect((await failureOf(resolved, "GU015")).message).to.contain("another cloud than public");
    });
  }

  it("is not used for the address that another source gives", async () => {
    const { env, config } = await sources({ cloud: "public", endpoint: "https://rest.cleura.cloud" });
    const elsewhere = { env: { ...env, CLEURA_API_URL: PRIVATE }, config };
    const { message } = await failureOf(resolveCleura({}, elsewhere), "GU015");
    expect(message).to.contain("is logged in at https://rest.cleura.cloud");
  });

  it("that lacks the project is reported", async () => {
    const given = await sources({ cloud: "public", endpoint: "https://rest.cleura.cloud", project_id: "" });
    const { message } = await failureOf(resolveCleura({}, given), "GU015");
    expect(message).to.contain("CLEURA_PROJECT_ID").and.contain("the present one does not have it");
  });

  it("is read once for requests at the same time", async () => {
    const counted = `#!${process.execPath}\nrequire("fs").appendFileSync(${JSON.stringify(`${folder.path}/runs`)}, "x");process.exit(2);`;
    await folder.write("cleura", counted, 0o700);
    await folder.write("runs", "");
    const given = sourcesOf({ PATH: folder.path });
    await Promise.allSettled([resolveCleura({}, given), resolveCleura({}, given)]);
    expect(await readFile(`${folder.path}/runs`, "utf8")).to.equal("x");
  });
});
