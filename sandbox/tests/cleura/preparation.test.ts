import { expect } from "chai";
import { at, type Json, map, mapsAt, textAt } from "../../json";
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
    scene = await startScene();
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

  it("is not ready for a skipped minor or an unknown version, with the garden's message", async () => {
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

  it("is not ready while the Shoot is being reconciled", async () => {
    scene.begins();
    expect(await outcome("check")).to.equal("not_ready");
  });

  it("requires a target", async () => {
    expect((await scene.call("GET", `${scene.web}/upgrade/check`)).code).to.equal(400);
  });

  it("does not change anything by a check", async () => {
    await respond("check");
    expect(at(scene.stored(), "metadata", "generation")).to.equal(1);
  });

  it("is pending while it is prepared", async () => {
    await scene.close();
    scene = await startScene({ preparationMilliseconds: Infinity });
    expect(await outcome("prepare")).to.equal("pending");
    expect(await outcome("check")).to.equal("pending");
    expect(await outcome("check", "1.34.1")).to.equal("ready");
  });

  it("is ready when it has been prepared", async () => {
    expect(await outcome("prepare")).to.equal("ready");
    expect(await outcome("check")).to.equal("ready");
  });

  it("does not prepare what is not ready", async () => {
    expect(await outcome("prepare", "1.35.2")).to.equal("not_ready");
  });

  it("accepts the upgrade that was prepared, and one that was not", async () => {
    await respond("prepare", "1.34.1");
    expect(await upgrade("1.34.3")).to.equal(202);
  });

  it("reverts what was prepared", async () => {
    await scene.close();
    scene = await startScene({ preparationMilliseconds: Infinity });
    await respond("prepare");
    expect(await outcome("revert")).to.equal("Success");
    expect(await outcome("check")).to.equal("ready");
  });

  it("answers as forced", async () => {
    const answer = { outcome: "Success", details: [], upgradeNotes: "https://notes" } as const;
    const release = scene.cleura.preparation.force("check", answer);
    const success = { outcome: "Success", details: [], upgrade_notes: "https://notes" };
    expect(await respond("check")).to.deep.equal(success);
    expect(await respond("check")).to.deep.equal(success);
    release();
    expect(await outcome("check")).to.equal("ready");
  });
});
