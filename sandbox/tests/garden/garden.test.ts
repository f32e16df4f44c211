import { posix } from "node:path";
import { expect } from "chai";
import { load } from "js-yaml";
import { ApiError, type Client, connect, type ConnectOptions } from "../../client";
import { shoots } from "../../api/resource";
import { type GardenServer, startGarden } from "../../garden";
import { at, isJson, textAt } from "../../json";
import { demo, manyShoots } from "../../fixtures/demo";

const WEB = "/apis/core.gardener.cloud/v1beta1/namespaces/garden-demo/shoots/web";
const NOW = new Date("2026-11-23T04:00:00Z");

describe("The embedded garden", () => {
  let garden: GardenServer;
  const clients: Client[] = [];
  const client = (options: Partial<ConnectOptions> = {}): Client => {
    const made = connect({ url: garden.url, ca: garden.ca, token: garden.token, ...options });
    clients.push(made);
    return made;
  };
  const failure = async (call: Promise<unknown>): Promise<unknown> => {
    try {
      await call;
    } catch (error) {
      return error;
    }
    throw new Error("the call has not failed");
  };
  const refusal = async (call: Promise<unknown>): Promise<ApiError> => {
    const error = await failure(call);
    if (error instanceof ApiError) return error;
    throw error;
  };

  beforeEach(async () => {
    garden = await startGarden({ objects: demo(NOW), now: () => NOW });
  });

  afterEach(async () => {
    for (const one of clients.splice(0)) one.close();
    await garden.close();
  });

  it("listens on loopback only", () => {
    expect(new URL(garden.url).hostname).to.equal("127.0.0.1");
  });

  it("requires a token", async () => {
    expect((await refusal(client({ token: undefined }).get(WEB))).status).to.equal(401);
    expect((await refusal(client({ token: "guessed" }).get(WEB))).status).to.equal(401);
  });

  it("reports its health without a token", async () => {
    expect(await client({ token: undefined }).get("/healthz")).to.deep.equal({});
  });

  it("describes itself in a kubeconfig", () => {
    const config: unknown = load(garden.kubeconfig);
    if (!isJson(config)) throw new Error("no kubeconfig");
    expect(textAt(config, "clusters", 0, "cluster", "server")).to.equal(garden.url);
    expect(textAt(config, "users", 0, "user", "token")).to.equal(garden.token);
  });

  it("grants a user only the rights of the rules", async () => {
    const read = { verbs: ["get"], resources: ["shoots"] };
    garden.users.add({ name: "alice", token: "a", rules: [read] });
    const alice = client({ token: "a" });
    expect(textAt(await alice.get(WEB), "metadata", "name")).to.equal("web");
    expect((await refusal(alice.patch(WEB, "merge", {}))).message).to.equal(
      'shoots.core.gardener.cloud "web" is forbidden: User "alice" cannot patch resource "shoots" in API group "core.gardener.cloud" in the namespace "garden-demo"',
    );
  });

  it("remembers who called what", async () => {
    await client({ userAgent: "me/1" }).patch(
      WEB,
      "merge",
      { spec: { purpose: "testing" } },
      { dryRun: true },
    );
    expect(garden.requests).to.deep.equal([
      {
        method: "PATCH",
        path: WEB,
        query: { dryRun: "All" },
        user: "admin",
        userAgent: "me/1",
        body: { spec: { purpose: "testing" } },
      },
    ]);
  });

  it("injects faults until the interceptor is removed", async () => {
    const body = { kind: "Status", reason: "TooManyRequests", message: "later" };
    const stop = garden.intercept(({ method }) =>
      method === "PATCH" ? { kind: "answer", code: 429, body } : undefined,
    );
    const admin = client();
    expect((await refusal(admin.patch(WEB, "merge", {}))).status).to.equal(429);
    expect(textAt(await admin.get(WEB), "metadata", "name")).to.equal("web");
    stop();
    expect(textAt(await admin.patch(WEB, "merge", {}), "metadata", "name")).to.equal("web");
  });

  it("cuts the line as a fault", async () => {
    garden.intercept(() => ({ kind: "cut" }));
    expect(await failure(client().get(WEB))).to.be.instanceOf(Error);
  });

  it("drops watches, which come back to where they were", async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const collection = WEB.replace(/\/web$/, "");
    for await (const event of client().watch(collection, stop.signal)) {
      if (event.kind === "listed") {
        seen.push("listed");
        garden.store.edit(shoots, "garden-demo", "web", (shoot) => (shoot.status = { step: 1 }));
      } else {
        seen.push(event.kind);
        if (seen.length === 2) {
          garden.watches.drop();
          garden.store.edit(shoots, "garden-demo", "web", (shoot) => (shoot.status = { step: 2 }));
        } else stop.abort();
      }
    }
    expect(seen).to.deep.equal(["listed", "modified", "modified"]);
  });

  it("uses the given clock: what is deprecated today has expired by then", async () => {
    const later = await startGarden({ objects: demo(NOW), now: () => new Date("2027-11-23T04:00:00Z") });
    try {
      const admin = connect({ url: later.url, ca: later.ca, token: later.token });
      clients.push(admin);
      const change = {
        spec: { provider: { workers: [{ name: "b", machine: { type: "m.large" }, maximum: 1 }] } },
      };
      const answer = await admin.patch(WEB, "strategic", change, { dryRun: true });
      const [pool] = [at(answer, "spec", "provider", "workers", 0)];
      expect(textAt(pool, "machine", "image", "version")).to.equal("1877.3.0");
    } finally {
      await later.close();
    }
  });

  it("refuses a page of a list that it has not kept", async () => {
    const page = `${posix.dirname(WEB)}?limit=1&continue=none`;
    expect((await refusal(client().get(page))).status).to.equal(410);
  });

  it("continues a list for the same path and selectors only", async () => {
    const many = await startGarden({ objects: manyShoots(3, 1)(NOW) });
    const path = posix.dirname(WEB);
    try {
      const reader = client(many);
      const first = await reader.get(`${path}?limit=1`);
      const next = `continue=${textAt(first, "metadata", "continue")}&limit=1`;
      expect((await refusal(reader.get(`${path}?labelSelector=a%3Db&${next}`))).status).to.equal(400);
      expect(at(await reader.get(`${path}?${next}`), "items")).to.have.length(1);
    } finally {
      await many.close();
    }
  });

  it("has as many Shoots and pools as requested", async () => {
    const many = await startGarden({ objects: manyShoots(50, 3)(NOW) });
    try {
      const list = many.store.list(shoots);
      expect(list).to.have.length(50);
      expect(at(list[49], "spec", "provider", "workers", 2, "name")).to.equal("pool-3");
    } finally {
      await many.close();
    }
  });
});
