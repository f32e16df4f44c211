import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { getShootKubeconfig, getShootKubeconfigOutput } from "../../components/getShootKubeconfig";
import { getPreflight, getPreflightOutput } from "../../components/getPreflight";
import { getShoots, getShootsOutput } from "../../components/getShoots";
import { getUpgrades, getUpgradesOutput } from "../../components/getUpgrades";
import { ShootVersions } from "../../components/shootVersions";
import { isRecord } from "../../provider/model/json";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";

function valueOf<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => {
    output.apply((value) => resolve(value));
  });
}

/** Calls a function as a program without types does. */
async function reflected(called: (...args: never[]) => unknown, args: unknown): Promise<unknown> {
  const result: unknown = Reflect.apply(called, undefined, [args]);
  return result;
}

const record = (value: unknown) => (isRecord(value) ? value : {});

describe("a unit test of a program, with pulumi.runtime.setMocks", () => {
  let sandbox: Sandbox;
  let folder: string;

  before(async () => {
    sandbox = await startSandbox();
    folder = await mkdtemp(join(tmpdir(), "pulumi-gardener-"));
    process.env["GARDEN_KUBECONFIG"] = join(folder, "garden.yaml");
    await writeFile(process.env["GARDEN_KUBECONFIG"], sandbox.kubeconfig, { mode: 0o600 });
  });
  after(async () => {
    delete process.env["GARDEN_KUBECONFIG"];
    await sandbox.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => void sandbox.garden.requests.splice(0));
  afterEach(() => {
    const ours = sandbox.garden.requests.filter(({ userAgent }) => userAgent.startsWith("pulumi-gardener/"));
    expect(ours).to.deep.equal([]);
  });

  const mocked = { kubernetesVersion: "9.9.9", workers: {} };
  const mocks = {
    full: { ...mocked, shoot: "garden-demo/web", shootUid: "mock-uid", target: mocked, state: "pending" },
    echo: {},
  };

  const mock = (state: Readonly<Record<string, unknown>>, preview: boolean) =>
    pulumi.runtime.setMocks(
      {
        newResource: ({ inputs, name }: pulumi.runtime.MockResourceArgs) => ({
          id: `${name}-id`,
          state: { ...record(inputs), ...state },
        }),
        call: ({ token, inputs }) =>
          token.endsWith(":getUpgrades")
            ? { ...record(inputs), kubernetes: { version: "9.9.9" } }
            : token.endsWith(":getPreflight")
              ? { blocks: false }
              : token.endsWith(":getShoots")
                ? { shoots: [] }
                : { kubeconfig: "from the mock", expires: "2026-12-01T22:00:00.000Z" },
      },
      "project",
      "stack",
      preview,
    );

  const shoot = { project: "demo", name: "web" };
  const declare = () => new ShootVersions("web", { shoot, kubernetes: { version: "1.33" } });

  for (const preview of [false, true]) {
    const when = preview ? "in a preview" : "in an update";

    it(`has the outputs that its mocks give, ${when}`, async () => {
      await mock(mocks.full, preview);
      const web = declare();
      expect(await valueOf(web.kubernetesVersion)).to.equal("9.9.9");
      expect(await valueOf(web.workers)).to.deep.equal({});
      expect(await valueOf(web.target)).to.deep.equal(mocked);
      expect(await valueOf(web.state)).to.equal("pending");
      expect(await valueOf(web.shootUid)).to.equal("mock-uid");
      expect(await valueOf(web.kubeconfig))
        .to.contain("garden-demo/web")
        .and.to.contain(".invalid");
    });

    it(`has what is declared where its mocks echo their inputs, ${when}`, async () => {
      await mock(mocks.echo, preview);
      const web = declare();
      expect(await valueOf(web.kubernetesVersion)).to.equal("1.33");
      expect(await valueOf(web.workers)).to.deep.equal({});
      expect(await valueOf(web.state)).to.equal("upToDate");
      expect(await valueOf(web.shootUid)).to.be.a("string");
      expect(await valueOf(web.kubeconfig)).to.contain("garden-demo/web");
    });
  }

  it("keeps the length of its stack traces, also where the constructor of a component throws", async () => {
    await mock(mocks.full, false);
    const { stackTraceLimit } = Error;
    declare();
    expect(Error.stackTraceLimit).to.equal(stackTraceLimit);
    const unnamed = () => new ShootVersions("", { shoot });
    expect(unnamed).to.throw().with.property("stack").that.contains("mocks.test");
    expect(Error.stackTraceLimit).to.equal(stackTraceLimit);
  });

  it("has what is declared where optional arguments are null", async () => {
    await mock(mocks.echo, false);
    const args = { shoot, kubernetes: { version: "1.33" }, machineImage: null, workers: null, garden: null };
    const web: unknown = Reflect.construct(ShootVersions, ["web", args]);
    if (!(web instanceof ShootVersions)) throw new Error("It is no ShootVersions.");
    expect(await valueOf(web.kubernetesVersion)).to.equal("1.33");
    expect(await valueOf(web.kubeconfig)).to.contain("garden-demo/web");
  });

  const issued = { kubeconfig: "from the mock", expires: "2026-12-01T22:00:00.000Z" };

  it("has the results of functions that its `call` returns", async () => {
    await mock(mocks.full, false);
    expect(await getUpgrades({ shoot })).to.have.nested.property("kubernetes.version", "9.9.9");
    expect(await getPreflight({ shoot })).to.deep.equal({ blocks: false });
    expect(await getShoots({ project: "demo" })).to.deep.equal({ shoots: [] });
    expect(await getShootKubeconfig({ shoot })).to.deep.equal(issued);
  });

  it("has them as outputs, a kubeconfig as a secret", async () => {
    await mock(mocks.full, false);
    const named = { project: "demo", name: pulumi.output("web") };
    const upgrades = getUpgradesOutput({ shoot: named });
    expect(await valueOf(upgrades)).to.have.nested.property("kubernetes.version", "9.9.9");
    expect(await pulumi.isSecret(upgrades)).to.equal(false);
    expect(await valueOf(getPreflightOutput({ shoot: named }))).to.deep.equal({ blocks: false });
    expect(await valueOf(getShootsOutput({ project: pulumi.output("demo") }))).to.deep.equal({ shoots: [] });
    const kubeconfig = getShootKubeconfigOutput({ shoot: named, access: "admin" });
    expect(await valueOf(kubeconfig)).to.deep.equal(issued);
    expect(await pulumi.isSecret(kubeconfig)).to.equal(true);
    expect(await pulumi.isSecret(kubeconfig.kubeconfig)).to.equal(true);
  });

  it("tolerates null for every optional argument", async () => {
    await mock(mocks.full, false);
    const located = { shoot: { ...shoot, namespace: null, id: null }, garden: null };
    const args: unknown[] = [located, { ...located, access: null, expirationSeconds: null }];
    expect(await reflected(getUpgrades, args[0])).to.have.nested.property("kubernetes.version", "9.9.9");
    const versions = { kubernetes: null, machineImage: null, workers: null, preflight: null };
    expect(await reflected(getPreflight, { ...located, ...versions })).to.deep.equal({ blocks: false });
    expect(await reflected(getShootKubeconfig, args[1])).to.deep.equal(issued);
    const query = { project: "demo", namespace: null, garden: null, selector: null, purpose: null };
    expect(await reflected(getShoots, query)).to.deep.equal({ shoots: [] });
  });

  for (const [wrong, found] of [
    [{ access: "root" }, 'access: expected "viewer" or "admin", found "root"'],
    [{ expirationSeconds: 60 }, "expirationSeconds: expected a whole number of at least 600, found 60"],
    [{ acess: "admin" }, 'did you mean "access"?'],
    [{ shoot: null }, "shoot: name the Shoot as"],
  ] as const) {
    it(`refuses a kubeconfig with ${JSON.stringify(wrong)}`, async () => {
      await mock(mocks.full, false);
      const error: unknown = await reflected(getShootKubeconfig, { shoot, ...wrong }).catch(
        (thrown: unknown) => thrown,
      );
      expect(pulumi.RunError.isInstance(error)).to.equal(true);
      expect(String(error)).to.contain(found).and.to.contain("getShootKubeconfig");
    });
  }

  it("waits with a function for the resources of dependsOn", async () => {
    const order: string[] = [];
    await pulumi.runtime.setMocks({
      async newResource({ name }: pulumi.runtime.MockResourceArgs) {
        await new Promise((resolve) => setImmediate(resolve));
        order.push(name);
        return { id: `${name}-id`, state: mocks.full };
      },
      call({ token }) {
        order.push(token);
        return issued;
      },
    });
    const web = declare();
    await valueOf(getShootKubeconfigOutput({ shoot }, { dependsOn: [web] }));
    expect(order.slice(-2)).to.deep.equal(["web", "gardener:index:getShootKubeconfig"]);
  });
});
