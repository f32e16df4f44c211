import { expect } from "chai";
import { shoots } from "../../../sandbox/api/resource";
import { map } from "../../../sandbox/json";
import { createCa } from "../../../sandbox/pki";
import { create, update } from "../../../provider/lifecycle";
import { setBadInputScene, WEB, type BadInputScene, type GardenSource } from "./scene";

const ORIGIN = "gardener:kubeconfig of the stack's configuration";

describe("a garden or a Shoot that cannot be read, in a preview", function () {
  this.timeout(30_000);
  let scene: BadInputScene;
  let garden: BadInputScene["sandbox"]["garden"];
  const declaration = { shoot: WEB, kubernetes: { version: "1.33" } };
  const subject = "Shoot web of the project demo:";

  before(async () => {
    scene = await setBadInputScene();
    garden = scene.sandbox.garden;
  });
  afterEach(() => {
    expect(scene.writes()).to.deep.equal([]);
  });
  after(() => scene.close());

  const content = (kubeconfig: string): GardenSource => ({ config: { "gardener:kubeconfig": kubeconfig } });
  const messagesFor = async (source: GardenSource, more: object = {}) =>
    (await scene.preview({ ...declaration, ...more }, source)).messages;

  it("no kubeconfig: names the three ways to configure one", async () => {
    expect(await messagesFor({ env: { KUBECONFIG: "/home/jane/.kube/config" } })).to.deep.equal([
      `[GU001] ${subject} No kubeconfig for the garden is configured. Configure it in one of three ways: ` +
        "(1) the stack's configuration: `pulumi config set --secret gardener:kubeconfig < garden.yaml`, or " +
        "`pulumi config set gardener:kubeconfigPath ~/garden.yaml`, with gardener:context if it has several contexts; " +
        "(2) the environment: GARDEN_KUBECONFIG=~/garden.yaml; " +
        '(3) the program: garden: { kubeconfig: "~/garden.yaml" }. KUBECONFIG is never used.',
    ]);
  });

  it("an unreadable kubeconfig: names the path and its source", async () => {
    expect(await messagesFor({ env: { GARDEN_KUBECONFIG: "/nowhere/garden.yaml" } })).to.deep.equal([
      `[GU002] ${subject} The kubeconfig /nowhere/garden.yaml (GARDEN_KUBECONFIG) cannot be read: it does not exist.`,
    ]);
    expect(await messagesFor({ config: { "gardener:kubeconfigPath": scene.folder } })).to.deep.equal([
      `[GU002] ${subject} The kubeconfig ${scene.folder} (gardener:kubeconfigPath) cannot be read: it is a folder.`,
    ]);
    expect(await messagesFor({ env: {} }, { garden: { kubeconfig: "/nowhere/garden.yaml" } })).to.deep.equal([
      `[GU002] garden.kubeconfig: ${subject} The kubeconfig /nowhere/garden.yaml (garden.kubeconfig) cannot be read: it does not exist.`,
    ]);
  });

  it("a malformed kubeconfig: reports where and why, and nothing of its content", async () => {
    expect(await messagesFor(content("a: [b\n token: secret"))).to.deep.equal([
      `[GU003] ${subject} The kubeconfig ${ORIGIN} cannot be used: it is not YAML: missed comma between flow collection entries, line 2.`,
    ]);
    const file = await scene.file("text.yaml", "hello");
    expect(await messagesFor({ env: { GARDEN_KUBECONFIG: file } })).to.deep.equal([
      `[GU003] ${subject} The kubeconfig ${file} (GARDEN_KUBECONFIG) cannot be used: it is not a YAML object with clusters, contexts and users.`,
    ]);
    expect(
      await messagesFor(content(garden.kubeconfig.replace("cluster: sandbox", "cluster: other"))),
    ).to.deep.equal([
      `[GU003] ${subject} The kubeconfig ${ORIGIN} cannot be used: its context "sandbox" names no cluster of the kubeconfig.`,
    ]);
    expect(await messagesFor(content("garden.yaml"))).to.deep.equal([
      `[GU003] ${subject} gardener:kubeconfig is a single word, which looks like a path; expected the content of a kubeconfig: ` +
        "`pulumi config set --secret gardener:kubeconfig < garden.yaml`. For a path use gardener:kubeconfigPath.",
    ]);
  });

  it("a missing context: lists those that exist", async () => {
    const choose = "Name another with gardener:context or garden: { context }. It has: sandbox.";
    expect(await messagesFor(content(garden.kubeconfig), { garden: { context: "sandbx" } })).to.deep.equal([
      `[GU004] garden.context: ${subject} The kubeconfig ${ORIGIN} has no context "sandbx". Did you mean "sandbox"? ${choose}`,
    ]);
    expect(
      await messagesFor({ config: { "gardener:kubeconfig": garden.kubeconfig, "gardener:context": "prod" } }),
    ).to.deep.equal([`[GU004] ${subject} The kubeconfig ${ORIGIN} has no context "prod". ${choose}`]);
    expect(
      await messagesFor(content(garden.kubeconfig.replace("current-context: sandbox\n", ""))),
    ).to.deep.equal([
      `[GU004] ${subject} The kubeconfig ${ORIGIN} has no current-context. Name one with gardener:context or garden: { context }. It has: sandbox.`,
    ]);
  });

  it("an unreachable garden: names its address and the source of it", async () => {
    const source = content(garden.kubeconfig.replace(garden.url, "https://127.0.0.1:1"));
    expect(await messagesFor(source)).to.deep.equal([
      `[GU005] ${subject} The garden https://127.0.0.1:1 cannot be reached at 127.0.0.1:1: ` +
        `nothing accepts connections there (ECONNREFUSED). Address: ${ORIGIN}.`,
    ]);
  });

  it("a wrong CA: reports what does not match, and what to compare", async () => {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const other = await createCa("other");
    const source = content(garden.kubeconfig.replace(base64(garden.ca), base64(other.certificate)));
    expect(await messagesFor(source)).to.deep.equal([
      `[GU006] ${subject} The certificate of the garden ${garden.url} was issued by a CA that is not the kubeconfig's ` +
        "certificate-authority (UNABLE_TO_VERIFY_LEAF_SIGNATURE). " +
        `Compare server, certificate-authority-data and tls-server-name in ${ORIGIN}.`,
    ]);
  });

  it("refused credentials: reports their source and how to renew them, not their content", async () => {
    const file = await scene.file("refused.yaml", garden.kubeconfig.replace(garden.token, "wrong-token"));
    expect(await messagesFor({ env: { GARDEN_KUBECONFIG: file } })).to.deep.equal([
      `[GU007] ${subject} The garden ${garden.url} does not accept the credentials. ` +
        `They come from ${file} (GARDEN_KUBECONFIG). Renew the credentials in ${file}.`,
    ]);
  });

  it("expired credentials: reports since when", async () => {
    const token = ["{}", JSON.stringify({ exp: 1_700_000_000 }), "x"]
      .map((part) => Buffer.from(part).toString("base64url"))
      .join(".");
    expect(await messagesFor(content(garden.kubeconfig.replace(garden.token, token)))).to.deep.equal([
      `[GU007] ${subject} The garden ${garden.url} does not accept the credentials: the token expired at 2023-11-14T22:13:20.000Z. ` +
        `They come from ${ORIGIN}. Set gardener:kubeconfig to a current kubeconfig. \`pulumi refresh\` and \`pulumi destroy\` use ` +
        "the configuration of the last update: run them with --run-program, or `pulumi up` first.",
    ]);
  });

  it("no right to read: names the verb and the resource", async () => {
    expect(await messagesFor(scene.as({ name: "nobody", rules: [] }))).to.deep.equal([
      "[GU008] Shoot garden-demo/web: the right to get shoots in the namespace garden-demo is missing. Grant it, then run again. " +
        `The garden ${garden.url} reports: shoots.core.gardener.cloud "web" is forbidden: User "nobody" cannot get ` +
        'resource "shoots" in API group "core.gardener.cloud" in the namespace "garden-demo"',
    ]);
  });

  describe("no right to patch", () => {
    const reader = { name: "reader", rules: [{ verbs: ["get", "list", "watch"], resources: ["*"] }] };
    const refusal =
      'shoots.core.gardener.cloud "web" is forbidden: User "reader" cannot patch resource "shoots" ' +
      'in API group "core.gardener.cloud" in the namespace "garden-demo"';

    it("the preview shows the plan and a warning", async () => {
      const { inputs: olds } = await scene.preview(declaration);
      const { messages, logged } = await scene.preview(declaration, { olds, ...scene.as(reader) });
      expect(messages).to.deep.equal([]);
      expect(logged[0]).to.match(/^info web: Kubernetes 1\.33\.4 → 1\.33\.7 pending/);
      const [warning, ...preflight] = logged.slice(1);
      expect(warning).to.equal(
        "warning [GU043] garden-demo/web: the right to patch shoots in the namespace garden-demo is missing, so the garden " +
          `has not verified this plan, and \`pulumi up\` would fail. The garden reports: ${refusal}.`,
      );
      expect(preflight).to.have.length(1);
      expect(preflight[0])
        .to.match(/^info web: preflight: no check is visible\n {2}\[GU072\] not visible all checks: /)
        .and.to.contain(
          "the right to create shoots/viewerkubeconfig in the namespace garden-demo is missing",
        );
    });

    it("the update fails before anything is written", async () => {
      const context = scene.context(scene.as(reader));
      const { inputs } = await scene.preview(declaration, { context });
      const { outs } = await create(context, inputs);
      const { inputs: target } = await scene.preview(declaration, { context, olds: inputs });
      garden.requests.length = 0;
      const failure: unknown = await update(context, outs, target).catch((error: unknown) => error);
      expect(failure).to.include({
        code: "GU008",
        message:
          'web: the right to "patch" on "shoots.core.gardener.cloud" in the namespace garden-demo is missing. ' +
          `Nothing was written. Run \`pulumi up\` again when it is granted. The garden reported: ${refusal}.`,
      });
      // Requested, and refused.
      expect(scene.writes()).to.deep.equal([
        "PATCH /apis/core.gardener.cloud/v1beta1/namespaces/garden-demo/shoots/web",
      ]);
      garden.requests.length = 0;
    });
  });

  describe("an object that does not exist", () => {
    const refused = async (shoot: object) => (await scene.preview({ ...declaration, shoot })).messages;

    it("an unknown project: suggests a similar name", async () => {
      expect(await refused({ project: "dem", name: "web" })).to.deep.equal([
        `[GU009] shoot: Shoot web of the project dem: the garden ${garden.url} has no project dem. Did you mean demo?`,
      ]);
    });

    it("an unknown namespace: suggests a similar name", async () => {
      expect(await refused({ namespace: "garden-dem", name: "web" })).to.deep.equal([
        `[GU009] shoot: Shoot garden-dem/web: the garden ${garden.url} has no namespace garden-dem. Did you mean garden-demo?`,
      ]);
    });

    it("an unknown Shoot: suggests a similar name, or lists those that exist", async () => {
      expect(await refused({ project: "demo", name: "wep" })).to.deep.equal([
        `[GU010] shoot: Shoot garden-demo/wep does not exist in the garden ${garden.url}. Did you mean web?`,
      ]);
      expect(await refused({ id: "garden-demo/production" })).to.deep.equal([
        `[GU010] shoot: Shoot garden-demo/production does not exist in the garden ${garden.url}. There are: api, gvisor, old, web.`,
      ]);
    });

    it("a Shoot that is being deleted", async () => {
      const old = map(garden.store.get(shoots, "garden-demo", "old"));
      const metadata = { ...map(old.metadata), deletionTimestamp: "2026-11-23T00:00:00Z" };
      garden.store.put({ ...old, metadata });
      expect(await refused({ project: "demo", name: "old" })).to.deep.equal([
        "[GU030] shoot: garden-demo/old is being deleted, and Gardener refuses changes to it; take it out of the program.",
      ]);
    });
  });
});
