import { expect } from "chai";
import { resolveCleura } from "../../../../provider/garden/cleura";
import type { CleuraLocation } from "../../../../provider/model/location";
import { failureOf } from "../support/failures";
import { createFolder, type Folder } from "../support/kubeconfigs";
import { fakeCleura } from "./command";

describe("the endpoint in Cleura Cloud", () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = await createFolder();
  });
  afterEach(() => folder.remove());

  const endpoint = (
    location: CleuraLocation,
    env: NodeJS.ProcessEnv = {},
    config: Readonly<Record<string, string>> = {},
  ) => resolveCleura(location, { env: { PATH: "", ...env }, config: (key) => config[key] });

  it("is the public cloud unless another one is named", async () => {
    expect(await endpoint({ region: "Sto2", projectId: "p1" })).to.deep.equal({
      cloud: "public",
      region: "Sto2",
      projectId: "p1",
      url: "https://rest.cleura.cloud",
    });
    const compliant = await endpoint({ cloud: "compliant", region: "sto-com", projectId: "p1" });
    expect(compliant.url).to.equal("https://rest.compliant.cleura.cloud");
  });

  it("comes part by part from the program, the environment, then the stack configuration", async () => {
    const env = { CLEURA_REGION: "Fra1", CLEURA_PROJECT_ID: "p-env" };
    const config = {
      "gardener:cleuraRegion": "Kna1",
      "gardener:cleuraProjectId": "p-config",
      "gardener:cleuraCloud": "compliant",
    };
    expect(await endpoint({ region: "Sto2" }, env, config)).to.include({
      region: "Sto2",
      projectId: "p-env",
      cloud: "compliant",
    });
    expect(await endpoint({}, {}, config)).to.include({ region: "Kna1", projectId: "p-config" });
  });

  it("is completed by the profile of the cleura command", async () => {
    const env = {
      PATH: await fakeCleura(folder, { region: "Sto2", project_id: "p-profile", cloud: "public" }),
    };
    expect(await endpoint({}, env)).to.include({ region: "Sto2", projectId: "p-profile", cloud: "public" });
  });

  it("is not completed by a profile for another cloud", async () => {
    const env = {
      PATH: await fakeCleura(folder, { region: "Sto2", project_id: "p-profile", cloud: "public" }),
    };
    await failureOf(endpoint({ cloud: "compliant" }, env), "GU015");
  });

  for (const [what, given, property, found] of [
    ["a region", { region: "Fra1" }, "garden.cleura.projectId", 'region is "Fra1"'],
    ["a project", { projectId: "mine" }, "garden.cleura.region", 'projectId is "mine"'],
  ] as const) {
    it(`takes no part from the profile beside ${what} that is given alone, and reports the missing one`, async () => {
      const env = {
        PATH: await fakeCleura(folder, { region: "Sto2", project_id: "p-profile", cloud: "public" }),
      };
      const failure = await failureOf(endpoint(given, env), "GU015");
      expect(failure.property).to.equal(property);
      expect(failure.message).to.contain(found).and.to.contain("belong together");
    });
  }

  it("is reported if a part is missing, with the ways to set it", async () => {
    const { message, property } = await failureOf(endpoint({ projectId: "p1" }), "GU015");
    expect(property).to.equal("garden.cleura.region");
    for (const way of ["garden: { cleura: { region", "CLEURA_REGION", "gardener:cleuraRegion"])
      expect(message).to.contain(way);
  });

  it("needs the address of a private cloud", async () => {
    const { message } = await failureOf(endpoint({ cloud: "acme", region: "r", projectId: "p" }), "GU015");
    expect(message).to.contain("acme").and.to.contain("CLEURA_API_URL");
    const env = { CLEURA_API_URL: "https://rest.acme.example/" };
    expect((await endpoint({ cloud: "acme", region: "r", projectId: "p" }, env)).url).to.equal(
      "https://rest.acme.example",
    );
  });

  for (const address of [
    "http://rest.acme.example",
    "rest.acme.example",
    "https://jane:secret@rest.acme.example",
  ]) {
    it(`is never an address without TLS, or with credentials in it: ${address.replace(/:secret/, "")}`, async () => {
      const env = { CLEURA_API_URL: address };
      const { message } = await failureOf(endpoint({ region: "r", projectId: "p" }, env), "GU015");
      expect(message).to.contain("https://").and.not.to.contain("secret");
    });
  }
});
