import { expect } from "chai";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { ApiError, type Client, connect, type WatchEvent } from "../../client";
import { createCa, issueServer } from "../../pki";
import { textAt } from "../../json";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};
const event = (type: string, name: string, resourceVersion: string): string =>
  `${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`;

describe("the sandbox's client", () => {
  let server: Server;
  let client: Client;
  let answer: Answer;
  let url: string;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    const ca = await createCa("test");
    const serving = await issueServer(ca, { hosts: ["127.0.0.1"] });
    server = createServer({ cert: serving.certificate, key: serving.key }, (request, response) => {
      asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    url = `https://127.0.0.1:${String(address.port)}`;
    client = connect({ url, ca: ca.certificate, token: "t0ken" });
  });

  afterEach(async () => {
    client.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  it("sends its token and the type of its patch", async () => {
    answer = (request, response) => {
      json(response, 200, {
        authorization: request.headers.authorization,
        type: request.headers["content-type"],
      });
    };
    expect(await client.patch("/x", "strategic", {})).to.deep.equal({
      authorization: "Bearer t0ken",
      type: "application/strategic-merge-patch+json",
    });
  });

  it("requests a dry run where the options do", async () => {
    answer = (_request, response) => {
      json(response, 200, {});
    };
    await client.put("/x", {}, { dryRun: true, fieldManager: "me" });
    expect(asked).to.deep.equal(["PUT /x?dryRun=All&fieldManager=me"]);
  });

  it("turns the server's refusal into an error with its message", async () => {
    answer = (_request, response) => {
      json(response, 409, {
        kind: "Status",
        code: 409,
        reason: "Conflict",
        message: "the object has been modified",
      });
    };
    const error = await client.get("/x").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(ApiError);
    expect(error).to.include({ status: 409, reason: "Conflict", message: "the object has been modified" });
  });

  it("does not speak to a server whose authority it does not know", async () => {
    const other = await createCa("other");
    const wary = connect({ url, ca: other.certificate });
    const error = await wary.get("/x").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(Error);
    expect(asked).to.deep.equal([]);
  });

  async function collect(count: number): Promise<WatchEvent[]> {
    const stop = new AbortController();
    const events: WatchEvent[] = [];
    for await (const seen of client.watch("/x", stop.signal)) {
      events.push(seen);
      if (events.length === count) stop.abort();
    }
    return events;
  }

  it("resumes a watch that ended from the last resource version it saw", async () => {
    answer = (request, response) => {
      const query = new URL(request.url ?? "", url).searchParams;
      if (!query.has("watch")) json(response, 200, { metadata: { resourceVersion: "5" }, items: [] });
      else if (query.get("resourceVersion") === "5") response.end(event("ADDED", "a", "6"));
      else response.end(event("MODIFIED", "a", "7"));
    };
    const events = await collect(3);
    expect(events.map(({ kind }) => kind)).to.deep.equal(["listed", "added", "modified"]);
    expect(
      asked.filter((path) => path.includes("watch")).map((path) => /resourceVersion=(\d+)/.exec(path)?.[1]),
    ).to.deep.equal(["5", "6"]);
  });

  it("lists again when the server has forgotten where to resume", async () => {
    let lists = 0;
    answer = (request, response) => {
      const watching = new URL(request.url ?? "", url).searchParams.has("watch");
      if (!watching) {
        lists += 1;
        json(response, 200, {
          metadata: { resourceVersion: String(lists) },
          items: [{ metadata: { name: `a${String(lists)}` } }],
        });
      } else {
        response.end(`${JSON.stringify({ type: "ERROR", object: { code: 410, reason: "Expired" } })}\n`);
      }
    };
    const events = await collect(2);
    expect(
      events.map((seen) => (seen.kind === "listed" ? textAt(seen.items[0], "metadata", "name") : seen.kind)),
    ).to.deep.equal(["a1", "a2"]);
  });

  it("ends a watch that is called off before it has begun", async () => {
    answer = (request, response) => {
      if (request.url?.includes("watch") === true) response.flushHeaders();
      else json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
    };
    expect((await collect(1)).map(({ kind }) => kind)).to.deep.equal(["listed"]);
  });

  it("continues after a lost connection", async () => {
    let times = 0;
    answer = (request, response) => {
      const watching = new URL(request.url ?? "", url).searchParams.has("watch");
      if (!watching) json(response, 200, { metadata: { resourceVersion: "1" }, items: [] });
      else if (times++ === 0) request.socket.destroy();
      else response.write(event("ADDED", "a", "2"));
    };
    expect((await collect(2)).map(({ kind }) => kind)).to.deep.equal(["listed", "added"]);
  });
});
