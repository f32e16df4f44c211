/**
 * The jobs of examples/pipeline that write, started and cancelled as the runners of GitHub and GitLab do. Sources:
 * docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation and actions/runner,
 * src/Runner.Sdk/ProcessInvoker.cs; gitlab-org/gitlab-runner, helpers/process/killer.go and killer_unix.go.
 */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { expect } from "chai";
import { load } from "js-yaml";
import { at, list, root, text, type Field } from "../../provider/garden/field";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import { repository } from "../../tools/engine/project";
import { descendants, signal } from "../../tools/processes";
import type { Job } from "./commandLine";
import { pipelineScene, type PipelineScene } from "./pipelineScene";
import { SHOOTS } from "./scene";

interface Runner {
  readonly name: string;
  /** The shell script that it makes of the job `up`. */
  readonly script: () => string;
  readonly shell: readonly string[];
  /** What it sends first. More would follow where the job does not end: SIGTERM on GitHub, SIGKILL on both. */
  readonly cancel: (job: Job) => void;
}

const runners: readonly Runner[] = [
  {
    name: "GitHub",
    script: () => {
      const steps = list(at(document(".github/workflows/up.yml"), "jobs", "up", "steps"));
      return steps.map((step) => at(step, "run").value).findLast((run) => typeof run === "string") ?? "";
    },
    shell: ["bash", "-e"],
    // The process of the step alone, not those that it has started.
    cancel: ({ pid }) => signal(pid, "SIGINT"),
  },
  {
    name: "GitLab",
    script: () => {
      // The plan is there already.
      const commands = list(at(document(".gitlab-ci.yml"), "up", "script"))
        .map(text)
        .slice(-1);
      // The runner evaluates a job's commands in a subshell.
      return `set -eo pipefail\n: | (\n${commands.join("\n")}\n)\nexit 0\n`;
    },
    shell: ["bash"],
    // Its process group.
    cancel: ({ pid }) => signal(-pid, "SIGTERM"),
  },
];

function document(file: string): Field {
  return root(file, load(readFileSync(path.join(repository, "examples", "pipeline", file), "utf8")));
}

/** A line of the canary's rollout, whose operation is in progress. */
const IN_PROGRESS = /canary: \d+ %/;

for (const runner of runners) {
  describe(`a job that is cancelled on ${runner.name}, on the real engine`, function () {
    this.timeout(180_000);
    let scene: PipelineScene;
    let waiting: string;

    before(async () => {
      scene = await pipelineScene();
      for (const name of ["credentials.sh", "preview.sh", "up.sh"]) await scene.script(name);
      await scene.declare("1.33.7");
      await scene.script("preview.sh");
      await setFault("stall");
    });
    after(() => scene.close());

    const setFault = (fault: string | null) =>
      scene.garden.patch(`${SHOOTS}/canary`, "merge", {
        metadata: { annotations: { [FAULT_ANNOTATION]: fault } },
      });
    const writes = () =>
      scene.sandbox.garden.requests.filter(
        ({ method, query, userAgent }) =>
          method === "PATCH" && query["dryRun"] === undefined && userAgent.startsWith("pulumi-gardener/"),
      ).length;

    async function start(): Promise<Job> {
      const file = path.join(scene.home, "step.sh");
      await writeFile(file, runner.script());
      const [shell = "", ...options] = runner.shell;
      return scene.line.start(shell, [...options, file], { cwd: scene.folder });
    }

    it("ends, and writes nothing more", async () => {
      const job = await start();
      waiting = await job.printed(IN_PROGRESS);
      runner.cancel(job);
      const { code, stdout, stderr } = await job.ended;
      expect(code, stdout).not.to.equal(0);
      expect(stderr).to.contain("The job was cancelled. Gardener continues what has begun");
      await setFault(null);
      await scene.sandbox.reconciled();
      expect(writes()).to.equal(1);
    });

    it("has logged last what it was waiting for", () => {
      expect(waiting.trimEnd().split("\n").at(-1)).to.match(IN_PROGRESS);
    });

    it("is continued by the next one, which finds the stack unlocked, completes the rollout and writes nothing", async () => {
      const { code, stdout, stderr } = await (await start()).ended;
      expect(code, stdout + stderr).to.equal(0);
      expect(writes()).to.equal(1);
      expect(await scene.versions()).to.deep.equal(["1.33.7", "1.33.4", "1.33.4"]);
      const outputs = await scene.execute("pulumi", ["stack", "output", "states", "--json"]);
      expect(JSON.parse(outputs.stdout)).to.include({ canary: "upToDate", staging: "pending" });
    });

    it("leaves the stack locked where it is killed, and says how to release it", async () => {
      await scene.declare("1.34");
      await setFault("stall");
      const before = writes();
      const job = scene.line.start("ci/continue.sh", [], { cwd: scene.folder });
      await job.printed(IN_PROGRESS);
      const started = descendants().filter(({ parent, pid }) => pid === job.pid || parent === job.pid);
      for (const { pid } of started) signal(pid, "SIGKILL");
      await job.ended;
      await setFault(null);
      await scene.sandbox.reconciled();
      expect(writes()).to.equal(before + 1);
      const locked = await scene.execute("ci/continue.sh");
      expect(locked.code).not.to.equal(0);
      expect(locked.stdout + locked.stderr).to.contain("pulumi cancel");
      await scene.execute("pulumi", ["cancel", "--yes", "--stack", "production"]);
      await scene.script("continue.sh");
      expect(writes()).to.equal(before + 1);
      expect((await scene.versions())[0]).to.equal("1.34.3");
    });
  });
}
