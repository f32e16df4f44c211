import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { descendants, isRunning, signal } from "../../tools/processes";
import { setFault, setScene, succeeded, type Scene } from "./scene";

describe("an engine that is killed, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;
  let kubernetesVersion = "1.33.4";

  before(async () => {
    scene = await setScene();
  });
  after(() => scene.close());

  it("takes the provider with it, which writes nothing that it was waiting to write, and the next run continues", async () => {
    const stack = await scene.open({
      program: () => {
        const { state } = new gardener.ShootVersions("web", {
          shoot: { project: "demo", name: "web" },
          kubernetes: { version: kubernetesVersion },
        });
        return Promise.resolve({ state });
      },
    });
    succeeded(await stack.up());

    // A minor waits until the Shoot is healthy.
    kubernetesVersion = "1.34.3";
    await setFault(scene, "unhealthy=EveryNodeReady");
    scene.calls.forget();
    let providers: readonly number[] = [];
    const killed = await stack.up({
      onEvent: ({ diagnosticEvent }) => {
        if (diagnosticEvent?.ephemeral !== true || !diagnosticEvent.message.includes("waiting")) return;
        if (providers.length > 0) return;
        const started = descendants();
        providers = started.flatMap(({ pid, command }) =>
          command.includes("dynamic-provider") ? [pid] : [],
        );
        for (const { pid, command } of started) if (/\bpulumi up\b/.test(command)) signal(pid, "SIGKILL");
      },
    });
    expect(killed.ok).to.equal(false);
    expect(providers).not.to.deep.equal([]);
    await setFault(scene, null);
    // A process that is not ours tells nobody of its end.
    while (providers.some(isRunning)) await delay(100);
    expect(scene.writes()).to.deep.equal([]);

    await stack.cancel();
    succeeded(await stack.up());
    expect((await stack.outputs())["state"]?.value).to.equal("upToDate");
  });
});
