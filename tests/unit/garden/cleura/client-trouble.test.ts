import { expect } from "chai";
import { failureOf } from "../support/failures";
import { answer, page, PROFILES, startLine, type Line } from "./line";
import type { CleuraClient } from "../../../../provider/garden/cleura/client";
import { refusal } from "./scene";

const subject = "Shoot web";
const SHOOT = "/gardener/v2/public/shoots/Sto2/p1/web";
const path = "/shoots/Sto2/p1/web";

describe("an answer of Cleura's API", () => {
  let line: Line;
  let client: CleuraClient;
  beforeEach(async () => {
    line = await startLine();
    client = line.client(await line.open({ CLEURA_API_USERNAME: "jane", CLEURA_API_TOKEN: "t" }));
  });
  afterEach(() => line.close());

  for (const [code, words] of [
    [400, "kubernetes must be given"],
    [409, "Shoot web is being reconciled"],
  ] as const) {
    it(`that is ${code} is returned to the caller, with Cleura's message`, async () => {
      line.server.on(`PUT ${SHOOT}`, refusal(code, words));
      const response = await client.put(path, { subject }, {});
      expect(response).to.have.nested.property("status.message", words);
      expect(line.server.requests).to.have.length(1);
    });
  }

  it("that refuses the network address is retried a few times, with longer pauses", async () => {
    line.server.on(`PATCH ${SHOOT}`, refusal(403, "Forbidden IP"));
    await failureOf(client.patch(path, { subject }, {}), "GU014");
    expect(line.server.requests).to.have.length(3);
    expect(line.slept)
      .to.deep.equal([...line.slept].sort((a, b) => a - b))
      .and.have.length(2);
  });

  it("that refuses the network address is returned at once to a caller that retries by itself", async () => {
    line.server.on(`GET ${SHOOT}`, refusal(403, "Forbidden IP"));
    await failureOf(client.get(path, { subject, once: true }), "GU014");
    expect(line.slept).to.be.empty;
  });

  for (const words of ["No right to attach a floating IP", "Not allowed by your ship's zip code"]) {
    it(`about a missing right is not taken for one about the network address: ${words}`, async () => {
      line.server.on(`PATCH ${SHOOT}`, refusal(403, words));
      const { message } = await failureOf(client.patch(path, { subject }, {}), "GU008");
      expect(message).to.contain(subject).and.contain(words);
    });
  }

  it("of a gateway is not taken for a missing right", async () => {
    line.server.on(`GET ${SHOOT}`, page(403));
    const response = await client.get(path, { subject });
    expect(response).to.have.nested.property("status.code", 403);
    expect(JSON.stringify(response)).not.to.contain("s3cr3t");
  });

  it("that is an HTML page reports the address to check", async () => {
    line.server.on(`GET ${SHOOT}`, page(200));
    const { message } = await failureOf(client.get(path, { subject }), "GU013");
    expect(message).to.contain("text/html").and.contain(line.server.url).and.not.contain("s3cr3t");
  });

  it("with Retry-After is waited for", async () => {
    line.server.on(`PATCH ${SHOOT}`, answer(429, {}, { "retry-after": "7" }), answer(202, {}));
    expect((await client.patch(path, { subject }, {})).kind).to.equal("ok");
    expect(line.slept).to.deep.equal([7000]);
  });

  for (const code of [502, 503, 504]) {
    it(`that is ${code} to a write is not retried, and its outcome is unknown`, async () => {
      line.server.on(`PATCH ${SHOOT}`, answer(code, {}));
      const { message } = await failureOf(client.patch(path, { subject }, {}), "GU005");
      expect(message).to.contain("not known whether the change was written");
      expect(line.server.requests).to.have.length(1);
    });
  }

  it("of a server without Cleura's API reports the address to check", async () => {
    const { message } = await failureOf(client.assertVersion(), "GU013");
    expect(message).to.contain("CLEURA_API_URL");
  });

  it("of a server with version 1 reports it, also if the token is invalid there", async () => {
    line.server.on("POST /auth/v1/tokens/validate", refusal(401, "Unauthorized"));
    await failureOf(client.assertVersion(), "GU018");
  });

  it("of a server with version 2 and the cloud is accepted", async () => {
    line.server.on(PROFILES, answer(200, []));
    await client.assertVersion();
  });
});
