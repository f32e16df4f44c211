import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { getShoots } from "../../components/getShoots";
import { map, type JsonMap } from "../../sandbox/json";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";
import { manyShoots } from "../../sandbox/fixtures/demo";

const NAMESPACES = "/apis/core.gardener.cloud/v1beta1/namespaces";

describe("getShoots on a Gardener API server", () => {
  let sandbox: Sandbox;
  let folder: string;
  let garden: { kubeconfig: string };

  before(async () => {
    sandbox = await startSandbox({ world: (now) => manyShoots(3, 1)(now).map(described).reverse() });
    folder = await mkdtemp(join(tmpdir(), "pulumi-gardener-"));
    garden = { kubeconfig: join(folder, "garden.yaml") };
    await writeFile(garden.kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
    const member = { name: "member", token: "token-of-member" };
    sandbox.garden.users.add({ ...member, rules: [] });
    await writeFile(join(folder, "member.yaml"), sandbox.garden.kubeconfigFor(member), { mode: 0o600 });
  });
  after(async () => {
    await sandbox.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => void sandbox.garden.requests.splice(0));

  const namesOf = async (args: Parameters<typeof getShoots>[0]) =>
    (await getShoots({ garden, ...args })).shoots.map(({ name }) => name);
  const failureOf = async (args: Parameters<typeof getShoots>[0]) => {
    const error: unknown = await getShoots({ garden, ...args }).catch((thrown: unknown) => thrown);
    return error instanceof Error ? error.message : "";
  };

  it("lists a namespace by one request, sorted by name", async () => {
    expect(await namesOf({ namespace: "garden-demo" })).to.deep.equal(["shoot-1", "shoot-2", "shoot-3"]);
    const ours = sandbox.garden.requests.filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"));
    expect(ours.map(({ path }) => path)).to.deep.equal([`${NAMESPACES}/garden-demo/shoots`]);
  });

  it("finds the namespace of a project", async () => {
    expect(await namesOf({ project: "demo" })).to.have.length(3);
  });

  it("lists the whole garden where neither is given", async () => {
    expect(await namesOf({})).to.have.length(3);
  });

  it("selects by labels", async () => {
    expect(await namesOf({ project: "demo", selector: "tier=canary" })).to.deep.equal(["shoot-1"]);
    expect(await namesOf({ project: "demo", selector: "tier!=canary" })).to.deep.equal([
      "shoot-2",
      "shoot-3",
    ]);
  });

  it("selects by purpose", async () => {
    expect(await namesOf({ project: "demo", purpose: "production" })).to.deep.equal(["shoot-3"]);
  });

  it("returns plain data", async () => {
    const [first] = (await getShoots({ garden, project: "demo" })).shoots;
    expect(first?.uid).to.match(/^[0-9a-f-]{36}$/);
    expect(first).to.deep.include({
      name: "shoot-1",
      namespace: "garden-demo",
      labels: { tier: "canary" },
      purpose: "evaluation",
      region: "sandbox",
      kubernetesVersion: "1.33.4",
      workers: {
        "pool-1": {
          kubernetesVersion: "1.33.4",
          machineImage: { name: "gardenlinux", version: "1592.10.0" },
        },
      },
      hibernated: false,
      status: "reconciled",
    });
    expect(JSON.parse(JSON.stringify(first))).to.deep.equal(first);
  });

  for (const [args, message] of [
    [{ project: "dmo" }, /\[GU009\] The Shoots of the project dmo: .* has no project dmo\./],
    [{ namespace: "garden-dmo" }, /\[GU009\] The Shoots of garden-dmo: .* has no namespace garden-dmo\./],
    [{ project: "demo", namespace: "garden-demo" }, /\[GU021\] project: give project or namespace, not both/],
    [{ project: "demo", selector: "tier in" }, /\[GU021\] selector: "tier in" is not a label selector/],
    [{ project: "demo", selector: "" }, /\[GU021\] selector: expected a text, found ""/],
  ] as const) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      expect(await failureOf(args)).to.match(message);
    });
  }

  it("refuses an unknown purpose and an unknown argument, both at once", async () => {
    const wrong: object = { project: "demo", purpose: "prod", selectr: "a=b" };
    const message = await failureOf(wrong);
    expect(message).to.contain(
      'purpose: expected "evaluation", "testing", "development", "production" or "infrastructure"',
    );
    expect(message).to.contain("selectr: unknown argument").and.to.contain('did you mean "selector"?');
  });

  it("names the right that is missing for the whole garden, and what to give instead", async () => {
    const message = await failureOf({ garden: { kubeconfig: join(folder, "member.yaml") } });
    expect(message).to.contain("[GU008]").and.to.contain("list shoots cluster-wide");
    expect(message).to.contain("Or give project or namespace.");
  });

  it("fails rather than leaving out a Shoot that cannot be read", async () => {
    const broken = sandbox.garden.intercept(({ path }) =>
      path.endsWith("/shoots")
        ? {
            kind: "answer",
            code: 200,
            body: {
              kind: "ShootList",
              metadata: {},
              items: [{ metadata: { name: "new", namespace: "garden-demo" } }],
            },
          }
        : undefined,
    );
    try {
      expect(await failureOf({ project: "demo" })).to.match(
        /\[GU013\] Shoot garden-demo\/new: .* would not be complete/,
      );
    } finally {
      broken();
    }
  });
});

describe("getShoots on Cleura Cloud", () => {
  it("lists the project that the location names, and refuses a selector", async () => {
    const sandbox = await startSandbox({ cleura: true, world: manyShoots(2, 1) });
    const folder = await mkdtemp(join(tmpdir(), "pulumi-gardener-"));
    const { cleura } = sandbox;
    const before = { ...process.env };
    try {
      const authority = join(folder, "ca.pem");
      await writeFile(authority, cleura.ca);
      Object.assign(process.env, {
        CLEURA_API_URL: cleura.url,
        CLEURA_API_USERNAME: cleura.username,
        CLEURA_API_TOKEN: cleura.token,
        NODE_EXTRA_CA_CERTS: authority,
      });
      const garden = { cleura: { region: cleura.region, projectId: cleura.projectId } };
      const { shoots } = await getShoots({ garden });
      expect(shoots.map(({ name, labels }) => [name, labels])).to.deep.equal([
        ["shoot-1", {}],
        ["shoot-2", {}],
      ]);
      const refused: unknown = await getShoots({ garden, selector: "a=b" }).catch((error: unknown) => error);
      expect(String(refused)).to.contain("[GU021] selector: Cleura's API does not report labels");
      const other: unknown = await getShoots({ garden, namespace: "garden-x" }).catch(
        (error: unknown) => error,
      );
      expect(String(other)).to.contain("[GU009] namespace:").and.to.contain("leave namespace out");
    } finally {
      for (const name of Object.keys(process.env))
        if (!(name in before)) Reflect.deleteProperty(process.env, name);
      await sandbox.stop();
      await rm(folder, { recursive: true });
    }
  });
});

/** shoot-1 is the canary, shoot-3 is for production. */
function described(object: JsonMap): JsonMap {
  if (object.kind !== "Shoot") return object;
  const { name } = map(object.metadata);
  const labels: JsonMap = name === "shoot-1" ? { tier: "canary" } : { tier: "rest" };
  const purpose = name === "shoot-3" ? "production" : "evaluation";
  return { ...object, metadata: { ...map(object.metadata), labels }, spec: { ...map(object.spec), purpose } };
}
