import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { manyShoots } from "../../sandbox/fixtures/demo";
import type { Run } from "../../tools/engine/run";
import type { Stack } from "../../tools/engine/stack";
import { documentedRules, without } from "./permissions";
import { setScene, SHOOTS, succeeded, type Scene } from "./scene";

const COUNT = 12;
const CORE = "/apis/core.gardener.cloud/v1beta1";

describe("the requests for twelve Shoots of a project, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;
  let version: string;
  let image: string | undefined;

  const program = () => {
    for (let number = 1; number <= COUNT; number++) {
      new gardener.ShootVersions(`shoot-${String(number)}`, {
        shoot: { project: "demo", name: `shoot-${String(number)}` },
        kubernetes: { version },
        ...(image !== undefined && { machineImage: { version: image } }),
      });
    }
    return Promise.resolve();
  };

  before(async () => {
    scene = await setScene({ world: manyShoots(COUNT, 1) });
    stack = await scene.open({ program });
    version = "1.33.4";
    succeeded(await stack.up());
  });
  after(() => scene.close());

  beforeEach(() => scene.calls.forget());

  /** By method and path, the names of Shoots left out. */
  function counted(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const call of scene.calls.all()) {
      const request = call.replace(/(shoots|configmaps)\/[^/]+(\/viewerkubeconfig)?$/, "$1/NAME$2");
      counts[request] = (counts[request] ?? 0) + 1;
    }
    return counts;
  }

  /** Once in the program's process and once in the provider's, which reads the first certificate authority by itself. */
  const shared = {
    [`GET ${CORE}/projects/demo`]: 2,
    [`GET ${SHOOTS}`]: 2,
    [`GET ${CORE}/cloudprofiles/sandbox`]: 2,
    "GET /api/v1/namespaces/garden-demo/configmaps": 1,
    "GET /api/v1/namespaces/garden-demo/configmaps/NAME": 1,
  };

  it("are lists, one dry run and one kubeconfig for the preflight checks per Shoot in a preview of a pending minor", async () => {
    version = "1.34";
    succeeded(await stack.preview());
    expect(counted()).to.deep.equal({
      ...shared,
      [`PATCH ${SHOOTS}/NAME`]: COUNT,
      [`POST ${SHOOTS}/NAME/viewerkubeconfig`]: COUNT,
    });
  });

  it("are lists in a preview where nothing is pending", async () => {
    version = "1.33.4";
    succeeded(await stack.preview());
    expect(counted()).to.deep.equal(shared);
  });

  it("are lists in an update where nothing is pending", async () => {
    version = "1.33.4";
    succeeded(await stack.up({ expectNoChanges: true }));
    expect(counted()).to.deep.equal(shared);
  });

  it("are one kubeconfig per Shoot in a preview of several minors, for its nodes and the preflight checks", async () => {
    [version, image] = ["1.35", "1877.3.0"];
    succeeded(await stack.preview());
    image = undefined;
    expect(counted()[`POST ${SHOOTS}/NAME/viewerkubeconfig`]).to.equal(COUNT);
  });

  it("that the server refuses fail check with the same message, whichever process has made the dry run", async () => {
    version = "1.34";
    const body = { kind: "Status", code: 422, reason: "Invalid", message: "the version is not allowed" };
    const refusal = async (name: string): Promise<string> => {
      const calm = scene.sandbox.garden.intercept(({ method, path }) =>
        method === "PATCH" && path.endsWith(`/${name}`) ? { kind: "answer", code: 422, body } : undefined,
      );
      const run = await stack.preview().finally(calm);
      expect(run.ok, name).to.equal(false);
      return refusalOf(run, name).replaceAll(name, "NAME");
    };
    // The first one is left to check, which does not wait for the program.
    const [byCheck, byProgram] = [await refusal("shoot-1"), await refusal("shoot-5")];
    expect(byCheck).to.match(/\[GU050\].*the version is not allowed/s);
    expect(byProgram).to.equal(byCheck);
  });

  it("are single reads side by side, in both processes, for a user who may not list", async () => {
    version = "1.33.4";
    const rules = without(await documentedRules(), { verb: "list", resource: "shoots" });
    const limited = await scene.open({ program }, await scene.addUser("single", rules));
    succeeded(await limited.up());
    scene.calls.forget();
    const reads = new Map<string, number>();
    let waiting = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    // The provider's process reads a Shoot after the program; the first check has no other Shoot's name.
    const calm = scene.sandbox.garden.intercept(async ({ method, path }) => {
      if (method !== "GET" || !/\/shoots\/shoot-(?!1$)\d+$/.test(path)) return undefined;
      reads.set(path, (reads.get(path) ?? 0) + 1);
      if (reads.get(path) === 2 && ++waiting === COUNT / 2) release();
      if (reads.get(path) === 2) await released;
      return undefined;
    });
    succeeded(await limited.preview().finally(calm));
    expect(Math.max(...reads.values())).to.equal(2);
    expect(reads.size).to.equal(COUNT - 1);
  });

  it("are no lists for one Shoot in each of four gardens, whose projects have the same name", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "gardens-"));
    const files = [1, 2, 3, 4].map((number) => path.join(folder, `garden-${String(number)}.yaml`));
    await Promise.all(files.map((file) => writeFile(file, scene.sandbox.kubeconfig, { mode: 0o600 })));
    const landscapes = await scene.open({
      program: () => {
        for (const [index, kubeconfig] of files.entries()) {
          const name = `shoot-${String(index + 1)}`;
          const shoot = { project: "demo", name };
          new gardener.ShootVersions(name, {
            shoot,
            garden: { kubeconfig },
            kubernetes: { version: "1.33.4" },
          });
        }
        return Promise.resolve();
      },
    });
    try {
      scene.calls.forget();
      succeeded(await landscapes.preview());
      const counts = counted();
      expect(counts[`GET ${SHOOTS}`]).to.equal(undefined);
      expect(counts[`GET ${SHOOTS}/NAME`]).to.equal(2 * files.length);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("are a list and three reads in a refresh", async () => {
    succeeded(await stack.refresh());
    expect(counted()).to.deep.equal({ [`GET ${SHOOTS}`]: 1, [`GET ${SHOOTS}/NAME`]: 3 });
  });
});

function refusalOf(run: Run, name: string): string {
  return (
    run.messages.find(({ text, urn }) => urn.endsWith(`::${name}`) && text.includes("[GU050]"))?.text ?? ""
  );
}
