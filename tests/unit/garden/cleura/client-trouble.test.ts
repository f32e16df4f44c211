import { expect } from "chai";
import { failureOf } from "../support/failures";
import { answer, page, PROFILES, startFakeApi, type FakeApi } from "./fakeApi";
import type { CleuraClient } from "../../../../provider/garden/cleura/client";
import { refusal } from "./scene";

const subject = "Shoot web";
const SHOOT = "/gardener/v2/public/shoots/Sto2/p1/web";
const path = "/shoots/Sto2/p1/web";

describe("an answer of Cleura's API", () => {
  let api: FakeApi;
  let client: CleuraClient;
  beforeEach(async () => {
    api = await startFakeApi();
    client = api.client(await api.open({ CLEURA_API_USERNAME: "jane", CLEURA_API_TOKEN: "t" }));
  });
  afterEach(() => api.close());

  for (const [code, message] of [
    [400, "kubernetes must be given"],
    [409, "Shoot web is being reconciled"],
  ] as const) {
    it(`that is ${code} is returned to the caller, with Cleura's message`, async () => {
      api.server.on(`PUT ${SHOOT}`, refusal(code, message));
      const response = await client.put(path, { subject }, {});
      expect(response).to.have.nested.property("status.message", message);
      expect(api.server.requests).to.have.length(1);
    });
  }

  it("that refuses the network address is retried a few times, with longer pauses", async () => {
    api.server.on(`PATCH ${SHOOT}`, refusal(403, "Forbidden IP"));
    await failureOf(client.patch(path, { subject }, {}), "GU014");
    expect(api.server.requests).to.have.length(3);
    expect(api.slept)
      .to.deep.equal([...api.slept].sort((a, b) => a - b))
      .and.have.length(2);
  });

  it("that refuses the network address is returned at once to a caller that retries by itself", async () => {
    api.server.on(`GET ${SHOOT}`, refusal(403, "Forbidden IP"));
    await failureOf(client.get(path, { subject, once: true }), "GU014");
    expect(api.slept).to.be.empty;
  });

  for (const refused of ["No right to attach a floating IP", "Not allowed by your ship's zip code"]) {
    it(`about a missing right is not reported as one about the network address: ${refused}`, async () => {
      api.server.on(`PATCH ${SHOOT}`, refusal(403, refused));
      const { message } = await failureOf(client.patch(path, { subject }, {}), "GU008");
      expect(message).to.contain(subject).and.contain(refused);
    });
  }

  it("of a gateway is not taken for a missing right", async () => {
    api.server.on(`GET ${SHOOT}`, page(403));
    const response = await client.get(path, { subject });
    expect(response).to.have.nested.property("status.code", 403);
    expect(JSON.stringify(response)).not.to.contain("s3cr3t");
  });

  it("that is an HTML page reports the address to check", async () => {
    api.server.on(`GET ${SHOOT}`, page(200));
    const { message } = await failureOf(client.get(path, { subject }), "GU013");
    expect(message).to.contain("text/html").and.contain(api.server.url).and.not.contain("s3cr3t");
  });

  it("with Retry-After is waited for", async () => {
    api.server.on(`PATCH ${SHOOT}`, answer(429, {}, { "retry-after": "7" }), answer(202, {}));
    expect((await client.patch(path, { subject }, {})).kind).to.equal("ok");
    expect(api.slept).to.deep.equal([7000]);
  });

  for (const code of [502, 503, 504]) {
    it(`that is ${code} to a write is not retried, and its outcome is unknown`, async () => {
      api.server.on(`PATCH ${SHOOT}`, answer(code, {}));
      const { message } = await failureOf(client.patch(path, { subject }, {}), "GU005");
      expect(message).to.contain("not known whether the change was written");
      expect(api.server.requests).to.have.length(1);
    });
  }

  it("of a server without Cleura's API reports the address to check", async () => {
    const { message } = await failureOf(client.assertVersion(), "GU013");
    expect(message).to.contain("CLEURA_API_URL");
  });

  it("of a server with version 1 reports it, also if the token is invalid there", async () => {
    api.server.on("POST /auth/v1/tokens/validate", refusal(401, "Unauthorized"));
    await failureOf(client.assertVersion(), "GU018");
  });

  it("of a server with version 2 and the cloud is accepted", async () => {
    api.server.on(PROFILES, answer(200, []));
    await client.assertVersion();
  });
});
