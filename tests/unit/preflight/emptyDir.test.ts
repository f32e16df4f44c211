import { expect } from "chai";
import { aPod, cart, checked, rulesOf } from "./scene";

describe("the drain check of emptyDir volumes", () => {
  const on = (...media: (string | undefined)[]) => ({
    volumes: media.map((medium, index) => ({ name: `v${index}`, emptyDir: { medium } })),
  });
  const found = async (...pods: object[]) =>
    (await checked("drain", { objects: { ...cart, pods } })).findings.filter(
      ({ rule }) => rule === "emptyDir",
    );

  it("is one note for all pods, with the largest owners, memory apart", async () => {
    const replicas = [1, 2, 3].map((index) => aPod(`cart-${index}`, { spec: on(undefined) }));
    const owner = (name: string) => ({ owner: { kind: "StatefulSet", name } });
    const notes = await found(
      ...replicas,
      ...["a", "b", "c"].map((name) => aPod(`${name}-0`, { ...owner(name), spec: on("", "Memory") })),
      aPod("job", { owner: null, spec: on("HugePages-2Mi") }),
    );
    expect(rulesOf(notes)).to.deep.equal(["info emptyDir garden-demo/web"]);
    expect(notes[0]?.found).to.equal(
      "emptyDir volumes: 6 pods on disk (Deployment shop/cart: 3, StatefulSet shop/a: 1, StatefulSet shop/b: 1 and 1 more); " +
        "4 pods in memory (StatefulSet shop/a: 1, StatefulSet shop/b: 1, StatefulSet shop/c: 1 and 1 more)",
    );
    expect(notes[0]?.related).to.have.length(5);
  });

  it("does not count pods of DaemonSets, of Gardener, that have ended, or on nodes that stay", async () => {
    const spec = on(undefined);
    const ignored = [
      aPod("agent", { owner: { kind: "DaemonSet", name: "agent" }, spec }),
      aPod("coredns", { labels: { origin: "gardener" }, spec }),
      aPod("done", { phase: "Succeeded", spec }),
      aPod("elsewhere", { node: "node-9", spec }),
    ];
    expect(await found(...ignored)).to.deep.equal([]);
  });

  it("is none without such volumes", async () => {
    const claim = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };
    expect(await found(aPod("a", { spec: claim }))).to.deep.equal([]);
  });
});
