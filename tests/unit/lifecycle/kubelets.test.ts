import { expect } from "chai";
import { parseDeclaration } from "../../../provider/declaration/parse";
import { check, create, planOn, reportKubelets } from "../../../provider/lifecycle";
import { UserError } from "../../../provider/model/problem";
import { aLastOperation, aShoot, NOW } from "../builders";
import { aNode } from "../rollout/fixtures";
import { aContext, FakeGarden, type FakeContext } from "../support/fakeGarden";

const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";
const request = (version = "1.35") => ({
  declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version } },
  run: { reportTo: urn, preview: true },
});
const nodes = (...versions: readonly string[]) =>
  versions.map((kubeletVersion, index) => aNode(`node-${index}`, { kubeletVersion }));

describe("the preview of an upgrade over several minors", () => {
  let garden: FakeGarden;
  let context: FakeContext;

  beforeEach(() => {
    garden = new FakeGarden();
    garden.shoot = aShoot({ kubernetesVersion: "1.33.4" });
    context = aContext(garden);
  });

  /** Of a stack that has adopted the Shoot. */
  async function preview(version?: string) {
    const adopting = { ...request(version), run: { reportTo: urn, preview: false } };
    const { inputs } = await check(aContext(garden), {}, adopting);
    await create(aContext(garden), inputs);
    garden.nodeReads = 0;
    return check(context, inputs, request(version));
  }

  const messages = () => context.messages.map(({ message }) => message).join("\n");

  it("is refused while a kubelet that runs would be too far behind, whatever the spec says", async () => {
    garden.nodes = nodes("1.33.4", "1.31.9");
    const { failures } = await preview();
    expect(failures).to.have.length(1);
    expect(failures[0]?.reason)
      .to.contain("[GU036]")
      .and.to.contain(
        "with the control plane on Kubernetes 1.34.3, kubelets that run would be more than 2 minors",
      )
      .and.to.contain("node-1 (1.31.9)")
      .and.not.to.contain("node-0");
  });

  it("is not refused by kubelets that are near enough, or have not reported a version yet", async () => {
    garden.nodes = nodes("1.33.4", "1.33.3", "");
    expect((await preview()).failures).to.deep.equal([]);
    expect(messages()).not.to.contain("GU036");
  });

  it("is shown with a warning where this run adopts, which writes nothing", async () => {
    garden.nodes = nodes("1.31.9");
    const { failures } = await check(context, {}, request());
    expect(failures).to.deep.equal([]);
    expect(messages()).to.contain("[GU036]").and.to.contain("node-0 (1.31.9)");
  });

  it("leaves it to the run where a rollout is in progress", async () => {
    garden.shoot = aShoot({ lastOperation: aLastOperation({ state: "Processing", progress: 40 }) });
    garden.nodes = nodes("1.31.9");
    expect((await preview()).failures).to.deep.equal([]);
    expect(messages()).not.to.contain("GU036");
  });

  it("reports once that the nodes are not visible, and is judged by the spec", async () => {
    garden.openErrors.push(
      ...Array.from({ length: 9 }, () => new UserError("GU008", "no right to read nodes.")),
    );
    expect((await preview()).failures).to.deep.equal([]);
    expect(messages().match(/the nodes are not visible from here/g)).to.have.length(1);
    expect(messages()).to.contain("(no right to read nodes); how far kubelets are behind");
  });

  it("has nodes read for this only where several minors are crossed", async () => {
    garden.nodes = nodes("1.31.9");
    expect((await preview("1.34")).failures).to.deep.equal([]);
    expect(messages()).not.to.contain("GU036");
  });
});

describe("the kubelets that the component has read", () => {
  /** The preflight checks open the cluster by themselves. */
  const BY_PREFLIGHT = 1;
  let garden: FakeGarden;

  beforeEach(() => {
    garden = new FakeGarden();
    garden.shoot = aShoot({ kubernetesVersion: "1.33.4" });
    garden.nodes = nodes("1.31.9");
  });

  /** Of the declared version, through JSON as the engine passes it. */
  async function report(): Promise<unknown> {
    const parsed = parseDeclaration(request().declaration, "web");
    if (parsed.kind === "problems") throw new Error("The declaration has problems.");
    const shoot = await garden.getShoot();
    const planned = await planOn(garden, parsed.declaration, shoot, NOW);
    if (planned.kind === "refused") throw new Error("The plan is refused.");
    return JSON.parse(JSON.stringify(await reportKubelets(garden, shoot, planned.plan)));
  }

  async function preview(kubelets: unknown) {
    const adopting = { ...request(), run: { reportTo: urn, preview: false } };
    const { inputs } = await check(aContext(garden), {}, adopting);
    await create(aContext(garden), inputs);
    garden.nodeReads = 0;
    const run = { reportTo: urn, preview: true, found: JSON.stringify({ kubelets }) };
    return check(aContext(garden), inputs, { ...request(), run });
  }

  it("are not read again by check, which refuses because of them", async () => {
    const { failures } = await preview(await report());
    expect(failures.map(({ reason }) => reason).join()).to.match(/^\[GU036\].*node-0 \(1\.31\.9\)/);
    expect(garden.nodeReads).to.equal(BY_PREFLIGHT);
  });

  it("are read again where the Shoot has changed since", async () => {
    const found = await report();
    garden.shoot = aShoot({ kubernetesVersion: "1.33.4", resourceVersion: "4711" });
    garden.nodes = nodes("1.33.4");
    expect((await preview(found)).failures).to.deep.equal([]);
    expect(garden.nodeReads).to.equal(BY_PREFLIGHT + 1);
  });

  it("are read again where the report cannot be read", async () => {
    await preview({ of: 4, problems: "none" });
    expect(garden.nodeReads).to.equal(BY_PREFLIGHT + 1);
  });
});
