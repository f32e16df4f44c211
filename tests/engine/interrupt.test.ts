import { expect } from "chai";
import * as gardener from "pulumi-gardener";
import { descendants, signal } from "../../tools/processes";
import { setFault, setScene, succeeded, messagesOf, type Scene } from "./scene";

describe("an interrupted run, on the real engine", function () {
  this.timeout(120_000);
  let scene: Scene;

  before(async () => {
    scene = await setScene();
  });
  after(() => scene.close());

  /** What the terminal does at Ctrl-C. */
  function interrupt(): void {
    for (const { pid, command } of descendants()) {
      if (/\bpulumi up\b/.test(command)) signal(pid, "SIGINT");
    }
  }

  it("is finished by the next one, which waits for the rollout in progress and writes nothing more", async () => {
    const stack = await scene.open({
      program: () => {
        const { kubernetesVersion, state } = new gardener.ShootVersions("web", {
          shoot: { project: "demo", name: "web" },
          kubernetes: { version: "1.33.7" },
          machineImage: { version: "1592.14.0" },
        });
        return Promise.resolve({ kubernetesVersion, state });
      },
    });
    succeeded(await stack.up());
    await setFault(scene, "stall");

    let interrupts = 0;
    const interrupted = await stack.up({
      onEvent: ({ diagnosticEvent }) => {
        if (diagnosticEvent?.ephemeral !== true || !diagnosticEvent.message.includes(" %") || interrupts > 0)
          return;
        interrupts += 1;
        interrupt();
      },
      onOutput: (text) => {
        // The first one makes the engine stop, which waits for the provider; the second one ends it.
        if (interrupts !== 1 || !text.includes("^C received")) return;
        interrupts += 1;
        interrupt();
      },
    });
    expect(interrupted.ok).to.equal(false);
    expect(interrupts).to.be.greaterThan(0);

    scene.sandbox.garden.requests.length = 0;
    let lifted = false;
    const next = succeeded(
      await stack.up({
        onEvent: ({ diagnosticEvent }) => {
          // Once the run waits for the rollout; none of the engine's own messages reports that.
          if (diagnosticEvent?.ephemeral !== true || !diagnosticEvent.message.includes(" %") || lifted)
            return;
          lifted = true;
          void setFault(scene, null);
        },
      }),
    );
    expect(scene.writes().filter((write) => write.startsWith("PATCH"))).to.deep.equal([]);
    expect(messagesOf(next, "web")).to.contain("1.33.7");
    const { kubernetesVersion, state } = await stack.outputs();
    expect([kubernetesVersion?.value, state?.value]).to.deep.equal(["1.33.7", "upToDate"]);
  });
});
