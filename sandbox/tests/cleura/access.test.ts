import { expect } from "chai";
import type { Account } from "../../cleura/cleura";
import { errorBody } from "../../cleura/failure";
import { textAt } from "../../json";
import { type Scene, startScene } from "./scene";

describe("The sandbox's Cleura API: access", () => {
  let scene: Scene;
  const start = async (options: Parameters<typeof startScene>[0] = {}): Promise<void> => {
    await scene.close();
    scene = await startScene(options);
  };
  const login = ({ username, password }: Account, more = {}) =>
    scene.call("POST", "/auth/v2/tokens", { body: { login: username, password, ...more } });
  const code = async (token?: string): Promise<number> =>
    (await scene.call("GET", scene.web, token === undefined ? {} : { token })).code;

  beforeEach(async () => {
    scene = await startScene();
  });

  afterEach(() => scene.close());

  it("listens on loopback only, with a certificate of its own authority", () => {
    expect(new URL(scene.cleura.url).hostname).to.equal("127.0.0.1");
    expect(scene.cleura.ca).to.contain("BEGIN CERTIFICATE").and.not.to.equal(scene.garden.ca);
  });

  it("accepts a token with its own login", async () => {
    expect(await code()).to.equal(200);
  });

  it("refuses an unknown token, and the token of another login, as invalid", async () => {
    expect(await code("guessed")).to.equal(403);
    const answer = await scene.call("GET", scene.web, {
      login: scene.cleura.accounts.withoutRights.username,
    });
    expect(answer.code).to.equal(403);
    expect(answer.body).to.deep.equal({ error: { code: 403, message: "Invalid token" } });
  });

  it("issues a token for user and password", async () => {
    const answer = await login(scene.cleura);
    expect(answer.code).to.equal(201);
    expect(textAt(answer.body, "result")).to.equal("login_ok");
    expect(await code(textAt(answer.body, "token"))).to.equal(200);
  });

  it("answers 401 to a wrong password and 400 to none", async () => {
    expect((await login({ ...scene.cleura, password: "guessed" })).code).to.equal(401);
    const answer = await scene.call("POST", "/auth/v2/tokens", { body: { login: scene.cleura.username } });
    expect(answer.code).to.equal(400);
    expect(textAt(answer.body, "error", "errors", 0, "key")).to.equal("password");
  });

  it("issues no token where a second factor is required", async () => {
    const answer = await login(scene.cleura.accounts.secondFactor);
    expect(answer.code).to.equal(201);
    expect(answer.body).to.have.all.keys("result", "type", "verification");
    expect(answer.body).to.include({ result: "twofactor_required", type: "sms" });
  });

  it("offers several second factors for choice", async () => {
    const account = scene.cleura.accounts.secondFactors;
    expect((await login(account)).body).to.deep.equal({
      result: "twofactor_options",
      options: ["sms", "webauthn"],
    });
    const chosen = await login(account, { two_factor_method: "webauthn" });
    expect(chosen.body).to.include({ result: "twofactor_required", type: "webauthn" });
  });

  it("accepts an existing token of an account with a second factor", async () => {
    const { username, token } = scene.cleura.accounts.secondFactor;
    expect((await scene.call("GET", scene.web, { login: username, token })).code).to.equal(200);
  });

  it("validates a token and revokes it", async () => {
    const validate = () => scene.call("POST", "/auth/v2/tokens/validate");
    expect((await validate()).code).to.equal(204);
    expect((await scene.call("DELETE", "/auth/v2/tokens")).code).to.equal(204);
    expect((await validate()).code).to.equal(403);
  });

  it("refuses an account without rights with 403, but not as an invalid token", async () => {
    const { username: login, token } = scene.cleura.accounts.withoutRights;
    const refused = await scene.call("GET", scene.web, { login, token });
    expect(refused.code).to.equal(403);
    expect(textAt(refused.body, "error", "message")).to.match(/^No access/);
  });

  it("expires all tokens at once; a new one is accepted", async () => {
    scene.cleura.expireTokens();
    expect(await code()).to.equal(403);
    expect(await code(textAt((await login(scene.cleura)).body, "token"))).to.equal(200);
  });

  it("limits a token to a number of calls", async () => {
    await start({ requestsPerToken: 2 });
    expect([await code(), await code(), await code()]).to.deep.equal([200, 200, 403]);
  });

  it('serves no version 2 with api "v1", and validates tokens by version 1', async () => {
    await start({ api: "v1" });
    expect(await code()).to.equal(404);
    expect((await login(scene.cleura)).code).to.equal(404);
    expect((await scene.call("POST", "/auth/v1/tokens/validate")).code).to.equal(204);
  });

  it("records every call, with its body and its user agent", async () => {
    await scene.call("PATCH", `${scene.web}?a=b`, { body: { kubernetes: "1.33.7" } });
    const [call] = scene.cleura.requests;
    expect(call).to.deep.include({
      method: "PATCH",
      path: scene.web,
      query: { a: "b" },
      user: scene.cleura.username,
      userAgent: "test/1",
      body: { kubernetes: "1.33.7" },
    });
  });

  it("answers with injected faults", async () => {
    const stop = scene.cleura.intercept(({ method }) =>
      method === "GET" ? { kind: "answer", code: 503, body: errorBody(503, "later") } : undefined,
    );
    expect(await code()).to.equal(503);
    stop();
    expect(await code()).to.equal(200);
    scene.cleura.intercept(() => ({ kind: "cut" }));
    let cut = false;
    await code().catch(() => (cut = true));
    expect(cut).to.equal(true);
  });

  it("has the Date of the clock of its operations", async () => {
    const { headers } = await scene.call("GET", scene.web);
    expect(headers.date).to.equal("Mon, 23 Nov 2026 04:00:00 GMT");
  });
});
