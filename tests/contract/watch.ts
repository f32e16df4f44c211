import { expect } from "chai";
import { type Body, fieldsOf, type WatchEvent, type WatchStream } from "./api";
import { NAMESPACE } from "./shoots";
import { type ContractWorld, SHOOTS } from "./world";
import { expectAccepted, nameOf } from "./expectations";

export function watches(world: () => ContractWorld): void {
  const label = (path: string, value: string) =>
    world().admin.patch(path, "merge", { metadata: { labels: { step: value } } });
  const only = (path: string) => `fieldSelector=metadata.name%3D${nameOf(path)}`;
  const versionOf = async (path: string) =>
    (await world().admin.get(path)).body.text("metadata", "resourceVersion");

  /** The next event that is meant: controllers write to Shoots as well. */
  async function until(stream: WatchStream, meant: (event: WatchEvent) => boolean): Promise<WatchEvent> {
    for (;;) {
      const event = await stream.next();
      if (event === undefined) throw new Error("the watch has ended too early");
      if (meant(event)) return event;
    }
  }
  const named = (object: Body) => object.text("metadata", "name");
  const step = (event: WatchEvent) => event.object.text("metadata", "labels", "step");

  async function watching<T>(query: string, use: (stream: WatchStream) => Promise<T>): Promise<T> {
    const stream = await world().admin.watch(`${SHOOTS}?watch=true&${query}`);
    try {
      return await use(stream);
    } finally {
      stream.close();
    }
  }

  describe("a list", () => {
    it("holds what its field selector names, and the version from which a watch can continue", async () => {
      const path = await world().shoot();
      const { body } = await world().admin.get(`${SHOOTS}?${only(path)}`);
      expect(body.list("items").map((item) => item.text("metadata", "name"))).to.deep.equal([nameOf(path)]);
      expect(body.text("metadata", "resourceVersion")).to.match(/^[0-9]+$/);
      expect(body.text("kind")).to.equal("ShootList");
    });

    it("is returned in pages of one moment, each with the number of those that follow", async () => {
      await Promise.all([world().shoot(), world().shoot()]);
      const all = (await world().admin.get(SHOOTS)).body.list("items").map(named);
      const names: string[] = [];
      const versions = new Set<string>();
      let next = "";
      do {
        const query = `limit=1${next === "" ? "" : `&continue=${encodeURIComponent(next)}`}`;
        const { body } = await world().admin.get(`${SHOOTS}?${query}`);
        expect(body.list("items")).to.have.length(1);
        names.push(...body.list("items").map(named));
        versions.add(body.text("metadata", "resourceVersion"));
        next = body.text("metadata", "continue");
        const remaining = all.length - names.length;
        expect(body.at("metadata", "remainingItemCount")).to.equal(remaining === 0 ? undefined : remaining);
        // Of one moment: what is created meanwhile is in no page.
        if (names.length === 1) await world().shoot();
      } while (next !== "");
      expect(names).to.deep.equal(all);
      expect([...versions]).to.have.length(1);
    });

    it("holds what its label selector matches", async () => {
      const path = await world().shoot();
      await label(path, nameOf(path));
      const { body } = await world().admin.get(`${SHOOTS}?labelSelector=step%3D${nameOf(path)}`);
      expect(body.list("items")).to.have.length(1);
    });

    it("does not count what follows a page where it has a selector", async () => {
      const paths = [await world().shoot(), await world().shoot()];
      for (const path of paths) await label(path, "paged");
      const { body } = await world().admin.get(`${SHOOTS}?labelSelector=step%3Dpaged&limit=1`);
      expect(body.text("metadata", "continue")).not.to.equal("");
      expect(body.at("metadata", "remainingItemCount")).to.equal(undefined);
    });
  });

  describe("a watch", () => {
    it("without a resourceVersion starts with the existing objects", async () => {
      const path = await world().shoot();
      await watching(only(path), async (stream) => {
        const event = await stream.next();
        expect(event?.type).to.equal("ADDED");
        expect(event?.object.text("metadata", "name")).to.equal(nameOf(path));
      });
    });

    it("reports every change, in order", async () => {
      const path = await world().shoot();
      await watching(`${only(path)}&resourceVersion=${await versionOf(path)}`, async (stream) => {
        for (const value of ["1", "2", "3"]) await label(path, value);
        const steps: string[] = [];
        await until(stream, (event) => {
          if (step(event) !== "" && step(event) !== steps.at(-1)) steps.push(step(event));
          return step(event) === "3";
        });
        expect(steps).to.deep.equal(["1", "2", "3"]);
      });
    });

    it("continues where another one ended", async () => {
      const path = await world().shoot();
      const from = await versionOf(path);
      await label(path, "missed");
      await watching(`${only(path)}&resourceVersion=${from}`, async (stream) => {
        const event = await until(stream, (one) => step(one) !== "");
        expect([event.type, step(event)]).to.deep.equal(["MODIFIED", "missed"]);
      });
    });

    it("reports a deletion", async () => {
      const path = await world().shoot({ annotations: { "confirmation.gardener.cloud/deletion": "true" } });
      await watching(`${only(path)}&resourceVersion=${await versionOf(path)}`, async (stream) => {
        expectAccepted(await world().admin.delete(path));
        expect((await until(stream, ({ type }) => type !== "MODIFIED")).type).to.equal("DELETED");
      });
    });

    it("reports an object that no longer matches its selector as deleted", async () => {
      const path = await world().shoot();
      const value = `in-${nameOf(path)}`;
      await label(path, value);
      await watching(
        `labelSelector=step%3D${value}&resourceVersion=${await versionOf(path)}`,
        async (stream) => {
          await label(path, "out");
          expect((await until(stream, ({ type }) => type !== "MODIFIED")).type).to.equal("DELETED");
        },
      );
    });

    it("ends at its time limit, with a bookmark before", async () => {
      const path = await world().shoot();
      const query = `${only(path)}&resourceVersion=${await versionOf(path)}&allowWatchBookmarks=true&timeoutSeconds=4`;
      await watching(query, async (stream) => {
        let last = "";
        for (let event = await stream.next(); event !== undefined; event = await stream.next())
          last = event.type;
        expect(last).to.equal("BOOKMARK");
      });
    }).timeout(20_000);

    it("from a version that is no longer kept reports that it has expired", async () => {
      const path = await world().shoot();
      await watching(`${only(path)}&resourceVersion=1`, async (stream) => {
        // Refused at once, or with the first event.
        const event = stream.code === 200 ? await stream.next() : undefined;
        const code = event === undefined ? stream.code : event.object.at("code");
        expect(code).to.equal(410);
      });
    });

    it("reports status changes, too", async () => {
      const path = await world().reconciled();
      await watching(`${only(path)}&resourceVersion=${await versionOf(path)}`, async (stream) => {
        const { body } = await world().admin.get(path);
        const operation = { ...fieldsOf(body.at("status", "lastOperation")), progress: 77 };
        expectAccepted(
          await world().admin.patch(`${path}/status`, "merge", { status: { lastOperation: operation } }),
        );
        const progress = (event: WatchEvent) => event.object.at("status", "lastOperation", "progress");
        expect(progress(await until(stream, (event) => progress(event) !== 100))).to.equal(77);
      });
    });
  });

  describe("a table", () => {
    it("shows a Shoot's columns as kubectl prints them", async () => {
      const path = await world().reconciled();
      const answer = await world().admin.get(path, {
        accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
      });
      expect(answer.body.text("kind")).to.equal("Table");
      const columns = answer.body.list("columnDefinitions").filter((column) => column.at("priority") === 0);
      expect(columns.map((column) => column.text("name"))).to.deep.equal([
        "Name",
        "CloudProfile",
        "Provider",
        "Region",
        "K8S Version",
        "Hibernation",
        "Last Operation",
        "Status",
        "Age",
      ]);
      expect(answer.body.at("rows", 0, "cells", 0)).to.equal(nameOf(path));
      expect(answer.body.at("rows", 0, "object", "metadata", "namespace")).to.equal(NAMESPACE);
    });
  });
}
