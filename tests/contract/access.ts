import { expect } from "chai";
import { type Api, api, fieldsOf } from "./api";
import type { Rule } from "./garden";
import { nameOf } from "./expectations";
import { PROFILE } from "./profile";
import { NAMESPACE } from "./shoots";
import { type ContractWorld, CORE, SHOOTS } from "./world";

const READ: Rule = {
  apiGroups: ["core.gardener.cloud"],
  resources: ["shoots"],
  verbs: ["get", "list", "watch"],
};

export function access(world: () => ContractWorld): void {
  const open: Api[] = [];
  let users = 0;
  const user = async (...rules: readonly Rule[]) => {
    const { garden } = world();
    const name = `user-${String((users += 1))}`;
    const credentials = await garden.addUser(name, NAMESPACE, rules);
    const client = api(garden.url, garden.ca, credentials);
    open.push(client);
    return { name, client };
  };

  after(() => {
    for (const client of open) client.close();
  });

  describe("a user", () => {
    it("without a right receives the verb, the resource and the namespace that are missing", async () => {
      const path = await world().shoot();
      const { name, client } = await user(READ);
      const answer = await client.patch(`${path}?dryRun=All`, "merge", {});
      expect(answer.code).to.equal(403);
      expect(answer.body.text("reason")).to.equal("Forbidden");
      expect(answer.body.text("message")).to.equal(
        `shoots.core.gardener.cloud "${nameOf(path)}" is forbidden: User "${name}" cannot patch resource "shoots" in API group "core.gardener.cloud" in the namespace "${NAMESPACE}"`,
      );
    });

    it("without a right to a list receives a message without a name", async () => {
      const { name, client } = await user();
      expect((await client.get(SHOOTS)).body.text("message")).to.equal(
        `shoots.core.gardener.cloud is forbidden: User "${name}" cannot list resource "shoots" in API group "core.gardener.cloud" in the namespace "${NAMESPACE}"`,
      );
    });

    it("without a right to a subresource receives its path", async () => {
      const path = await world().shoot();
      const { name, client } = await user(READ);
      expect((await client.post(`${path}/viewerkubeconfig`, {})).body.text("message")).to.equal(
        `shoots.core.gardener.cloud "${nameOf(path)}" is forbidden: User "${name}" cannot create resource "shoots/viewerkubeconfig" in API group "core.gardener.cloud" in the namespace "${NAMESPACE}"`,
      );
    });

    it("without a right to a cluster-scoped resource receives the cluster scope", async () => {
      const { name, client } = await user();
      expect((await client.get(`${CORE}/projects/contract`)).body.text("message")).to.equal(
        `projects.core.gardener.cloud "contract" is forbidden: User "${name}" cannot get resource "projects" in API group "core.gardener.cloud" at the cluster scope`,
      );
    });

    it("may do what a rule allows", async () => {
      const path = await world().shoot();
      const { client } = await user(READ);
      expect((await client.get(path)).code).to.equal(200);
    });

    it("finds by an access review what is allowed", async () => {
      const { client } = await user(READ);
      const review = async (verb: string) => {
        const spec = {
          resourceAttributes: {
            group: "core.gardener.cloud",
            resource: "shoots",
            verb,
            namespace: NAMESPACE,
          },
        };
        const kind = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" };
        const answer = await client.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
          ...kind,
          spec,
        });
        return answer.body.at("status", "allowed");
      };
      expect(await review("get")).to.equal(true);
      expect(await review("patch")).to.equal(false);
    });
  });

  describe("credentials", () => {
    it("that are not known are refused", async () => {
      const { garden } = world();
      const client = api(garden.url, garden.ca, { token: "nonsense" });
      open.push(client);
      const answer = await client.get(SHOOTS);
      expect(answer.code).to.equal(401);
      expect(answer.body.text("reason")).to.equal("Unauthorized");
      expect(answer.body.text("message")).to.equal("Unauthorized");
    });
  });

  describe("an object that does not exist", () => {
    it("is named: a Shoot", async () => {
      const answer = await world().admin.get(`${SHOOTS}/nobody`);
      expect(answer.code).to.equal(404);
      expect(answer.body.text("reason")).to.equal("NotFound");
      expect(answer.body.text("message")).to.equal('shoots.core.gardener.cloud "nobody" not found');
      expect(answer.body.at("details")).to.deep.equal({
        name: "nobody",
        group: "core.gardener.cloud",
        kind: "shoots",
      });
    });

    it("is named: a CloudProfile", async () => {
      const answer = await world().admin.get(`${CORE}/cloudprofiles/none`);
      expect(answer.body.text("message")).to.equal('cloudprofiles.core.gardener.cloud "none" not found');
    });

    it("is not created by a patch", async () => {
      const answer = await world().admin.patch(`${SHOOTS}/nobody`, "merge", {});
      expect(answer.body.text("message")).to.equal('shoots.core.gardener.cloud "nobody" not found');
    });

    it("is there once: a second one of the name is refused", async () => {
      const answer = await world().admin.post(`${CORE}/cloudprofiles`, {
        ...fieldsOf((await world().admin.get(`${CORE}/cloudprofiles/${PROFILE}`)).body.raw),
        metadata: { name: PROFILE },
      });
      expect(answer.code).to.equal(409);
      expect(answer.body.text("reason")).to.equal("AlreadyExists");
      expect(answer.body.text("message")).to.equal(
        `cloudprofiles.core.gardener.cloud "${PROFILE}" already exists`,
      );
    });
  });
}
