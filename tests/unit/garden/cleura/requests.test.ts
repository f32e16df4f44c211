import { expect } from "chai";
import { createCleuraGarden } from "../../../../provider/garden/cleura";
import { cacheReads, type CachedGarden } from "../../../../provider/garden/gardens";
import { READ_MS } from "../../../../provider/garden/namespaceReads";
import { check, create, diff, read, readAndPlan, update } from "../../../../provider/lifecycle";
import { systemClock } from "../../../../provider/model/clock";
import { aDeclaration, NOW } from "../../builders";
import { aContext, type FakeContext } from "../../support/fakeGarden";
import { json, type ApiServer } from "../support/api-server";
import { apiServerPerTest } from "../support/perTest";
import { connectWith } from "../support/kubeconfigs";
import { profileObject, profilesPath, refusal, shootObject, shootsPath } from "./scene";

const NAMES = Array.from({ length: 12 }, (_, index) => `web-${index}`);

interface Resource {
  readonly name: string;
  readonly inputs: unknown;
  readonly state: unknown;
}

describe("the requests for twelve Shoots of one project in Cleura Cloud", () => {
  const server = apiServerPerTest();
  let context: FakeContext;
  /** The number of requests before the phase that is measured. */
  let earlier: number;

  beforeEach(async () => {
    earlier = 0;
    for (const name of NAMES) {
      server.on(`GET ${shootsPath}/${name}`, json(shoot(name)));
      server.on(
        `GET ${shootsPath}/${name}/upgrade/check`,
        json({ outcome: "ready", details: ["Cluster is ready for upgrade"] }),
      );
    }
    server.on(`GET ${shootsPath}`, json(NAMES.map(shoot)));
    server.on(`GET ${profilesPath}`, json([profileObject()]));
    context = aContext(await aGarden(server));
  });

  /** As in a process that has just started. */
  async function restart(): Promise<void> {
    context = aContext(await aGarden(server));
    earlier = server.requests.length;
  }

  const request = (name: string, version: string, preview: boolean) => ({
    declaration: { shoot: { name }, kubernetes: { version } },
    run: { reportTo: `urn:pulumi:dev::stack::gardener:index:ShootVersions::${name}`, preview },
  });

  async function adopted(): Promise<readonly Resource[]> {
    const resources = [];
    for (const name of NAMES) {
      const { inputs } = await check(context, {}, request(name, "1.33.4", false));
      resources.push({ name, inputs, state: (await create(context, inputs)).outs });
    }
    await restart();
    return resources;
  }

  /** One resource after the other, as the engine does. */
  async function preview(resources: readonly Resource[], version: string): Promise<void> {
    for (const { name, inputs, state } of resources) {
      const checked = await check(context, inputs, request(name, version, true));
      expect(checked.failures).to.deep.equal([]);
      await diff(context, state, checked.inputs);
    }
  }

  const paths = () => server.requests.slice(earlier).map(({ path }) => path);
  const upgradeChecks = () => paths().filter((path) => path.endsWith("/upgrade/check")).length;

  function reads() {
    const counts = { single: 0, lists: 0, profiles: 0, others: 0 };
    for (const path of paths()) {
      if (NAMES.some((name) => path === `${shootsPath}/${name}`)) counts.single += 1;
      else if (path === shootsPath) counts.lists += 1;
      else if (path === profilesPath) counts.profiles += 1;
      else if (!path.endsWith("/upgrade/check")) counts.others += 1;
    }
    return counts;
  }

  it("are three Shoots, one list and one CloudProfile in a preview with nothing pending", async () => {
    await preview(await adopted(), "1.33.4");
    expect(reads()).to.deep.equal({ single: 3, lists: 1, profiles: 1, others: 0 });
    expect(upgradeChecks()).to.equal(0);
  });

  it("are one upgrade check per Shoot more in a preview with a pending minor", async () => {
    await preview(await adopted(), "1.34.3");
    expect(reads()).to.deep.equal({ single: 3, lists: 1, profiles: 1, others: 0 });
    expect(upgradeChecks()).to.equal(NAMES.length);
  });

  it("contain one upgrade check per Shoot where a patch version is pending", async () => {
    await preview(await adopted(), "1.33.7");
    expect(upgradeChecks()).to.equal(12);
  });

  it("are the same for an update without changes", async () => {
    for (const { name, inputs, state } of await adopted()) {
      const checked = await check(context, inputs, request(name, "1.33.4", false));
      await diff(context, state, checked.inputs);
      await update(context, state, checked.inputs);
    }
    expect(reads()).to.deep.equal({ single: 3, lists: 1, profiles: 1, others: 0 });
  });

  it("are three Shoots and one list in a refresh", async () => {
    const resources = await adopted();
    await Promise.all(resources.map(({ name, state }) => read(context, name, state)));
    expect(reads()).to.deep.equal({ single: 3, lists: 1, profiles: 0, others: 0 });
  });

  it("are the same where a program reads them side by side", async () => {
    const garden = await context.garden({});
    const declarations = NAMES.map((name) => aDeclaration({ shoot: { kind: "name", name } }));
    const now = context.clock.now();
    await Promise.all(declarations.map((declaration) => readAndPlan(garden, declaration, now)));
    expect(reads()).to.deep.equal({ single: 3, lists: 1, profiles: 1, others: 0 });
  });

  it("are one read of each Shoot where the project cannot be listed", async () => {
    const resources = await adopted();
    server.on(`GET ${shootsPath}`, refusal(403, "You do not have the privilege"));
    await preview(resources, "1.33.4");
    expect(reads()).to.deep.include({ single: NAMES.length, profiles: 1, others: 0 });
  });

  it("are one read for a single Shoot", async () => {
    await preview((await adopted()).slice(0, 1), "1.33.4");
    expect(reads()).to.deep.equal({ single: 1, lists: 0, profiles: 1, others: 0 });
  });
});

function shoot(name: string) {
  return shootObject({ name, uid: `uid-of-${name}` });
}

async function aGarden({ url }: ApiServer): Promise<CachedGarden> {
  const endpoint = { cloud: "public", region: "Sto2", projectId: "0123abcd", url };
  // A phase takes no time, however busy the machine is.
  const clock = { ...systemClock, now: () => NOW };
  const garden = createCleuraGarden(endpoint, await connectWith({ server: url }), { retryMs: 1, clock });
  return cacheReads(garden, clock, READ_MS);
}
