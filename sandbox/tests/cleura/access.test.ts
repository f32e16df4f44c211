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

  it("listens on loopback alone, with a certificate of its own authority", () => {
    expect(new URL(scene.cleura.url).hostname).to.equal("127.0.0.1");
    expect(scene.cleura.ca).to.contain("BEGIN CERTIFICATE").and.not.to.equal(scene.garden.ca);
  });

  it("lets in whose login and token belong together", async () => {
    expect(await code()).to.equal(200);
  });

  it("calls an unknown token invalid, and the token of another", async () => {
    expect(await code("guessed")).to.equal(403);
    const answer = await scene.call("GET", scene.web, {
      login: scene.cleura.accounts.withoutRights.username,
    });
    expect(answer.code).to.equal(403);
    expect(answer.body).to.deep.equal({ error: { code: 403, message: "Invalid token" } });
  });

  it("gives a token for user and password", async () => {
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

  it("gives no token where a second factor is asked for", async () => {
    const answer = await login(scene.cleura.accounts.secondFactor);
    expect(answer.code).to.equal(201);
    expect(answer.body).to.have.all.keys("result", "type", "verification");
    expect(answer.body).to.include({ result: "twofactor_required", type: "sms" });
  });

  it("lets an account with several second factors choose", async () => {
    const account = scene.cleura.accounts.secondFactors;
    expect((await login(account)).body).to.deep.equal({
      result: "twofactor_options",
      options: ["sms", "webauthn"],
    });
    const chosen = await login(account, { two_factor_method: "webauthn" });
    expect(chosen.body).to.include({ result: "twofactor_required", type: "webauthn" });
  });

  it("takes a token of an account with a second factor, made beforehand", async () => {
    const { username, token } = scene.cleura.accounts.secondFactor;
    expect((await scene.call("GET", scene.web, { login: username, token })).code).to.equal(200);
  });

  it("validates a token and revokes it", async () => {
    const validate = () => scene.call("POST", "/auth/v2/tokens/validate");
    expect((await validate()).code).to.equal(204);
    expect((await scene.call("DELETE", "/auth/v2/tokens")).code).to.equal(204);
    expect((await validate()).code).to.equal(403);
  });

  it("tells missing rights from a forbidden address, both 403", async () => {
    const answerTo = ({ username, token }: Account) =>
      scene.call("GET", scene.web, { login: username, token });
    const { withoutRights, restricted } = scene.cleura.accounts;
    const refused = await answerTo(withoutRights);
    expect(refused.code).to.equal(403);
    expect(textAt(refused.body, "error", "message")).to.match(/^No access/);
    const elsewhere = await answerTo(restricted);
    expect(elsewhere.code).to.equal(403);
    expect(textAt(elsewhere.body, "error", "message")).to.equal("Forbidden IP");
    expect((await login(restricted)).code).to.equal(403);
  });

  it("lets all tokens expire at once; a new one is good", async () => {
    scene.cleura.expireTokens();
    expect(await code()).to.equal(403);
    expect(await code(scene.cleura.issueToken())).to.equal(200);
  });

  it("lets a token live for so many calls", async () => {
    await start({ tokenLife: { requests: 2 } });
    expect([await code(), await code(), await code()]).to.deep.equal([200, 200, 403]);
  });

  it("lets a token live for so long", async () => {
    await start({ tokenLife: { milliseconds: 0 } });
    expect(await code()).to.equal(403);
  });

  it("answers 401 to a dead token where it is told to", async () => {
    await start({ deadToken: 401 });
    expect(await code("guessed")).to.equal(401);
  });

  it("tells who a token belongs to", async () => {
    const { body } = await scene.call("GET", "/identity/v2/current-user");
    expect(textAt(body, "name")).to.equal(scene.cleura.username);
  });

  it("knows no version 2 where it is an old server", async () => {
    await start({ api: "v1" });
    const { username, password, token, projectId } = scene.cleura;
    expect(await code()).to.equal(404);
    expect((await login(scene.cleura)).code).to.equal(404);
    const old = await scene.call("POST", "/auth/v1/tokens", {
      body: { auth: { login: username, password } },
    });
    expect(old.code).to.equal(200);
    expect((await scene.call("POST", "/auth/v1/tokens/validate", { token })).code).to.equal(204);
    const shoot = await scene.call("GET", `/gardener/v1/public/shoot/sto2/${projectId}/web`);
    expect(textAt(shoot.body, "spec", "kubernetes", "version")).to.equal("1.33.4");
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

  it("can be disturbed", async () => {
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

  it("tells the time of its operations' clock", async () => {
    const { headers } = await scene.call("GET", scene.web);
    expect(headers.date).to.equal("Mon, 23 Nov 2026 04:00:00 GMT");
  });
});
