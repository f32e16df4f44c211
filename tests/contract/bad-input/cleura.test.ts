import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../../provider/lifecycle";
import { startSandbox, type CleuraSandbox } from "../../../sandbox/sandbox";
import { recordingContext } from "./scene";

describe("a mistake of a user of Cleura, in a preview", function () {
  this.timeout(30_000);
  let sandbox: CleuraSandbox;
  let folder: string;
  let env: Readonly<Record<string, string>>;

  before(async () => {
    sandbox = await startSandbox({ cleura: true });
    folder = await mkdtemp(join(tmpdir(), "bad-input-"));
    const authority = join(folder, "ca.pem");
    await writeFile(authority, sandbox.cleura.ca);
    env = {
      PATH: "",
      NODE_EXTRA_CA_CERTS: authority,
      CLEURA_API_URL: sandbox.cleura.url,
      CLEURA_API_USERNAME: sandbox.cleura.username,
      CLEURA_API_TOKEN: sandbox.cleura.token,
    };
  });
  afterEach(() => {
    const writes = sandbox.cleura.requests.filter(({ method }) => method === "PATCH" || method === "PUT");
    expect(writes).to.deep.equal([]);
  });
  after(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  interface Given {
    readonly cleura?: object;
    readonly shoot?: object;
    readonly env?: Readonly<Record<string, string | undefined>>;
  }

  async function messagesFor({ cleura, shoot = { name: "web" }, env: changed }: Given): Promise<string> {
    const { region, projectId } = sandbox.cleura;
    const given = Object.entries({ ...env, ...changed }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    );
    const { failures } = await check(
      recordingContext({ env: Object.fromEntries(given) }),
      {},
      {
        declaration: {
          shoot,
          garden: { cleura: { region, projectId, ...cleura } },
          kubernetes: { version: "1.33" },
        },
        run: { reportTo: "urn:pulumi:test::test::gardener:index:ShootVersions::web", preview: true },
      },
    );
    const text = failures.map(({ reason }) => reason).join("\n");
    for (const secret of [sandbox.cleura.token, sandbox.cleura.password]) expect(text).not.to.contain(secret);
    expect(text).not.to.match(/kubeconfig|\n\s+at /);
    return text;
  }

  it("none: no message", async () => {
    expect(await messagesFor({})).to.equal("");
  });

  it("no region: names the ways to configure one", async () => {
    expect(await messagesFor({ cleura: { region: undefined } }))
      .to.match(
        /^\[GU015\] garden\.cleura\.region: Shoot web: The region in Cleura Cloud is missing: projectId is "[^"]+", and the two belong together\. /,
      )
      .and.to.contain("gardener:cleuraRegion");
  });

  it("no credentials: names the ways to configure them", async () => {
    expect(await messagesFor({ env: { CLEURA_API_USERNAME: undefined, CLEURA_API_TOKEN: undefined } }))
      .to.match(/^\[GU016\] Shoot web: No credentials for Cleura Cloud/)
      .and.to.contain("`cleura login`");
  });

  it("an expired token: reports what to do about it", async () => {
    expect(await messagesFor({ env: { CLEURA_API_TOKEN: "token-of-yesterday" } }))
      .to.match(/^\[GU007\] Shoot web: Cleura Cloud "public"/)
      .and.to.contain("CLEURA_API_TOKEN")
      .and.not.to.contain("token-of-yesterday");
  });

  it("an account without rights: reports Cleura's message", async () => {
    const { username, token } = sandbox.cleura.accounts.withoutRights;
    expect(await messagesFor({ env: { CLEURA_API_USERNAME: username, CLEURA_API_TOKEN: token } }))
      .to.match(/^\[GU008\] Shoot web: /)
      .and.to.contain("No access");
  });

  it("a region in another case: reports that the case matters", async () => {
    expect(await messagesFor({ cleura: { region: "sto2" } }))
      .to.match(/^\[GU009\] garden\.cleura: /)
      .and.to.contain("case-sensitive");
  });

  it("an unknown cloud: names it", async () => {
    expect(await messagesFor({ cleura: { cloud: "publik" } }))
      .to.match(/^\[GU009\] /)
      .and.to.contain('"publik"');
  });

  it("an unknown Shoot: suggests a similar name", async () => {
    expect(await messagesFor({ shoot: { name: "wbe" } }))
      .to.match(/^\[GU010\] shoot: Shoot wbe does not exist/)
      .and.to.contain("web");
  });

  it("another project beside that of Cleura: reports which one counts", async () => {
    expect(await messagesFor({ shoot: { project: "other", name: "web" } }))
      .to.match(/^\[GU009\] shoot: /)
      .and.to.contain("garden.cleura.projectId");
  });

  it("an address without TLS: is refused", async () => {
    expect(
      await messagesFor({ env: { CLEURA_API_URL: sandbox.cleura.url.replace("https", "http") } }),
    ).to.match(/^\[GU015\] .*https:\/\//);
  });

  it("an unknown certificate authority: names the setting for it", async () => {
    expect(await messagesFor({ env: { NODE_EXTRA_CA_CERTS: undefined } }))
      .to.match(/^\[GU006\] Shoot web: /)
      .and.to.contain("NODE_EXTRA_CA_CERTS");
  });
});
