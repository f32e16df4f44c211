/** The scripts of examples/pipeline as they stand, as a pipeline runs them. */
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { executable } from "./commandLine";
import { heal, offend } from "./offend";
import { pipelineScene, type PipelineScene } from "./pipelineScene";

describe("examples/pipeline, on the real engine", function () {
  this.timeout(180_000);
  let scene: PipelineScene;

  before(async () => {
    scene = await pipelineScene();
    const openIssue = path.join(scene.home, "open-issue");
    await executable(
      path.join(scene.line.bin, "gh"),
      `printf '%s\\n' "$*" >> "${path.join(scene.home, "gh.log")}"\n` +
        `case "$*" in *"issue list"*) cat "${openIssue}" 2>/dev/null || true ;; "run list"*) echo 7 ;; esac\n`,
    );
  });
  after(() => scene.close());

  const script: PipelineScene["script"] = (name, env) => scene.script(name, env);
  const read = (file: string) => scene.read(file);
  const versions = () => scene.versions();

  async function calls(): Promise<readonly string[]> {
    return (await readFile(path.join(scene.home, "gh.log"), "utf8")).trim().split("\n");
  }

  it("writes the kubeconfig for the owner alone", async () => {
    await script("credentials.sh");
    expect(await readFile(path.join(scene.home, "garden.yaml"), "utf8")).to.equal(
      `${scene.sandbox.kubeconfig}\n`,
    );
  });

  it("adopts the clusters with the plan of a preview, and writes nothing", async () => {
    await script("preview.sh");
    const log = await script("up.sh");
    expect(stripVTControlCharacters(log)).to.equal(log);
    expect(await versions()).to.deep.equal(["1.33.4", "1.33.4", "1.33.4"]);
  });

  it("does not end the scheduled run at a Shoot that is blocked, and fails at the end", async () => {
    await scene.declare("1.34");
    await offend(scene.sandbox, "canary");
    const { code, stdout, stderr } = await scene.execute("ci/continue.sh");
    await heal(scene.sandbox, "canary");
    expect(code).not.to.equal(0);
    expect(stdout + stderr)
      .to.contain("[GU070] canary: ")
      .and.to.contain("Nothing was written.")
      // The others are reached, too.
      .and.to.match(/production: "pending"/);
    expect(await versions()).to.deep.equal(["1.33.4", "1.33.4", "1.33.4"]);
  });

  it("shows a new version as a comment with the plan, and saves the plan", async () => {
    await scene.declare("1.34");
    await script("preview.sh");
    const comment = await read("comment.md");
    expect(comment).to.match(/^### Preview of production\n\n {4}Previewing update/);
    expect(comment).to.match(/^ {4} .*canary: .*1\.33\.4 → 1\.34\.3.* pending/m);
    expect(
      comment
        .split("\n")
        .slice(2)
        .every((line) => line === "" || line.startsWith("    ")),
    ).to.equal(true);
    expect(stripVTControlCharacters(comment)).to.equal(comment);
    JSON.parse(await read("plan.json"));
    expect(await versions()).to.deep.equal(["1.33.4", "1.33.4", "1.33.4"]);
  });

  it("posts the comment on GitHub, and finds the reviewed plan", async () => {
    await script("comment.sh", { PULL_REQUEST: "12" });
    await script("reviewed-plan.sh", { HEAD_SHA: "abc" });
    expect(await calls()).to.include.members([
      "pr comment 12 --body-file comment.md --edit-last --create-if-none",
      "run download 7 --name plan",
    ]);
  });

  it("upgrades the first wave with the reviewed plan, and leaves the others pending without failing", async () => {
    const log = await script("up.sh");
    expect(await versions()).to.deep.equal(["1.34.3", "1.33.4", "1.33.4"]);
    expect(stripVTControlCharacters(log)).to.equal(log);
    // No line is repeated every second.
    expect(log.split("\n").length).to.be.below(150);
  });

  it("continues on schedule, where nothing may be started yet, with exit code 0", async () => {
    const log = await script("continue.sh");
    expect(log).to.match(/staging: .*not before/);
    expect(await versions()).to.deep.equal(["1.34.3", "1.33.4", "1.33.4"]);
  });

  it("fails with a comment that names the reason where the preview fails", async () => {
    await scene.declare("1.99");
    const { code } = await scene.execute("ci/preview.sh");
    await scene.declare("1.34");
    expect(code).not.to.equal(0);
    expect(await read("comment.md")).to.contain("[GU031]");
  });

  describe("the nightly report", () => {
    it("opens an issue on GitHub when something expires", async () => {
      await script("report.sh");
      expect(await read("report.md")).to.contain("### expiring=30d");
      expect((await calls()).at(-1)).to.equal(
        "issue create --title Gardener clusters: versions expire --body-file report.md",
      );
    });

    it("replaces the text of the issue that is open", async () => {
      await writeFile(path.join(scene.home, "open-issue"), "5\n");
      await script("report.sh");
      expect((await calls()).at(-1)).to.equal("issue edit 5 --body-file report.md");
    });

    it("fails where the garden cannot be read, and opens nothing", async () => {
      const before = await calls();
      const { code } = await scene.execute("ci/report.sh", [], { GARDENER_PROJECT: "none" });
      expect(code).to.equal(1);
      expect(await calls()).to.deep.equal(before);
    });
  });

  describe("on GitLab", () => {
    let server: Server;
    let url: string;
    /** By the path behind that of the project. */
    const answers = new Map<string, string>();
    const requests: { readonly line: string; readonly token?: string; readonly body: string }[] = [];

    before(async () => {
      server = createServer((request, response) => {
        void text(request).then((body) => {
          const token = request.headers["private-token"];
          requests.push({
            line: `${request.method ?? ""} ${request.url?.split("?")[0] ?? ""}`,
            ...(typeof token === "string" && { token }),
            body,
          });
          response.setHeader("content-type", "application/json");
          const answer = answers.get(request.url?.replace("/api/v4/projects/3", "") ?? "");
          if (answer?.startsWith("http")) response.writeHead(302, { location: answer });
          response.end(answer ?? (request.method === "GET" ? "[]" : "{}"));
        });
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      url = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}/api/v4`;
    });
    after(() => server.close());

    const gitlab = () => ({
      GITLAB_CI: "true",
      GITLAB_TOKEN: "secret",
      CI_API_V4_URL: url,
      CI_PROJECT_ID: "3",
      CI_MERGE_REQUEST_IID: "9",
    });

    it("posts the comment to the merge request", async () => {
      await script("comment.sh", gitlab());
      const request = requests.at(-1);
      expect(request).to.include({ line: "POST /api/v4/projects/3/merge_requests/9/notes", token: "secret" });
      expect(new URLSearchParams(request?.body).get("body")).to.equal(await read("comment.md"));
    });

    describe("after the merge", () => {
      const merged = () => ({ ...gitlab(), CI_COMMIT_SHA: "abc", CI_DEFAULT_BRANCH: "main" });
      const ref = "refs/merge-requests/9/head";

      beforeEach(() => {
        const answer = (target: string, value: unknown) => answers.set(target, JSON.stringify(value));
        answer("/repository/commits/abc/merge_requests", [
          { iid: 10, state: "merged", target_branch: "feature", sha: "head" },
          { iid: 9, state: "merged", target_branch: "main", sha: "head" },
        ]);
        answer("/merge_requests/9/pipelines", [
          { id: 21, status: "success", sha: "head", ref },
          { id: 20, status: "failed", sha: "earlier", ref },
        ]);
        answer("/pipelines/21/jobs", [{ id: 5, name: "preview" }]);
        answer("/jobs/5/artifacts/plan.json", { reviewed: true });
      });

      it("performs the plan of the merge request's last pipeline", async () => {
        await script("reviewed-plan.sh", merged());
        expect(JSON.parse(await read("plan.json"))).to.deep.equal({ reviewed: true });
      });

      it("performs it where it is in an object storage, which does not see the token", async () => {
        answers.set("/jobs/5/artifacts/plan.json", `${url}/projects/3/storage`);
        answers.set("/storage", '{"stored":true}');
        await script("reviewed-plan.sh", merged());
        expect(JSON.parse(await read("plan.json"))).to.deep.equal({ stored: true });
        expect(requests.at(-1)).not.to.have.property("token");
      });

      it("fails where that one has not succeeded, although an earlier one has", async () => {
        answers.set(
          "/merge_requests/9/pipelines",
          JSON.stringify([
            { id: 22, status: "failed", sha: "head", ref },
            { id: 21, status: "success", sha: "head", ref },
          ]),
        );
        const { code, stderr } = await scene.execute("ci/reviewed-plan.sh", [], merged());
        expect([code, stderr]).to.deep.equal([
          1,
          "There is no preview of merge request 9 that has succeeded; run the preview for it.\n",
        ]);
      });

      it("fails where the last commit has no pipeline yet", async () => {
        answers.set(
          "/merge_requests/9/pipelines",
          JSON.stringify([{ id: 21, status: "success", sha: "earlier", ref }]),
        );
        const { code, stderr } = await scene.execute("ci/reviewed-plan.sh", [], merged());
        expect([code, stderr]).to.deep.equal([
          1,
          "There is no preview of merge request 9 that has succeeded; run the preview for it.\n",
        ]);
      });

      it("performs that of the merge result, whose commit is another", async () => {
        const result = { id: 21, status: "success", sha: "result", ref: "refs/merge-requests/9/merge" };
        answers.set("/merge_requests/9/pipelines", JSON.stringify([result]));
        await script("reviewed-plan.sh", merged());
        expect(JSON.parse(await read("plan.json"))).to.deep.equal({ reviewed: true });
      });

      it("fails for a commit without a merge request", async () => {
        answers.delete("/repository/commits/abc/merge_requests");
        const { code, stderr } = await scene.execute("ci/reviewed-plan.sh", [], merged());
        expect(code).to.equal(1);
        expect(stderr).to.contain("There is no preview of a merge request with the commit abc");
      });
    });

    it("opens an issue when something expires", async () => {
      await script("report.sh", gitlab());
      expect(requests.map(({ line }) => line).slice(-2)).to.deep.equal([
        "GET /api/v4/projects/3/issues",
        "POST /api/v4/projects/3/issues",
      ]);
      expect(new URLSearchParams(requests.at(-1)?.body).get("description")).to.equal(await read("report.md"));
    });
  });
});
