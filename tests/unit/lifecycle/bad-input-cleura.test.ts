import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../../provider/lifecycle";
import { startSandbox, type CleuraSandbox } from "../../../sandbox/sandbox";
import { recordingHost } from "./bad-input-scene";

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

  async function says({ cleura, shoot = { name: "web" }, env: changed }: Given): Promise<string> {
    const { region, projectId } = sandbox.cleura;
    const given = Object.entries({ ...env, ...changed }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    );
    const { failures } = await check(
      recordingHost({ env: Object.fromEntries(given) }),
      {},
      {
        declaration: {
          shoot,
          garden: { cleura: { region, projectId, ...cleura } },
          kubernetes: { version: "1.33" },
        },
        reportTo: "urn:pulumi:test::test::gardener:index:ShootVersions::web",
        preview: true,
      },
    );
    const said = failures.map(({ reason }) => reason).join("\n");
    for (const secret of [sandbox.cleura.token, sandbox.cleura.password]) expect(said).not.to.contain(secret);
    expect(said).not.to.match(/kubeconfig|\n\s+at /);
    return said;
  }

  it("none: no message", async () => {
    expect(await says({})).to.equal("");
  });

  it("no region: tells the ways to give one", async () => {
    expect(await says({ cleura: { region: undefined } }))
      .to.match(
        /^\[GU015\] garden\.cleura\.region: Shoot web: The region in Cleura Cloud is missing: projectId is "[^"]+", and the two belong together\. /,
      )
      .and.to.contain("gardener:cleuraRegion");
  });

  it("no credentials: reports the ways to give them, and the sources that were read", async () => {
    expect(await says({ env: { CLEURA_API_USERNAME: undefined, CLEURA_API_TOKEN: undefined } }))
      .to.match(/^\[GU016\] Shoot web: No credentials for Cleura Cloud/)
      .and.to.contain("`cleura login`");
  });

  it("an expired token: reports what to do about it", async () => {
    expect(await says({ env: { CLEURA_API_TOKEN: "token-of-yesterday" } }))
      .to.match(/^\[GU007\] Shoot web: Cleura Cloud "public"/)
      .and.to.contain("CLEURA_API_TOKEN")
      .and.not.to.contain("token-of-yesterday");
  });

  it("an account without rights: reports Cleura's message", async () => {
    const { username, token } = sandbox.cleura.accounts.withoutRights;
    expect(await says({ env: { CLEURA_API_USERNAME: username, CLEURA_API_TOKEN: token } }))
      .to.match(/^\[GU008\] Shoot web: /)
      .and.to.contain("No access");
  });

  it("a region in another case: reports that the case matters", async () => {
    expect(await says({ cleura: { region: "sto2" } }))
      .to.match(/^\[GU009\] garden\.cleura: /)
      .and.to.contain("case-sensitive");
  });

  it("an unknown cloud: names it", async () => {
    expect(await says({ cleura: { cloud: "publik" } }))
      .to.match(/^\[GU009\] /)
      .and.to.contain('"publik"');
  });

  it("an unknown Shoot: names what is near", async () => {
    expect(await says({ shoot: { name: "wbe" } }))
      .to.match(/^\[GU010\] shoot: Shoot wbe does not exist/)
      .and.to.contain("web");
  });

  it("another project beside that of Cleura: reports which one counts", async () => {
    expect(await says({ shoot: { project: "other", name: "web" } }))
      .to.match(/^\[GU009\] shoot: /)
      .and.to.contain("garden.cleura.projectId");
  });

  it("an address without TLS: is refused", async () => {
    expect(await says({ env: { CLEURA_API_URL: sandbox.cleura.url.replace("https", "http") } })).to.match(
      /^\[GU015\] .*https:\/\//,
    );
  });

  it("an unknown authority: names the setting for it", async () => {
    expect(await says({ env: { NODE_EXTRA_CA_CERTS: undefined } }))
      .to.match(/^\[GU006\] Shoot web: /)
      .and.to.contain("NODE_EXTRA_CA_CERTS");
  });
});
