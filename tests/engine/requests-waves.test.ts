import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ClientRequest } from "node:http";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { isRecord } from "../../provider/model/json";
import { manyShoots } from "../../sandbox/fixtures/demo";
import type { Stack } from "../../tools/engine/stack";
import { setScene, SHOOTS, succeeded, type Scene } from "./scene";

const FOLLOWERS = ["shoot-2", "shoot-3", "shoot-4", "shoot-5"];

/** Programs run in this process: what it requests is what they request, for all of their Shoots in parallel. */
describe("what the program requests for Shoots that may have to wait, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let stack: Stack;
  let version: string;
  let soak: string | undefined;
  let ofProgram: string[];

  const observe = (message: unknown) => {
    const request = isRecord(message) ? message["request"] : undefined;
    if (request instanceof ClientRequest) ofProgram.push(`${request.method} ${request.path}`);
  };

  before(async () => {
    scene = await setScene({ world: manyShoots(FOLLOWERS.length + 1, 1) });
    stack = await scene.open({
      program: () => {
        const canary = new gardener.ShootVersions("canary", {
          shoot: { project: "demo", name: "shoot-1" },
          kubernetes: { version: "1.33.4" },
        });
        for (const name of FOLLOWERS) {
          new gardener.ShootVersions(name, {
            shoot: { project: "demo", name },
            kubernetes: { version },
            ...(version === "1.35" && { machineImage: { version: "1877.3.0" } }),
            rollout: { after: [canary.completedAt], soak },
          });
        }
        return Promise.resolve();
      },
    });
    [version, soak] = ["1.33.4", undefined];
    succeeded(await stack.up());
    ofProgram = [];
    subscribe("http.client.request.start", observe);
  });
  after(async () => {
    unsubscribe("http.client.request.start", observe);
    await scene.close();
  });
  beforeEach(() => {
    scene.calls.forget();
    ofProgram = [];
  });

  const dryRuns = (calls: readonly string[]) =>
    calls.filter((call) => call.startsWith(`PATCH ${SHOOTS}/`)).length;
  const kubeconfigs = (calls: readonly string[]) =>
    calls.filter((call) => call.endsWith("/viewerkubeconfig")).length;

  it("is every dry run and preflight check where the Shoots that come first are complete", async () => {
    [version, soak] = ["1.34", undefined];
    succeeded(await stack.preview());
    for (const calls of [ofProgram, scene.calls.all()]) {
      expect([dryRuns(calls), kubeconfigs(calls)]).to.deep.equal([FOLLOWERS.length, FOLLOWERS.length]);
    }
  });

  it("is neither while they have to wait", async () => {
    [version, soak] = ["1.34", "24h"];
    succeeded(await stack.preview());
    const calls = scene.calls.all();
    expect([dryRuns(calls), kubeconfigs(calls)]).to.deep.equal([0, 0]);
  });

  it("is the nodes of a plan over several minors, too", async () => {
    [version, soak] = ["1.35", "24h"];
    succeeded(await stack.preview());
    for (const calls of [ofProgram, scene.calls.all()]) expect(kubeconfigs(calls)).to.equal(FOLLOWERS.length);
  });
});
