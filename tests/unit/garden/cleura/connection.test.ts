import { expect } from "chai";
import { inspect } from "node:util";
import { openCleura, type CleuraEndpoint } from "../../../../provider/garden/cleura";
import type { Connection } from "../../../../provider/garden/connection";
import { startCleura, type CleuraOptions, type CleuraServer } from "../../../../sandbox/cleura/cleura";
import { startGarden, type GardenServer } from "../../../../sandbox/garden";
import { fakeClock } from "../../rollout/clock";
import { failureOf } from "../support/failures";
import { createFolder, type Folder } from "../support/kubeconfigs";
import { fakeCleura } from "./command";

describe("credentials for Cleura", () => {
  let garden: GardenServer;
  let cleura: CleuraServer;
  let folder: Folder;
  let authority: string;

  beforeEach(async () => {
    garden = await startGarden();
    folder = await createFolder();
    await serve();
  });
  afterEach(async () => {
    await cleura.close();
    await garden.close();
    await folder.remove();
  });

  async function serve(options: CleuraOptions = {}): Promise<void> {
    cleura = await startCleura(garden, options);
    authority = await folder.write("ca.pem", cleura.ca);
  }

  const endpoint = (): CleuraEndpoint => ({
    cloud: "public",
    region: cleura.region,
    projectId: cleura.projectId,
    url: cleura.url,
  });

  const connect = (env: NodeJS.ProcessEnv = {}, config: Readonly<Record<string, string>> = {}) =>
    openCleura(
      endpoint(),
      {
        env: { PATH: "", NODE_EXTRA_CA_CERTS: authority, CLEURA_API_URL: cleura.url, ...env },
        config: (key) => ({ "gardener:cleuraUrl": cleura.url, ...config })[key],
      },
      fakeClock(),
    );

  async function headers(connection: Connection): Promise<unknown> {
    return (await connection.requestOptions()).headers;
  }

  const asJane = (token: string) => ({ "X-AUTH-LOGIN": "jane", "X-AUTH-TOKEN": token });
  const byEnvironment = { CLEURA_API_USERNAME: "jane", CLEURA_API_TOKEN: "token-of-env" };
  const byConfig = { "gardener:cleuraUsername": "jane", "gardener:cleuraToken": "token-of-config" };
  const byCommand = async () => ({ PATH: await fakeCleura(folder, { endpoint: cleura.url }) });

  it("are those of the environment, then of the stack configuration, then of the cleura command", async () => {
    const command = await byCommand();
    expect(await headers(await connect({ ...byEnvironment, ...command }, byConfig))).to.deep.equal(
      asJane("token-of-env"),
    );
    expect(await headers(await connect(command, byConfig))).to.deep.equal(asJane("token-of-config"));
    expect(await headers(await connect(command))).to.deep.equal(asJane("token-of-cli"));
  });

  it("report their source, and not their value", async () => {
    const connection = await connect(byEnvironment);
    await connection.requestOptions();
    expect(connection.origin).to.equal("the environment (CLEURA_API_USERNAME and CLEURA_API_TOKEN)");
    expect(inspect(connection, { depth: 9 })).not.to.contain("token-of-env");
  });

  it("are requested with user and password if the account has no second factor, once for all requests", async () => {
    const { username, password } = cleura;
    const connection = await connect({ CLEURA_API_USERNAME: username, CLEURA_API_PASSWORD: password });
    const [one, other] = await Promise.all([headers(connection), headers(connection)]);
    expect(one).to.deep.equal(other);
    expect(one).to.have.property("X-AUTH-LOGIN", username);
    expect(cleura.requests.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      "POST /auth/v2/tokens",
    ]);
  });

  it("are requested again when the token has expired", async () => {
    const { username, password } = cleura;
    const connection = await connect({ CLEURA_API_USERNAME: username, CLEURA_API_PASSWORD: password });
    const first = await connection.requestOptions();
    connection.refresh(first);
    const second = await connection.requestOptions();
    expect(second.headers).not.to.deep.equal(first.headers);
  });

  it("are those of the next source if an expired token cannot be renewed", async () => {
    const connection = await connect(byEnvironment, byConfig);
    connection.refresh(await connection.requestOptions());
    expect(await headers(connection)).to.deep.equal(asJane("token-of-config"));
    expect(connection.origin).to.contain("the stack configuration");
  });

  it("are read from the command again, since the user may have logged in meanwhile", async () => {
    const connection = await connect(await byCommand());
    connection.refresh(await connection.requestOptions());
    const { message } = await failureOf(connection.requestOptions(), "GU007");
    expect(message).to.contain("cleura login");
    await fakeCleura(folder, { endpoint: cleura.url, token: "token-of-today" });
    expect(await headers(connection)).to.deep.equal(asJane("token-of-today"));
  });

  it("that are refused are reported with a remedy for each source, without their value", async () => {
    const connection = await connect({ ...byEnvironment, ...(await byCommand()) }, byConfig);
    for (let times = 0; times < 3; times++) connection.refresh(await connection.requestOptions());
    const { message } = await failureOf(connection.requestOptions(), "GU007");
    for (const word of ["CLEURA_API_TOKEN", "gardener:cleuraToken", "--run-program", "cleura login"])
      expect(message).to.contain(word);
    expect(message).not.to.match(/token-of-/);
  });

  it("that are missing are reported with all ways to set them, and with what was found", async () => {
    const { message } = await failureOf((await connect()).requestOptions(), "GU016");
    for (const word of [
      "CLEURA_API_USERNAME",
      "gardener:cleuraUsername",
      "`cleura login`",
      "is not installed",
    ])
      expect(message).to.contain(word);
  });

  for (const [half, word] of [
    [{ CLEURA_API_USERNAME: "jane" }, "CLEURA_API_USERNAME without CLEURA_API_TOKEN or CLEURA_API_PASSWORD"],
    [{ CLEURA_API_TOKEN: "secret-half" }, "CLEURA_API_TOKEN without CLEURA_API_USERNAME"],
  ] as const) {
    it(`that are incomplete are reported: ${word}`, async () => {
      const { message } = await failureOf((await connect(half)).requestOptions(), "GU016");
      expect(message).to.contain(word).and.not.to.contain("secret-half");
    });
  }

  for (const [what, prints, code, word] of [
    ["has none", "", 2, "is not logged in"],
    [
      "reports why",
      '{"error":"no credentials: profile \\"x\\" has no token"}',
      2,
      'reports: no credentials: profile "x"',
    ],
    ["fails", "token-of-cli", 1, "ended with exit code 1"],
    ["prints no JSON", "token-of-cli", 0, "printed no JSON"],
    ["has another format", { version: 2 }, 0, "version 2 of its contract"],
    ["is logged in elsewhere", { endpoint: "https://rest.other.example" }, 0, "https://rest.other.example"],
  ] as const) {
    it(`are not read from a command that ${what}, which is reported`, async () => {
      const PATH = await fakeCleura(folder, prints, code);
      const { message } = await failureOf((await connect({ PATH })).requestOptions(), "GU016");
      expect(message)
        .to.contain(word)
        .and.not.to.match(/token-of-cli|stderr-of-cleura/);
    });
  }

  for (const account of ["secondFactor", "secondFactors"] as const) {
    it(`of an account with a second factor are reported as such: ${account}`, async () => {
      const { username, password } = cleura.accounts[account];
      const connection = await connect({ CLEURA_API_USERNAME: username, CLEURA_API_PASSWORD: password });
      const { message } = await failureOf(connection.requestOptions(), "GU017");
      expect(message).to.contain(username).and.to.contain("control panel").and.to.contain("service account");
      expect(message).not.to.contain(password);
    });
  }

  it("with a wrong password are tried once, and reported without it", async () => {
    const connection = await connect({
      CLEURA_API_USERNAME: cleura.username,
      CLEURA_API_PASSWORD: "wrong-one",
    });
    const { message } = await failureOf(connection.requestOptions(), "GU007");
    expect(message).to.contain("CLEURA_API_PASSWORD").and.not.to.contain("wrong-one");
    expect(cleura.requests).to.have.length(1);
  });

  it("are refused by a server that has version 1 only", async () => {
    await cleura.close();
    await serve({ api: "v1" });
    const { username, password } = cleura;
    const connection = await connect({ CLEURA_API_USERNAME: username, CLEURA_API_PASSWORD: password });
    const { message } = await failureOf(connection.requestOptions(), "GU018");
    expect(message).to.contain("version 2");
  });
});
