import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { getShootKubeconfig } from "../../../components/getShootKubeconfig";
import { getUpgrades } from "../../../components/getUpgrades";
import { ShootVersions } from "../../../components/shootVersions";
import { isRecord } from "../../../provider/model/json";
import { startSandbox, type Sandbox } from "../../../sandbox/sandbox";

function valueOf<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => {
    output.apply((value) => resolve(value));
  });
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
            : { kubeconfig: "from the mock" },
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

  it("gets from functions what its `call` answers", async () => {
    await mock(mocks.full, false);
    expect(await getUpgrades({ shoot })).to.have.nested.property("kubernetes.version", "9.9.9");
    expect(await valueOf(getShootKubeconfig({ shoot }))).to.equal("from the mock");
  });
});
