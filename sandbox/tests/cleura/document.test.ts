import { expect } from "chai";
import { at, child, map, mapsAt, text, textAt } from "../../json";
import type { Caller, CallOptions } from "./caller";
import { operationOf, operations } from "./document";
import { type Scene, startScene } from "./scene";

/** The caller refuses what deviates, so that it is enough to call. */
describe("The sandbox's Cleura API answers as Cleura describes it", () => {
  let scene: Scene;
  /** `PATCH /path 202` of each answer. */
  let seen: Set<string>;
  let call: Caller;

  beforeEach(async () => {
    scene = await startScene({ conflicts: "any" });
    seen = new Set();
    call = async (method, path, options) => {
      const answer = await scene.call(method, path, options);
      const operation = operationOf(method, path);
      seen.add(`${method} ${operation?.path ?? path} ${answer.code}`);
      return answer;
    };
  });

  afterEach(() => scene.close());

  const v3 = () => `${scene.web.replace("/v2/", "/v3/")}/admin-kubeconfig`;
  const bodies = (): Readonly<Record<string, CallOptions>> => ({
    "POST /auth/v2/tokens": { body: { login: scene.cleura.username, password: scene.cleura.password } },
    [`PATCH ${scene.web}`]: { body: { kubernetes: "1.33.7" } },
    [`PUT ${scene.web}/workers/pool-a`]: { body: { machine: { image_version: "1592.14.0" } } },
    [`POST ${scene.web}/admin-kubeconfig`]: { body: { expiration_seconds: 600 } },
    [`POST ${v3()}`]: { body: { expiration_seconds: 600 } },
  });

  /** Every operation, each as it succeeds; the token's end comes last. */
  const calls = (): readonly (readonly [string, string])[] => [
    ["POST", "/auth/v2/tokens"],
    ["POST", "/auth/v2/tokens/validate"],
    ["GET", "/gardener/v2/public/cloud-profiles"],
    ["GET", scene.shoots],
    ["GET", scene.web],
    ["POST", `${scene.web}/admin-kubeconfig`],
    ["POST", v3()],
    ["GET", `${scene.web}/upgrade/check?target_version=1.34.3`],
    ["PUT", `${scene.web}/upgrade/prepare?target_version=1.34.3`],
    ["PATCH", `${scene.web}/upgrade/revert?target_version=1.34.3`],
    ["PUT", `${scene.web}/workers/pool-a`],
    ["PATCH", scene.web],
    ["DELETE", "/auth/v2/tokens"],
  ];

  it("in every operation that it serves, where that succeeds", async () => {
    for (const [method, path] of calls().filter(([, path]) => !path.includes("kubeconfig"))) {
      scene.ends();
      await call(method, path, bodies()[`${method} ${path}`]);
    }
    // Kubeconfigs need a running cluster: journey.test.ts requests them.
    const here = operations.filter(({ path }) => !path.includes("kubeconfig"));
    const expected = here.map(({ method, path, code = 202 }) => `${method} ${path} ${code}`);
    expect([...seen].sort()).to.deep.equal([...expected].sort());
  });

  it("in every operation where the token is invalid", async () => {
    for (const [method, path] of calls().slice(1)) {
      const answer = await call(method, path, { ...bodies()[`${method} ${path}`], token: "invalid" });
      expect(answer.code, path).to.equal(403);
    }
  });

  it("in every operation on Shoots where a right is missing", async () => {
    const { username: login, token } = scene.cleura.accounts.withoutRights;
    for (const [method, path] of calls().filter(([, one]) => one.startsWith("/gardener"))) {
      const answer = await call(method, path, { ...bodies()[`${method} ${path}`], login, token });
      expect(answer.code, path).to.equal(403);
    }
  });

  it("in every operation on a Shoot where there is none", async () => {
    const elsewhere = (path: string) => path.replace("/web", "/none");
    const onShoot = calls().filter(([, path]) => path.startsWith(scene.web) || path === v3());
    for (const [method, path] of onShoot) {
      const answer = await call(method, elsewhere(path), bodies()[`${method} ${path}`]);
      expect(answer.code, path).to.equal(404);
    }
  });

  it("in every operation with a body or a query where that is malformed", async () => {
    for (const [method, path] of calls().filter(([method, path]) => `${method} ${path}` in bodies())) {
      expect((await call(method, path, { body: ["no object"] })).code, path).to.equal(400);
    }
    for (const [method, path] of calls().filter(([, path]) => path.includes("target_version"))) {
      expect((await call(method, path.replace("1.34.3", "next"))).code, path).to.equal(400);
    }
  });

  it("where a version or an image is refused, where another change is in progress, and where nothing is served", async () => {
    expect((await call("PATCH", scene.web, { body: { kubernetes: "1.35.2" } })).code).to.equal(400);
    const pool = `${scene.web}/workers/pool-a`;
    expect((await call("PUT", pool, { body: { machine: { image_version: "1.2.3" } } })).code).to.equal(400);
    scene.begins();
    expect((await call("PATCH", scene.web, { body: { kubernetes: "1.33.7" } })).code).to.equal(409);
    for (const path of ["/", "/gardener/v2", "/gardener/v3/public/cloud-profiles", `${scene.web}/nothing`]) {
      expect((await call("GET", path)).code, path).to.equal(404);
    }
  });

  it("for accounts with a second factor", async () => {
    const { secondFactor, secondFactors } = scene.cleura.accounts;
    for (const { username: login, password } of [secondFactor, secondFactors]) {
      expect((await call("POST", "/auth/v2/tokens", { body: { login, password } })).code).to.equal(201);
    }
  });

  it("for a Shoot with all fields", async () => {
    scene.edit((shoot) => {
      Object.assign(map(mapsAt(shoot, "spec", "provider", "workers")[0]), {
        maxSurge: "25%",
        maxUnavailable: "10%",
        labels: { tier: "front" },
        annotations: { note: "" },
        taints: [{ key: "only", effect: "NoSchedule" }],
      });
      const spec = child(shoot, "spec");
      spec.hibernation = { schedules: [{ start: "0 18 * * 1-5", location: "Europe/Stockholm" }] };
      spec.controlPlane = { highAvailability: { failureTolerance: { type: "node" } } };
      const status = child(shoot, "status");
      status.lastErrors = [{ description: "no quota", codes: ["ERR_INFRA_QUOTA_EXCEEDED"] }];
      status.conditions = [{ type: "EveryNodeReady", status: "Unknown" }];
    });
    const shown = (await call("GET", scene.web)).body;
    expect(at(shown, "shoot_provider", "workers", 0)).to.include({ max_surge: 1, max_unavailable: 0 });
    expect(mapsAt(shown, "status", "conditions").map((one) => text(one.message))).to.deep.equal([""]);
  });

  it("for a Shoot with few fields", async () => {
    scene.edit((shoot) => {
      shoot.status = {};
      const spec = child(shoot, "spec");
      delete spec.purpose;
      delete spec.maintenance;
      for (const worker of mapsAt(spec, "provider", "workers")) {
        for (const key of ["maxSurge", "maxUnavailable", "zones", "volume"]) delete worker[key];
      }
    });
    const shown = map((await call("GET", scene.web)).body);
    expect(shown).not.to.have.any.keys("last_operation", "uid");
    expect(textAt(shown, "purpose")).to.equal("evaluation");
  });
});
