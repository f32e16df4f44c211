import * as path from "node:path";
import { expect } from "chai";
import { at, list, root, text } from "../../provider/garden/field";
import { commandScene, shootsIn, type CommandScene } from "./command";

describe("the exit code of pulumi-gardener report", function () {
  this.timeout(60_000);
  let scene: CommandScene;

  before(async () => {
    scene = await commandScene();
  });
  after(() => scene.close());

  describe("--fail-on", () => {
    const codeOf = async (...args: string[]) => (await scene.run(["report", ...args])).code;

    it("exits with 3 where a condition is met, and names it", async () => {
      const { code, stdout } = await scene.run([
        "report",
        "--fail-on",
        "forced=14d",
        "--fail-on",
        "deprecated",
      ]);
      expect(code).to.equal(3);
      expect(stdout).to.contain("\nforced=14d: 1 Shoot\n").and.to.contain("\ndeprecated: 3 Shoots\n");
    });

    it("exits with 0 where none is", async () => {
      expect(await codeOf("--project", "demo", "--fail-on", "forced=1d")).to.equal(0);
    });

    it("exits with 3 for a finding of the preflight checks, and 0 where none is as serious", async () => {
      const args = ["--project", "demo", "--preflight"];
      const json = (await scene.run(["report", ...args, "--format", "json"])).stdout;
      const severities = list(at(root("The report", JSON.parse(json)), "shoots")).flatMap((shoot) =>
        list(at(shoot, "preflight", "findings")).map((finding) => text(at(finding, "severity"))),
      );
      const expected = (serious: readonly string[]) =>
        severities.some((severity) => serious.includes(severity)) ? 3 : 0;
      expect(await codeOf(...args, "--fail-on", "finding=info")).to.equal(
        expected(["block", "warn", "info"]),
      );
      expect(await codeOf(...args, "--fail-on", "finding=block")).to.equal(expected(["block"]));
    });
  });

  describe("for a user with few rights", () => {
    const shoots = ["shoots"];
    const list1: readonly string[] = ["get", "list"];

    it("lists project by project where the list of all Shoots is refused", async () => {
      const kubeconfig = await scene.addUser("member", [
        { verbs: list1, resources: ["projects"] },
        { verbs: list1, resources: shoots, namespaces: ["garden-demo", "garden-shop"] },
      ]);
      const { code, stdout } = await scene.run(["report", "--format", "json", "--kubeconfig", kubeconfig]);
      expect(code).to.equal(0);
      expect(shootsIn(stdout)).to.have.length(3);
    });

    it("exits with 4 where not everything is visible, and reports the rest and what is missing", async () => {
      const kubeconfig = await scene.addUser("visitor", [
        { verbs: list1, resources: ["projects"] },
        { verbs: list1, resources: shoots, namespaces: ["garden-demo"] },
      ]);
      const { code, stdout, stderr } = await scene.run(["report", "--kubeconfig", kubeconfig]);
      expect([code, stderr]).to.deep.equal([4, ""]);
      expect(stdout).to.contain("\ngarden-demo/api ").and.not.contain("garden-shop/prod");
      expect(stdout).to.match(
        /\nnot visible: project shop: \[GU008\] .*list shoots in the namespace garden-shop/,
      );
    });

    it("exits with 3 rather than 4 where a condition is met", async () => {
      const kubeconfig = path.join(scene.folder, "visitor.yaml");
      const { code } = await scene.run(["report", "--kubeconfig", kubeconfig, "--fail-on", "deprecated"]);
      expect(code).to.equal(3);
    });

    it("exits with 4 where the preflight checks cannot read a cluster", async () => {
      const kubeconfig = await scene.addUser("reader", [{ verbs: list1, resources: shoots }]);
      const { code, stdout } = await scene.run([
        "report",
        "--kubeconfig",
        kubeconfig,
        ...["--project", "demo", "--preflight"],
      ]);
      expect(code).to.equal(4);
      expect(stdout).to.match(/not visible: Shoot garden-demo\/api: preflight .*viewerkubeconfig/);
    });

    it("exits with 1 and advises to name a project where neither can be listed", async () => {
      const kubeconfig = await scene.addUser("nobody", []);
      const { code, stdout, stderr } = await scene.run(["report", "--kubeconfig", kubeconfig]);
      expect([code, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.match(
        /^pulumi-gardener: \[GU008\] --project: [^\n]*name yours with --project[^\n]*\n$/,
      );
    });
  });
});
