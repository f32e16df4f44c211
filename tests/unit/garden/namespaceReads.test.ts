import { expect } from "chai";
import { createNamespaceReads, LIST_MS } from "../../../provider/garden/namespaceReads";
import { UserError } from "../../../provider/model/problem";
import { shootId, type Shoot, type ShootRef } from "../../../provider/model/shoot";
import { aShoot } from "../builders";
import { fakeClock, type FakeClock } from "../rollout/clock";

const NAMESPACE = "garden-demo";
const names = (count: number) => Array.from({ length: count }, (_, index) => `shoot-${String(index + 1)}`);

describe("reads of Shoots that resources share", () => {
  let clock: FakeClock;
  let calls: string[];
  /** What a list answers; a UserError: it is refused; another error: it cannot be read. */
  let listed: readonly string[] | Error;
  /** Why a single read fails. */
  let refused: Error | undefined;

  beforeEach(() => {
    clock = fakeClock();
    calls = [];
    listed = names(100);
    refused = undefined;
  });

  const shootOf = (ref: ShootRef): Shoot => aShoot({ ref, uid: ref.name });

  function reads() {
    const shared = createNamespaceReads(
      {
        get(ref) {
          calls.push(`get ${shootId(ref)}`);
          return refused === undefined ? Promise.resolve(shootOf(ref)) : Promise.reject(refused);
        },
        list(namespace) {
          calls.push(`list ${namespace}`);
          if (listed instanceof Error) return Promise.reject(listed);
          return Promise.resolve(new Map(listed.map((name) => [name, () => shootOf({ namespace, name })])));
        },
      },
      clock,
      5_000,
    );
    return {
      expectReads: (shoots: number, known?: readonly string[]) =>
        shared.expect({ namespace: NAMESPACE, shoots, names: known }),
      requested: () => shared.requested(),
      invalidate: (name: string) => shared.invalidate({ namespace: NAMESPACE, name }),
      read: async (name: string, namespace = NAMESPACE) => (await shared.get({ namespace, name })).uid,
    };
  }

  it("are single ones for a few Shoots of a namespace", async () => {
    const { read } = reads();
    for (const name of names(3)) expect(await read(name)).to.equal(name);
    expect(calls).to.deep.equal(names(3).map((name) => `get garden-demo/${name}`));
  });

  it("fail for whoever reads, and not for a list that is only expected", async () => {
    listed = new Error("no list");
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const { read, expectReads } = reads();
    expectReads(100);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).to.deep.equal([]);
    const failure: unknown = await read("shoot-1").catch((error: unknown) => error);
    expect(failure).to.equal(listed);
  });

  it("are one list from the first on where many are expected", async () => {
    const { read, expectReads } = reads();
    expectReads(100);
    expect(calls).to.deep.equal(["list garden-demo"]);
    for (const name of names(100)) expect(await read(name)).to.equal(name);
    expectReads(100);
    expect(calls).to.deep.equal(["list garden-demo"]);
  });

  it("are listed again when they are expected after the list has expired", async () => {
    const { expectReads } = reads();
    expectReads(100);
    await clock.advance(LIST_MS);
    expectReads(100);
    expect(calls).to.have.length(2);
  });

  it("are not listed where only a few are expected", () => {
    reads().expectReads(3);
    expect(calls).to.deep.equal([]);
  });

  it("are single ones where the expected list is refused", async () => {
    listed = new UserError("GU008", "no");
    const { read, expectReads } = reads();
    expectReads(100);
    expect(await read("shoot-1")).to.equal("shoot-1");
    expect(calls).to.deep.equal(["list garden-demo", "get garden-demo/shoot-1"]);
  });

  it("are all started at once where the expected list is refused and the names are known", async () => {
    listed = new UserError("GU008", "no");
    const { read, expectReads } = reads();
    expectReads(5, names(5));
    await new Promise((resolve) => setImmediate(resolve));
    const started = ["list garden-demo", ...names(5).map((name) => `get garden-demo/${name}`)];
    expect(calls).to.deep.equal(started);
    for (const name of names(5)) expect(await read(name)).to.equal(name);
    expect(calls).to.deep.equal(started);
  });

  it("that are started fail for whoever reads, who reads again", async () => {
    listed = new UserError("GU008", "no");
    refused = new UserError("GU005", "unreachable");
    const { read, expectReads } = reads();
    expectReads(5, names(5));
    await new Promise((resolve) => setImmediate(resolve));
    refused = undefined;
    expect(await read("shoot-1")).to.equal("shoot-1");
  });

  it("name the Shoots that were requested where the list is refused", async () => {
    listed = new UserError("GU008", "no");
    const { read, requested } = reads();
    await Promise.all(names(5).map((name) => read(name)));
    expect(requested()).to.deep.equal([{ namespace: NAMESPACE, shoots: 5, names: names(5) }]);
  });

  it("count the Shoots of each namespace that were requested", async () => {
    const { read, requested } = reads();
    await Promise.all(names(5).map((name) => read(name)));
    await read("shoot-1");
    await read("shoot-1", "garden-other");
    expect(requested()).to.deep.equal([
      { namespace: NAMESPACE, shoots: 5 },
      { namespace: "garden-other", shoots: 1 },
    ]);
  });

  for (const way of ["one after the other", "all at once"]) {
    it(`are one list for a hundred Shoots of a namespace: ${way}`, async () => {
      const { read } = reads();
      if (way === "all at once") await Promise.all(names(100).map((name) => read(name)));
      else for (const name of names(100)) expect(await read(name)).to.equal(name);
      expect(calls).to.have.length(4);
      expect(calls.filter((call) => call === "list garden-demo")).to.have.length(1);
    });
  }

  it("are counted for each namespace by itself", async () => {
    const { read } = reads();
    for (const namespace of ["a", "b", "c", "d"]) await read("web", namespace);
    expect(calls.some((call) => call.startsWith("list"))).to.equal(false);
  });

  it("are shared for their time, and made again after it", async () => {
    const { read } = reads();
    await read("shoot-1");
    await read("shoot-1");
    await clock.advance(5_000);
    await read("shoot-1");
    expect(calls).to.deep.equal(["get garden-demo/shoot-1", "get garden-demo/shoot-1"]);
  });

  it("list again where many Shoots have changed since the list", async () => {
    const { read, invalidate } = reads();
    for (const name of names(10)) await read(name);
    await clock.advance(1);
    calls.length = 0;
    for (const name of names(10)) invalidate(name);
    await clock.advance(1);
    for (const name of names(10)) await read(name);
    expect(calls.filter((call) => call === "list garden-demo")).to.have.length(1);
    expect(calls).to.have.length(4);
  });

  it("are single ones where they come one by one over hours", async () => {
    const { read, invalidate } = reads();
    for (const name of names(10)) {
      await read(name);
      invalidate(name);
      await clock.advance(60_000);
    }
    expect(calls.some((call) => call.startsWith("list"))).to.equal(false);
  });

  it("list anew once the list is too old", async () => {
    const { read } = reads();
    for (const name of names(5)) await read(name);
    await clock.advance(30_000);
    for (const name of names(5)) await read(name);
    expect(calls.filter((call) => call === "list garden-demo")).to.have.length(2);
  });

  it("are single ones for a Shoot that has changed since the list", async () => {
    const { read, invalidate } = reads();
    for (const name of names(10)) await read(name);
    calls.length = 0;
    invalidate("shoot-7");
    await read("shoot-7");
    await read("shoot-8");
    expect(calls).to.deep.equal(["get garden-demo/shoot-7"]);
  });

  it("are single ones where the user may not list", async () => {
    listed = new UserError("GU008", "the right to list is missing");
    const { read } = reads();
    for (const name of names(6)) expect(await read(name)).to.equal(name);
    expect(calls.filter((call) => call.startsWith("get"))).to.have.length(6);
    expect(calls.filter((call) => call.startsWith("list"))).to.have.length(1);
  });

  it("read a Shoot that the list does not have, for the error that names the Shoots that exist", async () => {
    listed = names(5);
    const { read } = reads();
    for (const name of names(5)) await read(name);
    await read("unknown");
    expect(calls.at(-1)).to.equal("get garden-demo/unknown");
  });
});
