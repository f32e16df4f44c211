import { expect } from "chai";
import { at, child, type Json, map, mapsAt, textAt } from "../../json";
import { type Scene, startScene } from "./scene";

const NOTES = "https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.34.md";

describe("The sandbox's Cleura API: upgrade preparation", () => {
  let scene: Scene;
  const METHODS = { check: "GET", prepare: "PUT", revert: "PATCH" } as const;
  const respond = async (step: keyof typeof METHODS, version = "1.34.3"): Promise<Json> => {
    const path = `${scene.web}/upgrade/${step}?target_version=${version}`;
    const answer = await scene.call(METHODS[step], path);
    expect(answer.code).to.equal(200);
    return answer.body;
  };
  const outcome = async (step: keyof typeof METHODS, version?: string) =>
    textAt(await respond(step, version), "outcome");
  const upgrade = async (version = "1.34.3") =>
    (await scene.call("PATCH", scene.web, { body: { kubernetes: version } })).code;
  const details = (body: Json): string => JSON.stringify(at(body, "details"));

  beforeEach(async () => {
    scene = await startScene({ preparation: { unprepared: 400, milliseconds: 0 } });
  });

  afterEach(() => scene.close());

  it("is ready for the next minor of a healthy Shoot, with its upgrade notes", async () => {
    expect(await respond("check")).to.deep.equal({
      outcome: "ready",
      details: ["Cluster is ready for upgrade"],
      upgrade_notes: NOTES,
    });
  });

  it("is ready for a patch, which needs no notes", async () => {
    expect(await respond("check", "1.33.7")).to.deep.equal({
      outcome: "ready",
      details: ["Cluster is ready for upgrade"],
    });
  });

  it("is not ready for a skipped minor or an unknown version, in the garden's words", async () => {
    for (const version of ["1.35.2", "1.34.99", "1.32.9"]) {
      const answer = await respond("check", version);
      expect(textAt(answer, "outcome"), version).to.equal("not_ready");
      expect(details(answer)).to.contain("spec.kubernetes.version");
    }
  });

  it("is not ready while a condition is false, and names it", async () => {
    scene.edit((shoot) => {
      const conditions = mapsAt(shoot, "status", "conditions");
      Object.assign(map(conditions[3]), { status: "False", message: "A node is down." });
    });
    const answer = await respond("check");
    expect(textAt(answer, "outcome")).to.equal("not_ready");
    expect(details(answer)).to.contain("EveryNodeReady is False: A node is down.");
  });

  it("is not ready while the Shoot is at work", async () => {
    scene.begins();
    expect(await outcome("check")).to.equal("not_ready");
  });

  it("requires a target", async () => {
    expect((await scene.call("GET", `${scene.web}/upgrade/check`)).code).to.equal(400);
  });

  it("does not change anything by a check", async () => {
    await respond("check");
    expect(scene.cleura.preparation.target("web")).to.equal(undefined);
    expect(at(scene.stored(), "metadata", "generation")).to.equal(1);
  });

  it("prepares for a while, pending, and is ready then", async () => {
    scene.cleura.preparation.setPreparation(Infinity);
    expect(await outcome("prepare")).to.equal("pending");
    expect(await outcome("check")).to.equal("pending");
    expect(scene.cleura.preparation.target("web")).to.equal("1.34.3");
    scene.cleura.preparation.endPreparations();
    expect(await outcome("check")).to.equal("ready");
    expect(await outcome("prepare")).to.equal("ready");
  });

  it("does not prepare what is not ready", async () => {
    expect(await outcome("prepare", "1.35.2")).to.equal("not_ready");
    expect(scene.cleura.preparation.target("web")).to.equal(undefined);
  });

  it("refuses a minor that is not prepared, one that still is being, and one prepared for another", async () => {
    expect(await upgrade()).to.equal(400);
    scene.cleura.preparation.setPreparation(Infinity);
    await respond("prepare");
    expect(await upgrade()).to.equal(400);
    scene.cleura.preparation.endPreparations();
    expect(await upgrade("1.34.1")).to.equal(400);
    expect(await upgrade()).to.equal(202);
  });

  it("reports why it refuses", async () => {
    const { body } = await scene.call("PATCH", scene.web, { body: { kubernetes: "1.34.3" } });
    expect(textAt(body, "error", "message")).to.equal("Shoot web is not prepared for an upgrade to 1.34.3");
  });

  it("accepts a patch without a preparation", async () => {
    expect(await upgrade("1.33.7")).to.equal(202);
  });

  it("has a preparation serve one upgrade", async () => {
    await respond("prepare");
    await upgrade();
    expect(scene.cleura.preparation.target("web")).to.equal(undefined);
  });

  it("reverts what was prepared", async () => {
    await respond("prepare");
    expect(await outcome("revert")).to.equal("Success");
    expect(scene.cleura.preparation.target("web")).to.equal(undefined);
    expect(await upgrade()).to.equal(400);
  });

  it("keeps the preparation where the garden refuses the change", async () => {
    await respond("prepare");
    scene.edit((shoot) => {
      child(child(shoot, "spec"), "kubernetes").version = "1.32.9";
    });
    expect(await upgrade()).to.equal(400);
    expect(scene.cleura.preparation.target("web")).to.equal("1.34.3");
  });

  for (const [unprepared, code] of [
    [409, 409],
    [undefined, 202],
  ] as const) {
    it(`answers an unprepared minor with ${code} with unprepared: ${unprepared ?? "accepted"}`, async () => {
      await scene.close();
      scene = await startScene({ preparation: unprepared === undefined ? {} : { unprepared } });
      expect(await upgrade()).to.equal(code);
    });
  }

  it("answers as forced, in turn, and counts", async () => {
    const { preparation } = scene.cleura;
    const release = preparation.force(
      "check",
      { outcome: "pending", details: ["wait"] },
      { outcome: "Success", details: [], upgradeNotes: "https://notes" },
    );
    expect(await respond("check")).to.deep.equal({ outcome: "pending", details: ["wait"] });
    const success = { outcome: "Success", details: [], upgrade_notes: "https://notes" };
    expect(await respond("check")).to.deep.equal(success);
    expect(await respond("check")).to.deep.equal(success);
    release();
    expect(await outcome("check")).to.equal("ready");
    expect(preparation.calls).to.deep.equal({ check: 4, prepare: 0, revert: 0 });
  });

  it("treats a preparation with a forced success as prepared", async () => {
    scene.cleura.preparation.force("prepare", { outcome: "Success", details: [] });
    await respond("prepare");
    expect(await upgrade()).to.equal(202);
  });
});
