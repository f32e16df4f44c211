import { expect } from "chai";
import { json, sendJson, status } from "../support/api-server";
import { apiServerPerTest, gardenAt } from "../support/perTest";
import { failureOf } from "../support/failures";
import { web } from "../support/fixtures";

const REVIEWS = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

describe("the rights to watch a Shoot", () => {
  const server = apiServerPerTest();

  async function assertWatchable(): Promise<void> {
    const garden = await gardenAt({ server: server.url }, { retryMs: 1 });
    await garden.assertWatchable?.(web);
  }

  it("are reviewed by the Shoot's name", async () => {
    server.on(REVIEWS, json({ status: { allowed: true } }));
    await assertWatchable();
    const asked = server.requests.map(({ body }): unknown => JSON.parse(body));
    const attributes = { group: "core.gardener.cloud", resource: "shoots", ...web };
    expect(asked).to.have.length(2);
    for (const verb of ["list", "watch"]) {
      expect(asked).to.deep.include({
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: { ...attributes, verb } },
      });
    }
  });

  it("are named where one is missing", async () => {
    server.on(REVIEWS, ({ body }, response) =>
      sendJson(response, { status: { allowed: !body.includes('"watch"') } }, 201),
    );
    const { message } = await failureOf(assertWatchable(), "GU008");
    expect(message)
      .to.contain("the right to watch shoots in the namespace garden-demo is missing")
      .and.to.contain("Nothing was written");
  });

  it("are reviewed again after a gateway fails, since a review changes nothing", async () => {
    const denied = json({ status: { allowed: false } });
    server.on(REVIEWS, status(502, "", "bad gateway"), status(502, "", "bad gateway"), denied);
    await failureOf(assertWatchable(), "GU008");
    expect(server.requests).to.have.length(4);
  });

  it("are assumed where they cannot be reviewed", async () => {
    server.on(REVIEWS, status(403, "Forbidden", 'User "jane" cannot create resource'));
    await assertWatchable();
  });
});
