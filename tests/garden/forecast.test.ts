/** The forecast of getUpgrades(), compared with the maintenance controller of the real Gardener. */
import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import type { Garden } from "../../provider/garden/garden";
import { openGarden } from "../../provider/garden/open";
import { upgrades } from "../../provider/plan";
import { type Api, api, type Body } from "../contract/api";
import { NAMESPACE } from "../contract/shoots";
import { createWorld, SHOOTS } from "../contract/world";
import { type RealGarden, startRealGarden } from "./garden";
import { maintainedProfile, maintainedShoot } from "./forecast-arbitraries";
import { actualOutcome, forecastOutcome } from "./forecast-outcome";
import { type Offered, populate } from "./plan-scene";
import { describeReal } from "./suite";

const SHOOT_COUNT = Number(process.env["FORECAST_SHOOTS"] ?? 200);
const SHOOTS_EACH = 10;
const AT_ONCE = 8;
const LIMIT_MS = 5 * 60_000;
const MAINTENANCE_MS = 20_000;

const SEED = Number(process.env["FORECAST_SEED"] ?? Date.now() % 2 ** 31);

describeReal(`The forecast beside the real maintenance controller (FORECAST_SEED=${String(SEED)})`, () => {
  let real: RealGarden;
  let server: Api;
  let garden: Garden;
  let shoots: readonly Offered[] = [];

  before(async function () {
    this.timeout(LIMIT_MS);
    real = await startRealGarden();
    const { url, ca, admin } = real;
    server = api(url, ca, admin);
    garden = await openGarden({ kubeconfig: admin.kubeconfig }, { config: () => undefined, env: {} });
    const unused = () => Promise.reject(new Error("not used here"));
    const close = () => Promise.resolve();
    const name = "the real Gardener";
    const world = { name, url, ca, admin, addUser: unused, createAuthority: unused, close };
    (await createWorld(world)).admin.close();
    const created = await server.post(
      `/apis/core.gardener.cloud/v1beta1/namespaces/${NAMESPACE}/secretbindings`,
      {
        metadata: { name: "secret-binding" },
        provider: { type: "local" },
        secretRef: { namespace: NAMESPACE, name: "credentials" },
      },
    );
    expect(created.code, JSON.stringify(created.body.raw)).to.equal(201);
    shoots = await populate(server, garden, SEED, {
      profile: maintainedProfile,
      profiles: Math.ceil((SHOOT_COUNT * 3) / SHOOTS_EACH),
      shoot: maintainedShoot,
      shootsEach: SHOOTS_EACH,
      deletions: false,
    });
  });

  after(async function () {
    this.timeout(30_000);
    server.close();
    await real.stop();
  });

  it("names the versions, the causes and the removed fields of each maintenance", async function () {
    this.timeout(LIMIT_MS);
    const waiting = [...shoots];
    let maintenances = 0;
    const disagreements: string[] = [];
    const counts = new Map<string, number>();
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next && maintenances < SHOOT_COUNT; next = waiting.pop()) {
        const { shoot, profile } = next;
        const now = new Date();
        const { forecast } = upgrades(shoot, profile, now);
        const expected = forecastOutcome(shoot, forecast, now);
        const body = await maintained(`${SHOOTS}/${shoot.ref.name}`);
        if (body === undefined) continue;
        maintenances += 1;
        const after = await garden.getShoot(shoot.ref);
        const actual = actualOutcome(shoot, after, body);
        const met = [...Object.values(actual.causes), ...actual.removes.map(() => "removes")];
        for (const cause of [...met, ...(actual.refused ? ["refused"] : [])])
          counts.set(cause, (counts.get(cause) ?? 0) + 1);
        if (isDeepStrictEqual(expected, actual)) continue;
        disagreements.push(
          [
            `${shoot.ref.name} on ${profile.name}: ${JSON.stringify({ shoot: shoot.workers, kubernetes: shoot.kubernetesVersion, autoUpdate: shoot.maintenance.autoUpdate })}`,
            `forecast: ${JSON.stringify(expected)}`,
            `actual:   ${JSON.stringify(actual)}`,
            `maintenance: ${JSON.stringify(body.at("status", "lastMaintenance"))}`,
          ].join("\n"),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    process.stderr.write(`${String(maintenances)} maintenances: ${JSON.stringify([...counts])}\n`);
    if (disagreements.length > 0) throw new Error(disagreements.join("\n\n"));
    expect(maintenances).to.be.at.least(SHOOT_COUNT);
  });

  /** Undefined where the API server takes no change of the Shoot, because the running image suits it no longer. */
  async function maintained(path: string): Promise<Body | undefined> {
    const annotations = { "gardener.cloud/operation": "maintain" };
    const { code, body: answer } = await server.patch(path, "merge", { metadata: { annotations } });
    if (code === 403) return undefined;
    expect(code, JSON.stringify(answer.raw)).to.equal(200);
    for (const start = Date.now(); ;) {
      const { body } = await server.get(path);
      const pending = body.text("metadata", "annotations", "gardener.cloud/operation") === "maintain";
      if (!pending && body.text("status", "lastMaintenance", "state") !== "Processing") return body;
      if (Date.now() - start > MAINTENANCE_MS) {
        throw new Error(`No maintenance within ${String(MAINTENANCE_MS)} ms: ${JSON.stringify(body.raw)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});
