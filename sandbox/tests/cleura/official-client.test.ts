/**
 * The requests of Cleura's own clients, the `cleura` command and the Terraform provider, as they send
 * them, and what they read from the answers. Whatever they decode has its described type, or they fail.
 */
import { expect } from "chai";
import { load } from "js-yaml";
import { at, isJson, map, mapsAt, number, text, textAt } from "../../json";
import { type CleuraSandbox, startSandbox } from "../../sandbox";
import { type Caller, callerOf } from "./caller";

describe("Cleura's own clients at the sandbox's Cleura API", function () {
  this.timeout(30_000);

  let sandbox: CleuraSandbox;
  let call: Caller;
  let close: () => void;
  let shoots: string;
  let web: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ speed: 10_000, cleura: true });
    ({ call, close } = callerOf(sandbox.cleura));
    shoots = `/gardener/v2/public/shoots/${sandbox.cleura.region}/${sandbox.cleura.projectId}`;
    web = `${shoots}/web`;
  });

  afterEach(async () => {
    close();
    await sandbox.stop();
  });

  /** The Terraform provider's wait ends at progress 100 and Succeeded. */
  async function succeeded(): Promise<void> {
    await sandbox.reconciled();
    sandbox.cleura.endStaleness();
    const { code, body } = await call("GET", web);
    expect(code).to.equal(200);
    expect(number(at(body, "last_operation", "progress"))).to.equal(100);
    expect(textAt(body, "last_operation", "state")).to.equal("Succeeded");
  }

  it("log in with a password, validate the token, and log out", async () => {
    const { username: login, password } = sandbox.cleura;
    const created = await call("POST", "/auth/v2/tokens", {
      body: { login, password },
      login: "",
      token: "",
    });
    expect(created.code).to.equal(201);
    expect(textAt(created.body, "result")).to.equal("login_ok");
    const token = textAt(created.body, "token");
    expect((await call("POST", "/auth/v2/tokens/validate", { token })).code).to.equal(204);
    expect((await call("DELETE", "/auth/v2/tokens", { token })).code).to.equal(204);
  });

  it("distinguish an invalid token from a missing right by the word token in the message, both 403", async () => {
    const dead = await call("GET", shoots, { token: "invalid" });
    const { username: login, token } = sandbox.cleura.accounts.withoutRights;
    const refused = await call("GET", shoots, { login, token });
    expect([dead.code, refused.code]).to.deep.equal([403, 403]);
    expect(textAt(dead.body, "error", "message").toLowerCase()).to.contain("token");
    expect(textAt(refused.body, "error", "message").toLowerCase()).not.to.contain("token");
  });

  it("list Shoots and the versions that they could go to", async () => {
    const listed = await call("GET", shoots);
    expect(textAt(listed.body, 0, "name")).to.equal("web");
    const { body } = await call("GET", "/gardener/v2/public/cloud-profiles");
    const profile = textAt(listed.body, 0, "cloud_profile_name");
    expect(textAt(body, 0, "name")).to.equal(profile);
    const supported = mapsAt(body, 0, "kubernetes", "versions").filter(
      ({ classification }) => classification === undefined || classification === "supported",
    );
    expect(supported.map(({ version }) => version)).to.include("1.34.3");
  });

  it("read the whole body of a kubeconfig's answer as YAML", async () => {
    const { code, body } = await call("POST", `${web}/admin-kubeconfig`, {
      body: { expiration_seconds: 3600 },
    });
    expect(code).to.equal(201);
    const config: unknown = load(text(body));
    expect(isJson(config) && textAt(config, "kind")).to.equal("Config");
  });

  it("upgrade a minor by one PATCH without a preparation, then each group's image by a PUT", async () => {
    const { body: before } = await call("GET", web);
    const edit = await call("PATCH", web, {
      body: {
        allowed_cidrs: [],
        kubernetes: "1.34.3",
        maintenance: {
          auto_update: { kubernetes_version: false, machine_image_version: false },
          time_window: { begin: "220000+0100", end: "230000+0100" },
        },
      },
    });
    expect(edit.code).to.equal(202);
    await succeeded();

    const worker = at(before, "shoot_provider", "workers", 0);
    const put = await call("PUT", `${web}/workers/pool-a`, {
      body: {
        name: textAt(worker, "name"),
        machine: {
          type: textAt(worker, "machine", "type"),
          image_name: textAt(worker, "machine", "image", "name"),
          image_version: "1877.3.0",
        },
        minimum: at(worker, "minimum"),
        maximum: at(worker, "maximum"),
        max_surge: at(worker, "max_surge"),
        volume_size: textAt(worker, "volume", "size"),
        zones: null,
        labels: [],
        annotations: [],
        taints: [],
      },
    });
    expect(put.code).to.equal(202);
    await succeeded();

    const { body } = await call("GET", web);
    expect(textAt(body, "kubernetes", "version")).to.equal("1.34.3");
    expect(at(body, "shoot_provider", "workers", 0)).to.deep.equal({
      ...map(worker),
      machine: {
        ...map(at(worker, "machine")),
        image: { name: "gardenlinux", version: "1877.3.0" },
      },
    });
    const asked = sandbox.cleura.requests.filter(({ path }) => path.includes("/upgrade/"));
    expect(asked).to.have.length(0);
  });
});
