import { expect } from "chai";
import { inspect } from "node:util";
import { createCa } from "../../../../sandbox/pki";
import { UserError } from "../../../../provider/model/problem";
import { dropConnection, sendJson, type Route } from "../support/api-server";
import { failureOf } from "../support/failures";
import { startProxy } from "../support/proxy";
import { fakeCleura } from "./command";
import {
  admitting,
  admittingOnly,
  answer,
  LOGIN,
  page,
  PROFILES,
  startFakeApi,
  type FakeApi,
} from "./fakeApi";
import { refusal } from "./scene";

const subject = "Shoot web";
const byToken = { CLEURA_API_USERNAME: "jane", CLEURA_API_TOKEN: "env-s3cr3t" };
const byPassword = { CLEURA_API_USERNAME: "jane", CLEURA_API_PASSWORD: "pass-s3cr3t" };
const byConfig = { "gardener:cleuraUsername": "robot", "gardener:cleuraToken": "conf-s3cr3t" };

describe("a connection to Cleura's API", function () {
  this.timeout(10_000);
  let api: FakeApi;
  beforeEach(async () => (api = await startFakeApi()));
  afterEach(() => api.close());

  const get = async (...given: Parameters<FakeApi["open"]>) =>
    api.client(await api.open(...given)).get("/cloud-profiles", { subject });
  const tokensSeen = () => api.server.requests.map(({ headers }) => headers["x-auth-token"]);

  describe("whose token has expired", () => {
    it("tries every source in turn, in one request", async () => {
      api.server.on(PROFILES, admitting("token-of-cli"));
      const env = { ...byToken, PATH: await api.command() };
      expect((await get(env, byConfig)).kind).to.equal("ok");
      expect(tokensSeen()).to.deep.equal(["env-s3cr3t", "conf-s3cr3t", "token-of-cli"]);
    });

    it("tries every source after a 403 too, as real servers answer", async () => {
      api.server.on(PROFILES, admittingOnly("token-of-cli"));
      const env = { ...byToken, PATH: await api.command() };
      expect((await get(env, byConfig)).kind).to.equal("ok");
      expect(tokensSeen()).to.deep.equal(["env-s3cr3t", "conf-s3cr3t", "token-of-cli"]);
    });

    it("reports the token, and not a missing right, if there is no other source", async () => {
      api.server.on(PROFILES, admittingOnly());
      const { message } = await failureOf(get(byToken), "GU007");
      expect(message)
        .to.contain("CLEURA_API_TOKEN")
        .and.not.match(/lacks the right|s3cr3t/);
    });

    it("logs in once more for requests that were refused together with 403", async () => {
      api.server.on(
        LOGIN,
        answer(201, { result: "login_ok", token: "one" }),
        answer(201, { result: "login_ok", token: "two" }),
      );
      api.server.on(PROFILES, admittingOnly("two"));
      const client = api.client(await api.open(byPassword));
      await Promise.all([1, 2, 3].map(() => client.get("/cloud-profiles", { subject })));
      expect(api.server.calls().filter((call) => call === LOGIN)).to.have.length(2);
    });

    it("uses a new login of the command, although the environment has an expired token", async () => {
      api.server.on(PROFILES, admittingOnly("token-of-today"));
      const env = { ...byToken, PATH: await api.command() };
      const connection = await api.open(env);
      const client = api.client(connection);
      await failureOf(client.get("/cloud-profiles", { subject }), "GU007");
      expect(connection.renewable).to.equal(true);
      await api.command({ token: "token-of-today" });
      expect((await client.get("/cloud-profiles", { subject })).kind).to.equal("ok");
    });

    it("waits if the token was accepted before, as while a server restarts", async () => {
      api.server.on(PROFILES, admitting("env-s3cr3t"), admitting(), admitting("env-s3cr3t"));
      const client = api.client(await api.open(byToken));
      expect((await client.get("/cloud-profiles", { subject })).kind).to.equal("ok");
      expect((await client.get("/cloud-profiles", { subject })).kind).to.equal("ok");
      expect(tokensSeen()).to.deep.equal(Array(3).fill("env-s3cr3t"));
    });

    it("does not delay a write", async () => {
      api.server.on(PROFILES, admitting("env-s3cr3t"));
      api.server.on(PROFILES.replace("GET", "PUT"), admitting());
      const client = api.client(await api.open(byToken));
      await client.get("/cloud-profiles", { subject });
      await failureOf(client.put("/cloud-profiles", { subject }, {}), "GU007");
      expect(api.slept).to.be.empty;
    });

    it("reports that it continues as another user", async () => {
      const connection = await api.open(byToken, byConfig);
      connection.refresh(await connection.requestOptions());
      await connection.requestOptions();
      expect(connection.origin)
        .to.contain("the stack configuration")
        .and.contain("as another user than the environment");
    });

    it("logs in once more for requests that were refused together", async () => {
      api.server.on(
        LOGIN,
        answer(201, { result: "login_ok", token: "one" }),
        answer(201, { result: "login_ok", token: "two" }),
      );
      api.server.on(PROFILES, admitting("two"));
      const client = api.client(await api.open(byPassword));
      await Promise.all([1, 2, 3].map(() => client.get("/cloud-profiles", { subject })));
      expect(api.server.calls().filter((call) => call === LOGIN)).to.have.length(2);
    });

    it("can be renewed during the run only if the command is installed", async () => {
      for (const [env, mendable] of [
        [{ PATH: await api.command() }, true],
        [byToken, false],
      ] as const) {
        api.server.on(PROFILES, admitting());
        const connection = await api.open(env);
        await failureOf(api.client(connection).get("/cloud-profiles", { subject }), "GU007");
        expect(connection.renewable).to.equal(mendable);
      }
    });
  });

  describe("that logs in", () => {
    it("tries a wrong password once, for any number of requests", async () => {
      api.server.on(LOGIN, refusal(401, "Invalid login or password"));
      const client = api.client(await api.open(byPassword));
      for (let times = 0; times < 3; times++)
        await failureOf(client.get("/cloud-profiles", { subject }), "GU007");
      expect(api.server.calls()).to.deep.equal([LOGIN]);
    });

    it("continues with the command if the account requires a second factor", async () => {
      api.server.on(LOGIN, answer(201, { result: "twofactor_required", type: "sms" }));
      api.server.on(PROFILES, admitting("token-of-cli"));
      expect((await get({ ...byPassword, PATH: await api.command() })).kind).to.equal("ok");
    });

    const answers: readonly (readonly [string, Route, "GU005" | "GU013" | "GU014", string])[] = [
      ["the network address is refused", refusal(403, "Forbidden IP"), "GU014", "IP restrictions"],
      ["the server is down", page(503), "GU005", "503"],
      ["a page answers", page(200), "GU013", "without JSON"],
      ["nobody there knows how to", page(404), "GU013", "no version of Cleura's API"],
      ["the token is missing", answer(201, { result: "login_ok" }), "GU013", "without a token"],
      ["the connection is closed", dropConnection, "GU005", "ECONNRESET"],
    ];
    for (const [what, route, code, text] of answers) {
      it(`is reported if ${what}`, async () => {
        api.server.on(LOGIN, route);
        const { message } = await failureOf(get(byPassword), code);
        expect(message).to.contain(text).and.not.contain("s3cr3t");
      });
    }

    it("logs in again after a temporary failure", async () => {
      api.server.on(LOGIN, page(503), answer(201, { result: "login_ok", token: "one" }));
      api.server.on(PROFILES, admitting("one"));
      const client = api.client(await api.open(byPassword));
      await failureOf(client.get("/cloud-profiles", { subject }), "GU005");
      expect((await client.get("/cloud-profiles", { subject })).kind).to.equal("ok");
    });
  });

  it("goes through HTTPS_PROXY, verified by the authorities that are known here", async () => {
    const proxy = await startProxy(api.server.port);
    api.server.on(PROFILES, admitting("env-s3cr3t"));
    try {
      const env = { ...byToken, HTTPS_PROXY: proxy.url };
      expect((await get(env, {}, "https://garden.test")).kind).to.equal("ok");
      expect(proxy.connects).to.deep.equal(["garden.test:443"]);
      await failureOf(get({ ...env, NODE_EXTRA_CA_CERTS: "" }, {}, "https://garden.test"), "GU006");
    } finally {
      await proxy.close();
    }
  });

  describe("that fails is reported without a mention of kubeconfigs", () => {
    it("for an unknown authority, with what to do about a private one", async () => {
      const other = await api.folder.write("other.pem", (await createCa("another")).certificate);
      const { message } = await failureOf(get({ ...byToken, NODE_EXTRA_CA_CERTS: other }), "GU006");
      expect(message)
        .to.contain("NODE_EXTRA_CA_CERTS")
        .and.not.match(/kubeconfig|certificate-authority/);
      expect(api.server.requests).to.be.empty;
    });

    it("for a server that is not there", async () => {
      const { url } = api.server;
      await api.server.close();
      const { message } = await failureOf(get(byToken, {}, url), "GU005");
      expect(message).to.contain("CLEURA_API_URL").and.not.contain("kubeconfig");
    });

    it("for an invalid proxy address", async () => {
      const opened = api.open(
        { ...byToken, HTTPS_PROXY: "ftp://jane:s3cr3t@proxy.test" },
        {},
        "https://a.test",
      );
      const { message } = await failureOf(opened, "GU005");
      expect(message)
        .to.contain("HTTPS_PROXY")
        .and.not.match(/kubeconfig|s3cr3t/);
    });
  });

  describe("never shows a secret", () => {
    /** What a server could send back that is broken or hostile: all that we sent. */
    const echo =
      (code: number): Route =>
      (seen, response) =>
        sendJson(response, { headers: seen.headers, body: seen.body }, code);

    /** As Cleura formats it, with all that was sent. */
    const quoting =
      (code: number, text = ""): Route =>
      ({ headers, body }, response) => {
        const message = `${text} ${JSON.stringify(headers)} ${body}`;
        sendJson(response, { error: { code, message, errors: [{ key: message, value: message }] } }, code);
      };

    const routes: readonly (readonly [string, Route])[] = [
      ...[400, 401, 403, 409, 429, 500, 503].map((code) => [`its quote: ${code}`, quoting(code)] as const),
      ["its quote and Forbidden IP", quoting(403, "Forbidden IP")],
      ["its quote and Invalid token", quoting(403, "Invalid token")],
      ["an echo as success", echo(200)],
      ["an echo as refusal", echo(403)],
      ["an echo as failure", echo(500)],
      ["401", admitting()],
      ["a page", page(404)],
      ["a closed connection", dropConnection],
    ];
    for (const [name, route] of routes) {
      it(`if every answer is ${name}`, async () => {
        api.server.on(LOGIN, route);
        api.server.on(PROFILES, route);
        const PATH = await fakeCleura(api.folder, { endpoint: api.server.url, token: "cli-s3cr3t" });
        for (const env of [{ ...byToken, PATH }, { ...byPassword, PATH }, { PATH }]) {
          const connection = await api.open(env, byConfig);
          const shown: unknown[] = [connection, JSON.stringify(connection)];
          try {
            const response = await api.client(connection).get("/cloud-profiles", { subject });
            // The body of a success is the caller's.
            if (response.kind === "status") shown.push(response);
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
            shown.push(error);
          }
          shown.push(connection.origin, connection.remedy);
          expect(inspect(shown, { depth: 10, showHidden: true })).not.to.contain("s3cr3t");
        }
      });
    }
  });
});
