import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { createCa } from "../../sandbox/pki";
import type { Run } from "../../tools/engine/run";
import type { Stack } from "../../tools/engine/stack";
import { setScene, succeeded, type Scene } from "./scene";

/** All files that the engine has written. */
async function stored(folder: string): Promise<string> {
  const files = await readdir(join(folder, "state"), { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

const errorsOf = (run: Run) =>
  run.messages.filter(({ severity, urn }) => severity === "error" && urn !== "").map(({ text }) => text);

const count = (text: string, part: string) => text.split(part).length - 1;

describe("a mistake, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;

  before(async () => {
    scene = await setScene();
    stack = await scene.open({ program: () => Promise.resolve({}) });
  });
  after(() => scene.close());
  afterEach(() => {
    expect(scene.writes()).to.deep.equal([]);
  });

  const web: gardener.ShootVersionsArgs = {
    shoot: { project: "demo", name: "web" },
    kubernetes: { version: "1.33.4" },
  };
  const declare = (...all: readonly (readonly [string, gardener.ShootVersionsArgs])[]) => {
    stack.use(() => {
      for (const [name, args] of all) new gardener.ShootVersions(name, args);
      return Promise.resolve({});
    });
  };
  const kubeconfig = async (name: string, content: string) => {
    const path = join(stack.folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return { env: { GARDEN_KUBECONFIG: path } };
  };

  /** The run has failed; each message is shown once, without a stack trace and without a secret. */
  async function mistaken(run: Run, ...starts: readonly string[]): Promise<readonly string[]> {
    expect(run.ok).to.equal(false);
    const errors = errorsOf(run);
    const codes = errors.join("\n");
    // Above it are the rows of progress, which a terminal overwrites.
    const diagnostics = run.stdout.slice(run.stdout.indexOf("Diagnostics:"));
    for (const start of starts) {
      expect(count(codes, start), codes).to.equal(1);
      expect(count(diagnostics, start), diagnostics).to.equal(1);
    }
    expect(codes.match(/\[GU\d+\]/g)).to.have.length(starts.length);
    for (const text of [run.stdout, run.stderr, ...run.messages.map((message) => message.text)]) {
      expect(text).not.to.match(/^\s+at .+:\d+:\d+/m);
      expect(text).not.to.contain("UserError").and.not.to.contain("node_modules");
    }
    const written = [run.stdout, run.stderr, JSON.stringify(run.events), await stored(stack.folder)];
    for (const text of written) expect(text).not.to.contain(scene.sandbox.garden.token);
    return errors;
  }

  it("no kubeconfig", async () => {
    declare(["web", web]);
    const run = await stack.preview({ env: { GARDEN_KUBECONFIG: "" } });
    await mistaken(run, "[GU001] Shoot web of the project demo: No kubeconfig for the garden is configured.");
  });

  it("a wrong CA", async () => {
    const { kubeconfig: right, ca } = scene.sandbox.garden;
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    const wrong = right.replace(base64(ca), base64((await createCa("other")).certificate));
    declare(["web", web]);
    const run = await stack.preview(await kubeconfig("wrong-ca.yaml", wrong));
    await mistaken(run, "[GU006] Shoot web of the project demo: The certificate of the garden");
  });

  it("an unknown Shoot, in an update without a preview", async () => {
    declare(["web", { ...web, shoot: { project: "demo", name: "wep" } }]);
    const [message] = await mistaken(await stack.up(), "[GU010] shoot: Shoot garden-demo/wep does not exist");
    expect(message).to.match(/Did you mean web\?/);
  });

  it("the same Shoot twice", async () => {
    declare(["web", web], ["again", { ...web, shoot: { id: "garden-demo/web" } }]);
    await mistaken(await stack.preview(), "[GU026] shoot: Shoot garden-demo/web is declared twice");
  });

  it("several mistakes at once", async () => {
    declare([
      "web",
      {
        shoot: { project: "demo", name: "web" },
        kubernetes: { version: "1.99" },
        machineImage: { version: "1700.1.0" },
        workers: { gpu: { machineImage: { version: "1592.14.0" } } },
      },
    ]);
    await mistaken(
      await stack.preview(),
      '[GU027] workers["gpu"]: garden-demo/web has no worker pool "gpu"',
      "[GU031] kubernetes.version: garden-demo/web runs Kubernetes 1.33.4",
      "[GU034] machineImage.version: garden-demo/web: gardenlinux",
    );
  });

  it("a limit of rollouts that is no number", async () => {
    declare(["web", web]);
    await stack.setConfig({ "gardener:maxConcurrentRollouts": "many" });
    const run = await stack.preview();
    await stack.removeConfig("gardener:maxConcurrentRollouts");
    await mistaken(
      run,
      '[GU021] gardener:maxConcurrentRollouts: expected a whole number of at least 1, found "many"',
    );
  });

  it("a garden that cannot be reached in a refresh: the state is kept", async () => {
    declare(["web", web]);
    succeeded(await stack.up());
    const { kubeconfig: right, url } = scene.sandbox.garden;
    const lost = await kubeconfig("unreachable.yaml", right.replace(url, "https://127.0.0.1:1"));
    const run = await stack.refresh(lost);
    await mistaken(run, "[GU005] Shoot garden-demo/web: The garden https://127.0.0.1:1 cannot be reached");
    expect(JSON.stringify(await stack.exportState())).to.contain('"id":"garden-demo/web"');
  });
});
