import { expect } from "chai";
import { DAY } from "../../../sandbox/fixtures/objects";
import { createDeclarationScene, type PreviewOptions, type DeclarationScene } from "./declaration-scene";

const WEB = { project: "demo", name: "web" };

describe("a declaration that cannot be performed, in a preview", () => {
  let scene: DeclarationScene;

  beforeEach(() => {
    scene = createDeclarationScene();
  });
  afterEach(() => {
    expect(scene.garden.writes).to.deep.equal([]);
  });

  const refused = async (declaration: object, options: PreviewOptions = {}): Promise<readonly string[]> => {
    const answer = await scene.preview(declaration, options);
    expect(answer.logged).to.deep.equal([]);
    return answer.messages;
  };
  const kubernetes = (version: unknown, name = "web") => ({
    shoot: { project: "demo", name },
    kubernetes: { version },
  });
  const image = (version: unknown, name = "web") => ({
    shoot: { project: "demo", name },
    machineImage: { version },
  });
  const day = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

  describe("a Kubernetes version", () => {
    it("that is not a version", async () => {
      for (const version of ["latest", "1", "1.34.x"]) {
        expect(await refused(kubernetes(version))).to.deep.equal([
          `[GU024] kubernetes.version: "${version}" is not a version; write one such as "1.34" or "1.34.3" ("web")`,
        ]);
      }
      expect(await refused(kubernetes(1.34))).to.deep.equal([
        '[GU021] kubernetes.version: expected a text, found 1.34; write it in quotes, as "1.34" ("web")',
      ]);
    });

    it("that is not offered: lists those that are in reach", async () => {
      for (const version of ["1.33.5", "1.34.2", "1.36"]) {
        expect(await refused(kubernetes(version))).to.deep.equal([
          `[GU031] kubernetes.version: garden-demo/web runs Kubernetes 1.33.4; "${version}" is not offered by the CloudProfile sandbox; ` +
            `possible versions: 1.35.4 (preview), 1.35.2, 1.34.3, 1.34.1 (deprecated until ${day(120)}), 1.33.7.`,
        ]);
      }
    });

    it("of which there are previews only, not named exactly", async () => {
      scene.offer("1.35.2", "preview");
      expect(await refused(kubernetes("1.35", "api"))).to.deep.equal([
        "[GU032] kubernetes.version: garden-demo/api runs Kubernetes 1.34.1; of Kubernetes 1.35 the CloudProfile sandbox offers " +
          "preview versions only (1.35.4 (preview), 1.35.2 (preview)); declare one exactly, or wait.",
      ]);
    });

    it("that lies beyond a minor of which no version can be used: names the minor", async () => {
      for (const version of ["1.34.1", "1.34.3"]) scene.offer(version, "preview");
      for (const version of ["1.35", "1.35.2"]) {
        expect(await refused(kubernetes(version))).to.deep.equal([
          `[GU033] kubernetes.version: garden-demo/web runs Kubernetes 1.33.4; "${version}" cannot be reached, as Kubernetes 1.34 cannot be skipped, ` +
            "and no version of it can be used (offered: 1.34.3 (preview), 1.34.1 (preview)): ask the garden's operator.",
        ]);
      }
    });

    it("is refused alike for a cluster that is adopted already", async () => {
      const { inputs: olds } = await scene.preview(kubernetes("1.33"));
      expect(await refused(kubernetes("1.35"), { olds })).to.deep.equal(await refused(kubernetes("1.35")));
    });

    it("lower than the spec's is a floor: no error, but a notice", async () => {
      const { messages, logged } = await scene.preview(kubernetes("1.32"));
      expect(messages).to.deep.equal([]);
      expect(logged[0]).to.match(/^info web: up to date\n/);
      expect(logged).to.include(
        'warning [GU039] kubernetes.version: garden-demo/web runs Kubernetes 1.33.4, newer than the declared "1.32"; ' +
          'it is not downgraded. Declare the running version, or set whenNewer: "accept".',
      );
    });

    it("lower than the spec's is refused where the program declares that", async () => {
      expect(await refused({ ...kubernetes("1.32"), whenNewer: "fail" })).to.deep.equal([
        '[GU039] kubernetes.version: garden-demo/web runs Kubernetes 1.33.4, newer than the declared "1.32", ' +
          'and whenNewer is "fail". Declare the running version; it is never downgraded.',
      ]);
    });
  });

  describe("a machine image version", () => {
    const choices = "suitable and newer: 2150.0.0 (preview), 1877.3.0, 1592.14.0.";

    it("that is not a version", async () => {
      expect(await refused(image("nine"))).to.deep.equal([
        '[GU024] machineImage.version: "nine" is not a version; write one such as "1877.3.0" ("web")',
      ]);
    });

    it("that is not offered: lists those that are", async () => {
      expect(await refused(image("1700.1.0"))).to.deep.equal([
        '[GU034] machineImage.version: garden-demo/web: gardenlinux "1700.1.0" for worker pool pool-a, pool-b ' +
          `is not offered by the CloudProfile sandbox; ${choices}`,
      ]);
    });

    it("of which there are preview versions only, not named exactly", async () => {
      expect(await refused(image("2150"))).to.deep.equal([
        "[GU032] machineImage.version: garden-demo/web: of gardenlinux 2150 there are only preview versions for worker pool pool-a, pool-b; " +
          `declare one exactly, or wait; ${choices}`,
      ]);
    });

    it("for another architecture", async () => {
      expect(await refused(image("1877.5.0"))).to.deep.equal([
        "[GU035] machineImage.version: garden-demo/web: gardenlinux 1877.5.0 does not suit worker pool pool-a, pool-b: " +
          `it is made for arm64, not for amd64; ${choices}`,
      ]);
    });

    it("without the container runtime of the pool", async () => {
      expect(await refused(image("1877.3.0", "gvisor"))).to.deep.equal([
        "[GU035] machineImage.version: garden-demo/gvisor: gardenlinux 1877.3.0 does not suit worker pool pool-a: " +
          "it lacks the container runtime gvisor; suitable and newer: 1592.14.0.",
      ]);
    });

    it("for other kubelets, as declared together or as it stays", async () => {
      const both = { ...image("1592.14.0", "api"), kubernetes: { version: "1.35" } };
      expect(await refused(both)).to.deep.equal([
        "[GU035] machineImage.version: garden-demo/api: gardenlinux 1592.14.0 does not suit worker pool pool-a: " +
          "it runs kubelets < 1.35 only, not 1.35.2; suitable and newer: 2150.0.0 (preview), 1877.3.0.",
      ]);
      expect(await refused(kubernetes("1.35", "api"))).to.deep.equal([
        "[GU035] kubernetes.version: garden-demo/api: gardenlinux 1592.10.0 of worker pool pool-a runs kubelets < 1.35 only, not 1.35.2; " +
          "declare a machineImage version that suits; suitable and newer: 2150.0.0 (preview), 1877.3.0.",
      ]);
    });
  });

  it("an unknown worker pool: lists the pools", async () => {
    const workers = (name: string) => ({
      shoot: WEB,
      workers: { [name]: { machineImage: { version: "1592.14" } } },
    });
    expect(await refused(workers("workload"))).to.deep.equal([
      '[GU027] workers["workload"]: garden-demo/web has no worker pool "workload". It has: pool-a, pool-b.',
    ]);
    expect(await refused(workers("pool-c"))).to.deep.equal([
      '[GU027] workers["pool-c"]: garden-demo/web has no worker pool "pool-c". Did you mean "pool-a"? It has: pool-a, pool-b.',
    ]);
  });

  it("version and channel both, or neither", async () => {
    expect(await refused({ shoot: WEB, kubernetes: { version: "1.33", channel: "patch" } })).to.deep.equal([
      '[GU022] kubernetes: give exactly one of version and channel, found both ("web")',
    ]);
    expect(await refused({ shoot: WEB, workers: { "pool-a": { machineImage: {} } } })).to.deep.equal([
      '[GU022] workers["pool-a"].machineImage: give exactly one of version and channel, found neither ("web")',
    ]);
  });

  it("an empty declaration", async () => {
    expect(await refused({ shoot: WEB })).to.deep.equal([
      '[GU023] nothing is declared; give kubernetes: { version: "1.34" }, machineImage: { version: "…" } or workers ("web")',
    ]);
    expect(await refused({ shoot: WEB, workers: { "pool-a": {} } })).to.deep.equal([
      '[GU023] workers["pool-a"]: nothing is declared for this worker pool; give machineImage: { version }, or order ("web")',
    ]);
  });

  it("an unknown argument: lists those that there are", async () => {
    expect(await refused({ ...kubernetes("1.33"), kubernets: {} })).to.deep.equal([
      '[GU020] kubernets: unknown argument; allowed are "shoot", "garden", "kubernetes", "machineImage", "workers", "rollout", "preflight", "whenNewer" or "adopt"; ' +
        'did you mean "kubernetes"? ("web")',
    ]);
    expect(await refused({ shoot: WEB, kubernetes: { version: "1.33", flavour: "x" } })).to.deep.equal([
      '[GU020] kubernetes.flavour: unknown argument; allowed are "version" or "channel" ("web")',
    ]);
  });

  it("a value that is none of the allowed", async () => {
    expect(
      await refused({ shoot: WEB, kubernetes: { channel: "newest" }, whenNewer: "ignore", adopt: true }),
    ).to.deep.equal([
      '[GU021] kubernetes.channel: expected "patch", "stable" or "rapid", found "newest" ("web")',
      '[GU021] whenNewer: expected "accept", "warn" or "fail", found "ignore" ("web")',
      '[GU021] adopt: expected "observe" or "upgrade", found true ("web")',
    ]);
  });

  it("a Shoot that is not named, or only half", async () => {
    expect(await refused({ kubernetes: { version: "1.33" } })).to.deep.equal([
      '[GU021] shoot: name the Shoot as { project, name }, { namespace, name } or { id: "namespace/name" } ("web")',
    ]);
    expect(await refused({ ...kubernetes("1.33"), shoot: { id: "web" } })).to.deep.equal([
      '[GU021] shoot.id: expected "namespace/name", found "web" ("web")',
    ]);
  });

  it("nonsense timeouts", async () => {
    const rollout = (given: unknown) => ({ ...kubernetes("1.33"), rollout: given });
    expect(await refused(rollout({ progressDeadline: "soon", timeout: "0s" }))).to.deep.equal([
      '[GU025] rollout.progressDeadline: "soon" is not a duration; write one such as "45m" or "2h30m" ("web")',
      '[GU025] rollout.timeout: "0s" is out of range; it must lie between 1m and 7d ("web")',
    ]);
    expect(await refused(rollout({ progressDeadline: 30, timeout: "-5m" }))).to.deep.equal([
      '[GU025] rollout.progressDeadline: 30 has no unit; write a duration such as "45m" or "2h30m" ("web")',
      '[GU025] rollout.timeout: "-5m" is not a duration; write one such as "45m" or "2h30m" ("web")',
    ]);
    expect(await refused(rollout("30m"))).to.deep.equal([
      '[GU021] rollout: expected an object with "wait", "progressDeadline", "timeout", "prepare", "workers", "maxMinors", "after", "soak", "when", "notBefore" or "skipHibernated", found "30m" ("web")',
    ]);
  });

  it("the same Shoot declared twice in a stack, however it is named", async () => {
    const context = scene.context();
    await scene.preview(kubernetes("1.33"), { context });
    const again = { ...kubernetes("1.33"), shoot: { id: "garden-demo/web" } };
    const { messages } = await scene.preview(again, { context, name: "again" });
    expect(messages).to.deep.equal([
      '[GU026] shoot: Shoot garden-demo/web is declared twice in this stack, by "web" and by "again"; keep one of them.',
    ]);
  });

  it("several mistakes at once are reported at once, each once", async () => {
    const messages = await refused({
      ...kubernetes("1.99"),
      machineImage: { version: "1700.1.0" },
      workers: { gpu: { machineImage: { version: "1592.14.0" } } },
    });
    expect(messages.map((message) => message.slice(0, message.indexOf(": ")))).to.deep.equal([
      '[GU027] workers["gpu"]',
      "[GU031] kubernetes.version",
      "[GU034] machineImage.version",
    ]);
  });
});
