import { expect } from "chai";
import { at, child, type Json, map, mapsAt, textAt } from "../../json";
import { type Scene, startScene } from "./scene";

const NOTES = "https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.34.md";

describe("The sandbox's Cleura API: the upgrade gate", () => {
  let scene: Scene;
  const METHODS = { check: "GET", prepare: "PUT", revert: "PATCH" } as const;
  const ask = async (step: keyof typeof METHODS, version = "1.34.3"): Promise<Json> => {
    const path = `${scene.web}/upgrade/${step}?target_version=${version}`;
    const answer = await scene.call(METHODS[step], path);
    expect(answer.code).to.equal(200);
    return answer.body;
  };
  const outcome = async (step: keyof typeof METHODS, version?: string) =>
    textAt(await ask(step, version), "outcome");
  const upgrade = async (version = "1.34.3") =>
    (await scene.call("PATCH", scene.web, { body: { kubernetes: version } })).code;
  const details = (body: Json): string => JSON.stringify(at(body, "details"));

  beforeEach(async () => {
    scene = await startScene({ gate: { unprepared: 400, preparationMilliseconds: 0 } });
  });

  afterEach(() => scene.close());

  it("is ready for the next minor of a healthy Shoot, with its upgrade notes", async () => {
    expect(await ask("check")).to.deep.equal({
      outcome: "ready",
      details: ["Cluster is ready for upgrade"],
      upgrade_notes: NOTES,
    });
  });

  it("is ready for a patch, which needs no notes", async () => {
    expect(await ask("check", "1.33.7")).to.deep.equal({
      outcome: "ready",
      details: ["Cluster is ready for upgrade"],
    });
  });

  it("is not ready for a skipped minor or an unknown version, in the garden's words", async () => {
    for (const version of ["1.35.2", "1.34.99", "1.32.9"]) {
      const answer = await ask("check", version);
      expect(textAt(answer, "outcome"), version).to.equal("not_ready");
      expect(details(answer)).to.contain("spec.kubernetes.version");
    }
  });

  it("is not ready while a condition is false, and names it", async () => {
    scene.edit((shoot) => {
      const conditions = mapsAt(shoot, "status", "conditions");
      Object.assign(map(conditions[3]), { status: "False", message: "A node is down." });
    });
    const answer = await ask("check");
    expect(textAt(answer, "outcome")).to.equal("not_ready");
    expect(details(answer)).to.contain("EveryNodeReady is False: A node is down.");
  });

  it("is not ready while the Shoot is at work", async () => {
    scene.begins();
    expect(await outcome("check")).to.equal("not_ready");
  });

  it("asks for a target", async () => {
    expect((await scene.call("GET", `${scene.web}/upgrade/check`)).code).to.equal(400);
  });

  it("changes nothing by a check", async () => {
    await ask("check");
    expect(scene.cleura.gate.target("web")).to.equal(undefined);
    expect(at(scene.stored(), "metadata", "generation")).to.equal(1);
  });

  it("prepares for a while, pending, and is ready then", async () => {
    scene.cleura.gate.setPreparation(Infinity);
    expect(await outcome("prepare")).to.equal("pending");
    expect(await outcome("check")).to.equal("pending");
    expect(scene.cleura.gate.target("web")).to.equal("1.34.3");
    scene.cleura.gate.endPreparations();
    expect(await outcome("check")).to.equal("ready");
    expect(await outcome("prepare")).to.equal("ready");
  });

  it("prepares nothing that is not ready", async () => {
    expect(await outcome("prepare", "1.35.2")).to.equal("not_ready");
    expect(scene.cleura.gate.target("web")).to.equal(undefined);
  });

  it("refuses a minor that is not prepared, one that still is being, and one prepared for another", async () => {
    expect(await upgrade()).to.equal(400);
    scene.cleura.gate.setPreparation(Infinity);
    await ask("prepare");
    expect(await upgrade()).to.equal(400);
    scene.cleura.gate.endPreparations();
    expect(await upgrade("1.34.1")).to.equal(400);
    expect(await upgrade()).to.equal(202);
  });

  it("says why it refuses", async () => {
    const { body } = await scene.call("PATCH", scene.web, { body: { kubernetes: "1.34.3" } });
    expect(textAt(body, "error", "message")).to.equal("Shoot web is not prepared for an upgrade to 1.34.3");
  });

  it("lets a patch pass without a preparation", async () => {
    expect(await upgrade("1.33.7")).to.equal(202);
  });

  it("has a preparation serve one upgrade", async () => {
    await ask("prepare");
    await upgrade();
    expect(scene.cleura.gate.target("web")).to.equal(undefined);
  });

  it("reverts what was prepared", async () => {
    await ask("prepare");
    expect(await outcome("revert")).to.equal("Success");
    expect(scene.cleura.gate.target("web")).to.equal(undefined);
    expect(await upgrade()).to.equal(400);
  });

  it("keeps the preparation where the garden refuses the change", async () => {
    await ask("prepare");
    scene.edit((shoot) => {
      child(child(shoot, "spec"), "kubernetes").version = "1.32.9";
    });
    expect(await upgrade()).to.equal(400);
    expect(scene.cleura.gate.target("web")).to.equal("1.34.3");
  });

  for (const [unprepared, code] of [
    [409, 409],
    [undefined, 202],
  ] as const) {
    it(`answers an unprepared minor with ${code} where it is told ${unprepared ?? "nothing else"}`, async () => {
      await scene.close();
      scene = await startScene({ gate: unprepared === undefined ? {} : { unprepared } });
      expect(await upgrade()).to.equal(code);
    });
  }

  it("answers as a test wants, in turn, and counts", async () => {
    const { gate } = scene.cleura;
    const release = gate.force(
      "check",
      { outcome: "pending", details: ["wait"] },
      { outcome: "Success", details: [], upgradeNotes: "https://notes" },
    );
    expect(await ask("check")).to.deep.equal({ outcome: "pending", details: ["wait"] });
    const success = { outcome: "Success", details: [], upgrade_notes: "https://notes" };
    expect(await ask("check")).to.deep.equal(success);
    expect(await ask("check")).to.deep.equal(success);
    release();
    expect(await outcome("check")).to.equal("ready");
    expect(gate.calls).to.deep.equal({ check: 4, prepare: 0, revert: 0 });
  });

  it("takes a preparation that is said to be a success for one", async () => {
    scene.cleura.gate.force("prepare", { outcome: "Success", details: [] });
    await ask("prepare");
    expect(await upgrade()).to.equal(202);
  });
});
