import { expect } from "chai";
import { parseDeclaration } from "../../../provider/declaration/parse";

const shoot = { project: "demo", name: "web" };
const kubernetes = { version: "1.34" };

/** As a packaged provider sends what a program leaves out. */
const withNull: readonly (readonly [string, object, object])[] = [
  [
    "shoot.namespace and shoot.id",
    { shoot: { ...shoot, namespace: null, id: null }, kubernetes },
    { shoot, kubernetes },
  ],
  ["garden", { shoot, kubernetes, garden: null }, { shoot, kubernetes }],
  [
    "the arguments of garden",
    { shoot, kubernetes, garden: { kubeconfig: null, context: null, cleura: null } },
    { shoot, kubernetes },
  ],
  [
    "the arguments of garden.cleura",
    {
      shoot,
      kubernetes,
      garden: { kubeconfig: null, cleura: { cloud: null, region: "Sto2", projectId: null } },
    },
    { shoot, kubernetes, garden: { cleura: { region: "Sto2" } } },
  ],
  ["kubernetes.channel", { shoot, kubernetes: { ...kubernetes, channel: null } }, { shoot, kubernetes }],
  [
    "kubernetes.version",
    { shoot, kubernetes: { version: null, channel: "patch" } },
    { shoot, kubernetes: { channel: "patch" } },
  ],
  [
    "kubernetes",
    { shoot, kubernetes: null, machineImage: { version: "1877.3.0", channel: null } },
    { shoot, machineImage: { version: "1877.3.0" } },
  ],
  [
    "machineImage and workers",
    { shoot, kubernetes, machineImage: null, workers: null },
    { shoot, kubernetes },
  ],
  ["rollout", { shoot, kubernetes, rollout: null }, { shoot, kubernetes }],
  [
    "the arguments of rollout",
    { shoot, kubernetes, rollout: { wait: null, progressDeadline: null, timeout: null, prepare: null } },
    { shoot, kubernetes },
  ],
  ["whenNewer and adopt", { shoot, kubernetes, whenNewer: null, adopt: null }, { shoot, kubernetes }],
  [
    "the machine image of a worker pool beside another one",
    { shoot, workers: { gpu: null, "pool-a": { machineImage: { version: "1592.14.0", channel: null } } } },
    { shoot, workers: { gpu: undefined, "pool-a": { machineImage: { version: "1592.14.0" } } } },
  ],
];

describe("an argument that is null", () => {
  for (const [argument, given, absent] of withNull) {
    it(`is absent: ${argument}`, () => {
      const parsed = parseDeclaration(given, "web");
      expect(parsed.kind).to.equal("declaration");
      expect(parsed).to.deep.equal(parseDeclaration(absent, "web"));
    });
  }

  it("does not count as declared", () => {
    const parsed = parseDeclaration({ shoot, kubernetes: null, machineImage: null, workers: null }, "web");
    expect(parsed.kind === "problems" && parsed.problems.map(({ code }) => code)).to.deep.equal(["GU023"]);
  });

  it("is missing where an argument is required", () => {
    const parsed = parseDeclaration({ shoot: null, kubernetes }, "web");
    expect(parsed.kind === "problems" && parsed.problems.map(({ property }) => property)).to.deep.equal([
      "shoot",
    ]);
  });

  it("is refused as the machine image of a pool that has nothing else", () => {
    const parsed = parseDeclaration({ shoot, kubernetes, workers: { gpu: { machineImage: null } } }, "web");
    expect(parsed.kind === "problems" && parsed.problems.map(({ code }) => code)).to.deep.equal(["GU023"]);
  });
});
