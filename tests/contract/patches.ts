import { expect } from "chai";
import { type Answer, type Body, fieldsOf } from "./api";
import { expectAccepted, expectInvalid, nameOf } from "./expectations";
import { OS } from "./profile";
import type { ContractWorld } from "./world";

export function patches(world: () => ContractWorld): void {
  const twoPools = () => world().shoot({ pools: [{ name: "a" }, { name: "b" }] });
  const pools = (body: Body) => body.list("spec", "provider", "workers").map((pool) => pool.text("name"));
  const images = (body: Body) =>
    body.list("spec", "provider", "workers").map((pool) => pool.text("machine", "image", "version"));
  const workers = (...list: readonly object[]) => ({ spec: { provider: { workers: list } } });

  describe("a strategic merge patch", () => {
    it("merges worker pools by name and keeps their other fields", async () => {
      const path = await twoPools();
      const answer = await world().admin.patch(
        path,
        "strategic",
        workers({ name: "b", machine: { image: { version: "1.4.1" } } }),
      );
      expectAccepted(answer);
      expect(pools(answer.body)).to.deep.equal(["a", "b"]);
      expect(images(answer.body)).to.deep.equal(["1.4.0", "1.4.1"]);
    });

    it("adds a misspelt pool in front, which is refused for what it lacks", async () => {
      const path = await twoPools();
      const image = { name: OS, version: "1.4.1" };
      const answer = await world().admin.patch(
        path,
        "strategic",
        workers({ name: "bb", machine: { image } }),
      );
      expectInvalid(answer, nameOf(path), [
        {
          field: "spec.provider.workers[0].machine.type",
          reason: "FieldValueRequired",
          message: "Required value: must specify a machine type",
        },
      ]);
    });

    it("removes a pool with $patch: delete", async () => {
      const answer = await world().admin.patch(
        await twoPools(),
        "strategic",
        workers({ name: "a", $patch: "delete" }),
      );
      expectAccepted(answer);
      expect(pools(answer.body)).to.deep.equal(["b"]);
    });

    it("removes a field with null", async () => {
      const path = await world().shoot({ annotations: { "example.org/note": "x" } });
      const answer = await world().admin.patch(path, "strategic", {
        metadata: { annotations: { "example.org/note": null } },
      });
      expect(answer.body.at("metadata", "annotations", "example.org/note")).to.equal(undefined);
    });
  });

  describe("a JSON merge patch", () => {
    it("replaces the whole list of pools", async () => {
      const path = await twoPools();
      const { body } = await world().admin.get(path);
      const answer = await world().admin.patch(path, "merge", {
        spec: { provider: { workers: [body.list("spec", "provider", "workers")[1]?.raw] } },
      });
      expectAccepted(answer);
      expect(pools(answer.body)).to.deep.equal(["b"]);
    });
  });

  describe("a JSON patch", () => {
    it("addresses pools by index", async () => {
      const answer = await world().admin.patch(await twoPools(), "json", [
        { op: "test", path: "/spec/provider/workers/1/name", value: "b" },
        { op: "replace", path: "/spec/provider/workers/1/machine/image/version", value: "1.4.1" },
      ]);
      expectAccepted(answer);
      expect(images(answer.body)).to.deep.equal(["1.4.0", "1.4.1"]);
    });

    it("writes nothing when a test fails, and reports no details", async () => {
      const path = await twoPools();
      const answer = await world().admin.patch(path, "json", [
        { op: "test", path: "/spec/provider/workers/1/name", value: "a" },
        { op: "replace", path: "/spec/kubernetes/version", value: "1.33.8" },
      ]);
      expect(answer.code).to.equal(422);
      expect(answer.body.text("reason")).to.equal("Invalid");
      expect(answer.body.text("message")).to.equal(
        "the server rejected our request due to an error in our request",
      );
      expect((await world().admin.get(path)).body.text("spec", "kubernetes", "version")).to.equal("1.33.4");
    });
  });

  describe("optimistic locking", () => {
    const stale = async (write: (path: string, resourceVersion: string) => Promise<Answer>) => {
      const path = await world().shoot();
      const { body } = await world().admin.get(path);
      expectAccepted(
        await world().admin.patch(path, "merge", { metadata: { annotations: { "example.org/note": "y" } } }),
      );
      const answer = await write(path, body.text("metadata", "resourceVersion"));
      expect(answer.code, JSON.stringify(answer.body.raw)).to.equal(409);
      expect(answer.body.text("reason")).to.equal("Conflict");
      expect(answer.body.text("message")).to.equal(
        `Operation cannot be fulfilled on shoots.core.gardener.cloud "${nameOf(path)}": the object has been modified; please apply your changes to the latest version and try again`,
      );
    };

    for (const type of ["merge", "strategic"] as const) {
      it(`refuses a ${type} patch with a resourceVersion of the past`, async () => {
        await stale((path, resourceVersion) =>
          world().admin.patch(path, type, {
            metadata: { resourceVersion },
            spec: { kubernetes: { version: "1.33.8" } },
          }),
        );
      });
    }

    it("refuses a PUT with an older resourceVersion", async () => {
      await stale(async (path, resourceVersion) => {
        const { body } = await world().admin.get(path);
        const metadata = { ...fieldsOf(body.at("metadata")), resourceVersion };
        return world().admin.put(path, { ...fieldsOf(body.raw), metadata });
      });
    });

    it("requires a resourceVersion in a PUT", async () => {
      const path = await world().shoot();
      const { body } = await world().admin.get(path);
      const metadata = { ...fieldsOf(body.at("metadata")), resourceVersion: undefined };
      const answer = await world().admin.put(path, { ...fieldsOf(body.raw), metadata });
      expect(answer.code).to.equal(422);
      expect(answer.body.text("message")).to.equal(
        `shoots.core.gardener.cloud "${nameOf(path)}" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
      );
    });

    it("refuses a patch with another uid", async () => {
      const path = await world().shoot();
      const uid = "00000000-0000-4000-8000-000000000000";
      const answer = await world().admin.patch(path, "merge", {
        metadata: { uid },
        spec: { kubernetes: { version: "1.33.8" } },
      });
      const cause = {
        field: "metadata.uid",
        reason: "FieldValueInvalid",
        message: `Invalid value: "${uid}": field is immutable`,
      };
      // Looked at by the API server's library, and by Gardener once more.
      expectInvalid(answer, nameOf(path), [cause, cause]);
    });

    it("keeps the resourceVersion where nothing changes", async () => {
      const path = await world().shoot();
      const versions: string[] = [];
      // Controllers may write in between, but not for ever.
      while (versions.length < 2 || (versions.length < 20 && versions.at(-1) !== versions.at(-2))) {
        const answer = await world().admin.patch(path, "merge", {
          spec: { kubernetes: { version: "1.33.4" } },
        });
        versions.push(answer.body.text("metadata", "resourceVersion"));
      }
      expect(versions.at(-1)).to.equal(versions.at(-2));
    });
  });

  describe("a dry run", () => {
    it("returns the result of a write, and writes nothing", async () => {
      const path = await world().shoot();
      const change = {
        spec: {
          kubernetes: { version: "1.33" },
          provider: { workers: [{ name: "a", machine: { image: { name: OS, version: "1.5" } } }] },
        },
      };
      const dry = await world().admin.patch(`${path}?dryRun=All`, "strategic", change);
      expect((await world().admin.get(path)).body.at("metadata", "generation")).to.equal(1);
      const wet = await world().admin.patch(path, "strategic", change);
      expectAccepted(wet);
      expect(dry.body.at("spec")).to.deep.equal(wet.body.at("spec"));
      expect(dry.body.at("metadata", "generation")).to.equal(wet.body.at("metadata", "generation"));
    });

    it("refuses as a write would", async () => {
      const path = await world().shoot();
      const change = { spec: { kubernetes: { version: "1.35.2" } } };
      const dry = await world().admin.patch(`${path}?dryRun=All`, "merge", change);
      const wet = await world().admin.patch(path, "merge", change);
      expect(dry.code).to.equal(422);
      expect(dry.body.raw).to.deep.equal(wet.body.raw);
    });

    it("accepts only All", async () => {
      const answer = await world().admin.patch(`${await world().shoot()}?dryRun=Some`, "merge", {});
      expect(answer.code).to.equal(422);
    });
  });

  describe("a field that Shoots do not have", () => {
    it("is dropped with a warning", async () => {
      const answer = await world().admin.patch(`${await world().shoot()}?dryRun=All`, "merge", {
        spec: { kubernetes: { versoin: "1.33.8" } },
      });
      expectAccepted(answer);
      expect(answer.warnings).to.deep.equal(['unknown field "spec.kubernetes.versoin"']);
      expect(answer.body.at("spec", "kubernetes", "versoin")).to.equal(undefined);
    });

    it("is refused when strict validation is requested", async () => {
      const path = await world().shoot();
      const answer = await world().admin.patch(`${path}?dryRun=All&fieldValidation=Strict`, "merge", {
        spec: { kubernetes: { versoin: "1.33.8" } },
      });
      expect(answer.code).to.equal(422);
      expect(answer.body.text("message")).to.contain(
        'strict decoding error: unknown field "spec.kubernetes.versoin"',
      );
    });
  });

  describe("managedFields", () => {
    it("name who wrote the Kubernetes version, and which field of which pool", async () => {
      const path = await world().shoot();
      const answer = await world().admin.patch(`${path}?fieldManager=upgrader`, "strategic", {
        spec: {
          kubernetes: { version: "1.33.8" },
          provider: { workers: [{ name: "a", machine: { image: { version: "1.4.1" } } }] },
        },
      });
      const [entry] = answer.body
        .list("metadata", "managedFields")
        .filter((one) => one.text("manager") === "upgrader");
      expect(entry?.text("operation")).to.equal("Update");
      expect(entry?.at("fieldsV1")).to.deep.equal({
        "f:spec": {
          "f:kubernetes": { "f:version": {} },
          "f:provider": {
            "f:workers": { 'k:{"name":"a"}': { "f:machine": { "f:image": { "f:version": {} } } } },
          },
        },
      });
    });
  });
}
