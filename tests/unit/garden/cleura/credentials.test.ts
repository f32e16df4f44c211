import { expect } from "chai";
import {
  findCredentials,
  type Credentials,
  type SourceProblem,
} from "../../../../provider/garden/cleura/auth/credentials";
import { createFolder, type Folder } from "../support/kubeconfigs";
import { fakeCleura } from "./command";
import { endpointAt, sourcesOf } from "./fakeApi";

const PUBLIC = "https://rest.cleura.cloud";

async function found(env: NodeJS.ProcessEnv, config: Readonly<Record<string, string>> = {}, url = PUBLIC) {
  const findings: SourceProblem[] = [];
  const credentials: Credentials[] = [];
  const looks = findCredentials(endpointAt(url), sourcesOf(env, config), (finding) => findings.push(finding));
  for await (const one of looks) credentials.push(one);
  return { credentials, findings, notes: findings.map(({ text }) => text).join("; ") };
}

const secretOf = (one: Credentials) => (one.kind === "token" ? one.token : one.password);

describe("the sources of Cleura's credentials", () => {
  let folder: Folder;
  beforeEach(async () => (folder = await createFolder()));
  afterEach(() => folder.remove());

  const environment = { CLEURA_API_USERNAME: "env-user", CLEURA_API_TOKEN: "env-token" };
  const configuration = { "gardener:cleuraUsername": "conf-user", "gardener:cleuraToken": "conf-token" };

  it("give each token with the user of the same source, before its password", async () => {
    const { credentials } = await found(
      { ...environment, CLEURA_API_PASSWORD: "env-pass", PATH: await fakeCleura(folder, {}) },
      { ...configuration, "gardener:cleuraPassword": "conf-pass" },
    );
    expect(credentials.map((one) => `${one.username} ${secretOf(one)}`)).to.deep.equal([
      "env-user env-token",
      "env-user env-pass",
      "conf-user conf-token",
      "conf-user conf-pass",
      "jane token-of-cli",
    ]);
  });

  it("never combine user and token of two sources", async () => {
    const { credentials, notes } = await found(
      { CLEURA_API_USERNAME: "env-user" },
      { "gardener:cleuraToken": "conf-token" },
    );
    expect(credentials).to.be.empty;
    expect(notes)
      .to.contain("CLEURA_API_USERNAME without CLEURA_API_TOKEN")
      .and.contain("gardener:cleuraToken without gardener:cleuraUsername")
      .and.not.contain("conf-token");
  });

  it("remove a line break at the end, and nothing else of a password", async () => {
    const { credentials } = await found({
      CLEURA_API_USERNAME: "u",
      CLEURA_API_TOKEN: "token\n",
      CLEURA_API_PASSWORD: " pass word \n",
    });
    expect(credentials.map(secretOf)).to.deep.equal(["token", " pass word "]);
  });

  it("report a token that cannot be sent, without the token", async () => {
    const { credentials, notes } = await found({ ...environment, CLEURA_API_TOKEN: "s3cr3t\nx" });
    expect(credentials).to.be.empty;
    expect(notes).to.contain("CLEURA_API_TOKEN with a line break").and.not.contain("s3cr3t");
  });

  it("accept the command's credentials for the same address in another notation", async () => {
    const PATH = await fakeCleura(folder, { endpoint: "https://REST.cleura.cloud:443/" });
    expect((await found({ PATH })).credentials).to.have.length(1);
  });

  for (const [what, prints, words] of [
    ["without a token", { token: "" }, "no username and token"],
    ["for an address without TLS", { endpoint: "http://rest.cleura.cloud" }, "https://"],
    ["of no version", { version: undefined }, "no version of its contract"],
    ["that is a list", '["token-of-cli"]', "no JSON object"],
  ] as const) {
    it(`reject the command's output ${what}, and report it`, async () => {
      const { credentials, notes } = await found({ PATH: await fakeCleura(folder, prints) });
      expect(credentials).to.be.empty;
      expect(notes).to.contain(words).and.not.contain("token-of-cli");
    });
  }

  describe("in whose environment another endpoint is set", () => {
    const OTHER = "https://rest.other.example";

    it("read the command's profile alone, endpoint and token as a pair", async () => {
      const { credentials } = await found({
        CLEURA_API_URL: OTHER,
        CLEURA_CLOUD: "other",
        ...environment,
        PATH: await fakeCleura(folder, {}),
      });
      expect(credentials.map((one) => `${one.username} ${secretOf(one)}`)).to.deep.equal([
        "jane token-of-cli",
      ]);
    });

    it("reject a profile for another endpoint", async () => {
      const env = { CLEURA_API_URL: OTHER, PATH: await fakeCleura(folder, {}) };
      const { credentials, notes } = await found(env, {}, OTHER);
      expect(credentials).to.be.empty;
      expect(notes).to.contain(`is logged in at ${PUBLIC}, not at ${OTHER}`);
    });

    it("leave the choice of the profile to the command", async () => {
      const file = `#!${process.execPath}\nconsole.log(JSON.stringify({ version: 1, endpoint: "${PUBLIC}", username: process.env.CLEURA_PROFILE, token: process.env.CLEURA_CONFIG }))`;
      await folder.write("cleura", file, 0o700);
      const env = { CLEURA_PROFILE: "work", CLEURA_CONFIG: "there", PATH: folder.path };
      const { credentials } = await found(env);
      expect(credentials.map((one) => `${one.username} ${secretOf(one)}`)).to.deep.equal(["work there"]);
    });

    it("give the configuration's credentials only for the configuration's endpoint", async () => {
      for (const secret of ["Token", "Password"]) {
        const config = { "gardener:cleuraUsername": "jane", [`gardener:cleura${secret}`]: "s3cr3t" };
        const { credentials, notes } = await found({ CLEURA_API_URL: OTHER }, config, OTHER);
        expect(credentials).to.be.empty;
        expect(notes).to.contain(`gardener:cleura${secret} without gardener:cleuraUrl`).and.contain(OTHER);
        const own = { ...config, "gardener:cleuraUrl": `${OTHER}/` };
        expect((await found({ CLEURA_API_URL: OTHER }, own, OTHER)).credentials).to.have.length(1);
      }
    });
  });

  it("give no token of the environment for an address that only the configuration names", async () => {
    const OTHER = "https://rest.other.example";
    const { credentials, notes } = await found(environment, { "gardener:cleuraUrl": OTHER }, OTHER);
    expect(credentials).to.be.empty;
    expect(notes).to.contain(`CLEURA_API_TOKEN without CLEURA_API_URL: it is sent to ${OTHER} only if`);
  });

  it("give no token for another cloud", async () => {
    const env = { ...environment, CLEURA_CLOUD: "compliant" };
    const { credentials, notes } = await found(env);
    expect(credentials).to.be.empty;
    expect(notes).to.contain(
      `CLEURA_API_TOKEN for https://rest.compliant.cleura.cloud, which is not ${PUBLIC}`,
    );
  });

  it("report what can be renewed during a run: the command's login, not the environment", async () => {
    const loggedOut = await found({ PATH: await fakeCleura(folder, "", 2) });
    expect(loggedOut.findings.map(({ renewable }) => renewable)).to.deep.equal([false, false, true]);
    const notInstalled = await found({});
    expect(notInstalled.findings.map(({ renewable }) => renewable)).to.deep.equal([false, false, false]);
  });
});
