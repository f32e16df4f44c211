import { expect } from "chai";
import { openCleura, type CleuraEndpoint } from "../../../../provider/garden/cleura";
import { createCleuraClient, type CleuraClient } from "../../../../provider/garden/cleura/client";
import { systemClock } from "../../../../provider/model/clock";
import { errorBody } from "../../../../sandbox/cleura/failure";
import { startCleura, type CleuraOptions, type CleuraServer } from "../../../../sandbox/cleura/cleura";
import { startGarden, type GardenServer } from "../../../../sandbox/garden";
import { failureOf } from "../support/failures";
import { createFolder, type Folder } from "../support/kubeconfigs";

const subject = "Shoot web";

describe("a request to Cleura's API", () => {
  let garden: GardenServer;
  let cleura: CleuraServer;
  let folder: Folder;
  let client: CleuraClient;

  beforeEach(async () => {
    garden = await startGarden();
    folder = await createFolder();
    await serve();
  });
  afterEach(async () => {
    await cleura.close();
    await garden.close();
    await folder.remove();
  });

  /** Pauses between attempts take no time. */
  const clock = { now: () => new Date(), sleep: () => systemClock.sleep(0) };

  async function serve(options: CleuraOptions = {}, endpoint: Partial<CleuraEndpoint> = {}): Promise<void> {
    cleura = await startCleura(garden, options);
    const env = {
      PATH: "",
      NODE_EXTRA_CA_CERTS: await folder.write("ca.pem", cleura.ca),
      CLEURA_API_URL: cleura.url,
      CLEURA_API_USERNAME: cleura.username,
      CLEURA_API_TOKEN: cleura.token,
    };
    const { url, region, projectId } = cleura;
    const at: CleuraEndpoint = { cloud: "public", url, region, projectId, ...endpoint };
    const connection = await openCleura(at, { env, config: () => undefined }, clock);
    client = createCleuraClient(at, connection, { clock, timeoutMs: 5_000, retryMs: 1 });
  }

  /** Answers the first calls in Cleura's place. */
  function answerFirst(times: number, code: number, words: string): void {
    let left = times;
    cleura.intercept(() => (left-- > 0 ? { kind: "answer", code, body: errorBody(code, words) } : undefined));
  }

  it("contains the user and the user agent", async () => {
    const answer = await client.get("/cloud-profiles", { subject });
    expect(answer.kind).to.equal("ok");
    expect(cleura.requests[0]).to.include({
      path: "/gardener/v2/public/cloud-profiles",
      user: cleura.username,
    });
    expect(cleura.requests[0]?.userAgent).to.match(/^pulumi-gardener\//);
  });

  for (const code of [429, 502, 503, 504]) {
    it(`is retried after ${code}`, async () => {
      answerFirst(2, code, "later");
      expect((await client.get("/cloud-profiles", { subject })).kind).to.equal("ok");
      expect(cleura.requests).to.have.length(3);
    });
  }

  it("is retried if the network address was refused, as when a laptop wakes up", async () => {
    answerFirst(2, 403, "Forbidden IP");
    expect((await client.get("/cloud-profiles", { subject })).kind).to.equal("ok");
  });

  it("reports a network address that stays refused", async () => {
    answerFirst(99, 403, "Forbidden IP");
    const { message } = await failureOf(client.get("/cloud-profiles", { subject }), "GU014");
    expect(message).to.contain("IP restrictions").and.to.contain("Forbidden IP");
  });

  it("is not retried if a right is missing, and reports Cleura's message", async () => {
    answerFirst(99, 403, "You do not have the privilege");
    const { message } = await failureOf(client.get("/cloud-profiles", { subject }), "GU008");
    expect(message).to.contain(subject).and.to.contain("You do not have the privilege");
    expect(cleura.requests).to.have.length(1);
  });

  it("that writes is not retried after an answer with an unknown outcome", async () => {
    answerFirst(99, 503, "later");
    await failureOf(client.put("/shoots/a/b/c/workers/d", { subject }, {}), "GU005");
    expect(cleura.requests).to.have.length(1);
  });

  it("returns Cleura's refusal, field by field", async () => {
    cleura.intercept(() => ({
      kind: "answer",
      code: 400,
      body: errorBody(400, "not valid", [{ key: "kubernetes", value: "is not offered" }]),
    }));
    const answer = await client.patch("/shoots/a/b/c", { subject }, {});
    expect(answer).to.deep.include({
      kind: "status",
      status: {
        code: 400,
        reason: "",
        message: "not valid",
        causes: [{ field: "kubernetes", message: "is not offered" }],
      },
    });
  });

  it("reports a server that has version 1 only", async () => {
    await cleura.close();
    await serve({ api: "v1" });
    await failureOf(client.assertVersion(), "GU018");
  });

  it("reports an unknown cloud at a server of version 2", async () => {
    await cleura.close();
    await serve({}, { cloud: "publik" });
    const { message } = await failureOf(client.assertVersion(), "GU009");
    expect(message).to.contain('"publik"');
  });
});
