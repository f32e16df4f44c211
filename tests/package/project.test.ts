import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { load } from "js-yaml";
import manifest from "../../package.json";
import { isRecord } from "../../provider/model/json";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox";
import { repository } from "../../tools/engine/project";
import { openStack, type Stack } from "../../tools/engine/stack";
import { succeed } from "./packed";

describe("a clone of the repository, as a Pulumi project", () => {
  let main: string;

  before(async () => {
    const settings = load(await readFile(path.join(repository, "Pulumi.yaml"), "utf8"));
    if (!isRecord(settings)) throw new Error("Pulumi.yaml is no project.");
    main = path.join(repository, String(settings["main"]));
  });

  it("has examples/cluster as its program", () => {
    expect(path.relative(repository, main)).to.equal(path.join("examples", "cluster"));
  });

  it("resolves the package from the program to the clone itself", () => {
    const { resolve } = createRequire(path.join(main, "index.ts"));
    expect(resolve("pulumi-gardener")).to.equal(path.join(repository, manifest.main));
    expect(resolve("pulumi-gardener/provider")).to.equal(
      path.join(repository, "lib", "provider", "entry.js"),
    );
  });

  it("has a program that compiles with the built package", async () => {
    const tsc = path.join(repository, "node_modules", "typescript", "bin", "tsc");
    expect(await succeed(process.execPath, [tsc, "-p", main])).to.equal("");
  });

  describe("with the kubeconfig of a garden in GARDEN_KUBECONFIG", () => {
    let sandbox: Sandbox;
    let stack: Stack;
    let folder: string;

    before(async () => {
      sandbox = await startSandbox();
      folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
      stack = await openStack({ program: repository });
    });
    after(async () => {
      await stack.close();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    });

    it("is previewed without further configuration", async () => {
      const kubeconfig = path.join(folder, "garden.yaml");
      await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 });
      const preview = await stack.preview({ env: { GARDEN_KUBECONFIG: kubeconfig } });
      expect(preview.ok, preview.stdout + preview.stderr).to.equal(true);
      expect(preview.messages.map(({ text }) => text).join("\n")).to.contain("Kubernetes 1.33.4 → 1.33.7");
    });
  });
});
