import { expect } from "chai";
import { at, type Json, map, mapsAt, textAt } from "../../json";
import { type Scene, startScene } from "./scene";

describe("The sandbox's Cleura API: writing", () => {
  let scene: Scene;
  const patch = (body: unknown) => scene.call("PATCH", scene.web, { body });
  const put = (pool: string, body: unknown) => scene.call("PUT", `${scene.web}/workers/${pool}`, { body });
  const image = (version: string) => ({ machine: { image_version: version } });
  const message = (body: Json): string => textAt(body, "error", "message");
  const worker = (index = 0) => map(mapsAt(scene.stored(), "spec", "provider", "workers")[index]);
  const generation = () => at(scene.stored(), "metadata", "generation");
  const restart = async (options: Parameters<typeof startScene>[0]): Promise<void> => {
    await scene.close();
    scene = await startScene(options);
  };

  beforeEach(async () => {
    scene = await startScene();
  });

  afterEach(() => scene.close());

  describe("a PATCH of the Shoot", () => {
    it("sets the Kubernetes version from a bare string, and answers 202 with the Shoot", async () => {
      const answer = await patch({ kubernetes: "1.33.7" });
      expect(answer.code).to.equal(202);
      expect(textAt(answer.body, "kubernetes", "version")).to.equal("1.33.7");
      expect(textAt(scene.stored(), "spec", "kubernetes", "version")).to.equal("1.33.7");
      expect(generation()).to.equal(2);
    });

    it("ignores unknown fields", async () => {
      expect((await patch({ kubernetes: "1.33.7", colour: "blue" })).code).to.equal(202);
    });

    it("names a field of the wrong kind", async () => {
      const answer = await patch({ kubernetes: { version: "1.33.7" } });
      expect(answer.code).to.equal(400);
      expect(at(answer.body, "error", "errors")).to.deep.equal([
        { key: "kubernetes", value: "must be a version" },
      ]);
    });

    it("answers 400 with the garden's message to a skipped minor, an unknown version, a downgrade", async () => {
      const skipped = await patch({ kubernetes: "1.35.2" });
      expect(skipped.code).to.equal(400);
      expect(message(skipped.body)).to.contain("spec.kubernetes.version");
      expect(textAt(skipped.body, "error", "errors", 0, "key")).to.equal("spec.kubernetes.version");
      expect((await patch({ kubernetes: "1.33.99" })).code).to.equal(400);
      expect((await patch({ kubernetes: "1.32.9" })).code).to.equal(400);
      expect(generation()).to.equal(1);
    });

    it("answers 400 to what is not JSON", async () => {
      expect((await patch(undefined)).code).to.equal(400);
    });
  });

  describe("a PUT of a worker group", () => {
    it("changes only this group, and answers 202 with the Shoot", async () => {
      const answer = await put("pool-b", image("1592.14.0"));
      expect(answer.code).to.equal(202);
      expect(textAt(worker(0), "machine", "image", "version")).to.equal("1592.10.0");
      expect(textAt(worker(1), "machine", "image", "version")).to.equal("1592.14.0");
    });

    it("leaves what is absent and clears what is empty", async () => {
      await put("pool-a", {
        labels: [{ key: "a", value: "b" }],
        taints: [{ key: "t", effect: "NoSchedule" }],
        annotations: [{ key: "c", value: "d" }],
      });
      expect(worker()).to.deep.include({ labels: { a: "b" }, annotations: { c: "d" } });
      scene.ends();
      await put("pool-a", { labels: [], max_surge: 2 });
      expect(worker()).to.deep.include({ annotations: { c: "d" }, maxSurge: 2, minimum: 3 });
      expect(worker()).not.to.have.property("labels");
      expect(mapsAt(worker(), "taints")).to.have.length(1);
    });

    it("is no change where it sends back what is shown", async () => {
      const shown = at((await scene.call("GET", scene.web)).body, "shoot_provider", "workers", 0);
      const answer = await put("pool-a", {
        name: "pool-a",
        machine: { type: "m.large", image_version: "1592.10.0", image_name: "gardenlinux" },
        minimum: at(shown, "minimum"),
        maximum: at(shown, "maximum"),
        max_surge: at(shown, "max_surge"),
        volume_size: at(shown, "volume", "size"),
        zones: at(shown, "zones"),
        labels: [],
        annotations: [],
        taints: [],
      });
      expect(answer.code).to.equal(202);
      expect(generation()).to.equal(1);
    });

    it("answers 404 for a group that is not there", async () => {
      const answer = await put("pool-z", image("1592.14.0"));
      expect(answer.code).to.equal(404);
      expect(message(answer.body)).to.contain("pool-z");
    });

    it("answers 400 with the garden's message to an image that is not offered", async () => {
      const answer = await put("pool-a", image("1.2.3"));
      expect(answer.code).to.equal(400);
      expect(message(answer.body)).to.contain("machine.image");
    });

    it("answers 409 while another group's change is being reconciled", async () => {
      await put("pool-a", image("1592.14.0"));
      expect((await put("pool-b", image("1592.14.0"))).code).to.equal(409);
      scene.begins();
      expect((await put("pool-b", image("1592.14.0"))).code).to.equal(409);
      scene.ends();
      expect((await put("pool-b", image("1592.14.0"))).code).to.equal(202);
    });

    it("accepts the same change twice", async () => {
      await put("pool-a", image("1592.14.0"));
      expect((await put("pool-a", image("1592.14.0"))).code).to.equal(202);
      expect(generation()).to.equal(2);
    });
  });

  it('answers 409 to any change of a Shoot that is being reconciled, with conflicts "any"', async () => {
    await restart({ conflicts: "any" });
    scene.begins();
    expect((await patch({ kubernetes: "1.33.7" })).code).to.equal(409);
    expect((await put("pool-a", image("1592.14.0"))).code).to.equal(409);
    scene.ends();
    expect((await patch({ kubernetes: "1.33.7" })).code).to.equal(202);
  });

  describe("stale success", () => {
    const operation = async () => map(at((await scene.call("GET", scene.web)).body, "last_operation"));

    it("is shown after a write by the answer, reads and lists, until it ends", async () => {
      await restart({ staleness: { milliseconds: Infinity } });
      const answer = await patch({ kubernetes: "1.33.7" });
      scene.begins();
      expect(textAt(answer.body, "last_operation", "state")).to.equal("Succeeded");
      expect(await operation()).to.include({ state: "Succeeded", progress: 100 });
      const listed = (await scene.call("GET", scene.shoots)).body;
      expect(textAt(listed, 0, "last_operation", "state")).to.equal("Succeeded");
      expect(textAt(listed, 0, "kubernetes", "version")).to.equal("1.33.7");
      scene.cleura.endStaleness();
      expect(await operation()).to.include({ state: "Processing", progress: 42 });
    });

    it("includes the previous specification with staleness.spec", async () => {
      await restart({ staleness: { milliseconds: Infinity, spec: true } });
      const answer = await patch({ kubernetes: "1.33.7" });
      expect(textAt(answer.body, "kubernetes", "version")).to.equal("1.33.4");
      scene.cleura.endStaleness();
      const shoot = (await scene.call("GET", scene.web)).body;
      expect(textAt(shoot, "kubernetes", "version")).to.equal("1.33.7");
    });

    it("ends after its duration", async () => {
      await restart({ staleness: { milliseconds: Number.MIN_VALUE } });
      await patch({ kubernetes: "1.33.7" });
      scene.begins();
      expect(await operation()).to.include({ state: "Processing" });
    });

    it("does not follow a write that changes nothing", async () => {
      await restart({ staleness: { milliseconds: Infinity } });
      await patch({ kubernetes: "1.33.4" });
      scene.begins();
      expect(await operation()).to.include({ state: "Processing" });
    });
  });

  it("moves the last operation's time past a write that was done within the same second", async () => {
    const ended = (): void => {
      scene.edit((shoot) => {
        const status = map(shoot.status);
        status.observedGeneration = at(shoot, "metadata", "generation") ?? 0;
      });
    };
    const time = async () =>
      textAt((await scene.call("GET", scene.web)).body, "last_operation", "last_update_time");
    await put("pool-a", image("1592.14.0"));
    expect(await time()).to.equal("2026-11-23T04:00:00Z");
    ended();
    expect(await time()).to.equal("2026-11-23T04:00:01Z");
    await put("pool-b", image("1592.14.0"));
    ended();
    expect(await time()).to.equal("2026-11-23T04:00:02Z");
  });
});
