/** The sandbox and the real Gardener side by side: every call goes to both, and the answers are compared. */
import { isDeepStrictEqual } from "node:util";
import { connect } from "../../sandbox/client";
import { startGarden } from "../../sandbox/garden";
import { startMaintenance } from "../../sandbox/maintenance/maintenance";
import {
  type Answer,
  type Api,
  api,
  type Body,
  type JsonValue,
  bodyOf,
  type PatchType,
} from "../contract/api";
import type { GardenUnderTest } from "../contract/garden";
import { startRealGarden } from "./garden";

export interface Twins {
  readonly gardens: readonly Pick<GardenUnderTest, "name" | "url" | "ca" | "admin">[];
  readonly apis: readonly [sandbox: Api, real: Api];
  /** Throws where one takes the object and the other does not; true: both have it. */
  create(path: string, body: JsonValue): Promise<boolean>;
  /** A description of the difference; undefined: they agree. */
  patch(path: string, type: PatchType, body: JsonValue): Promise<string | undefined>;
  stop(): Promise<void>;
}

export async function startTwins(): Promise<Twins> {
  const sandbox = await startGarden();
  const controller = connect({
    url: sandbox.url,
    ca: sandbox.ca,
    token: sandbox.token,
    userAgent: "maintenance",
  });
  const maintenance = startMaintenance({ garden: controller });
  const real = await startRealGarden();
  const apis = [
    api(sandbox.url, sandbox.ca, { token: sandbox.token }),
    api(real.url, real.ca, real.admin),
  ] as const;

  async function both(call: (one: Api) => Promise<Answer>): Promise<readonly [Answer, Answer]> {
    return Promise.all([call(apis[0]), call(apis[1])]);
  }
  return {
    gardens: [
      { name: "the sandbox", url: sandbox.url, ca: sandbox.ca, admin: { token: sandbox.token } },
      { name: "the real Gardener", url: real.url, ca: real.ca, admin: real.admin },
    ],
    apis,
    async create(path, body) {
      const answers = await both((one) => one.post(path, body));
      const found = difference(answers);
      if (found !== undefined) throw new Error(`POST ${path} ${JSON.stringify(body)}\n${found}`);
      return answers[0].code === 201;
    },
    patch: async (path, type, body) => difference(await both((one) => one.patch(path, type, body))),
    async stop() {
      for (const one of apis) one.close();
      await maintenance.stop();
      controller.close();
      await sandbox.close();
      await real.stop();
    },
  };
}

function difference([sandbox, real]: readonly [Answer, Answer]): string | undefined {
  const [ours, theirs] = [comparable(sandbox), comparable(real)];
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  return `sandbox: ${JSON.stringify(ours, undefined, 1)}\nreal: ${JSON.stringify(theirs, undefined, 1)}`;
}

/** What the provider reads: of a refusal everything, of a Shoot what version changes depend on. */
function comparable({ code, body, warnings }: Answer): JsonValue {
  if (code >= 400) {
    const { raw } = body;
    return { code, body: raw };
  }
  if (body.text("kind") !== "Shoot") return { code };
  return {
    code,
    warnings: [...warnings].sort(),
    generation: body.at("metadata", "generation"),
    operation: body.at("metadata", "annotations", "gardener.cloud/operation"),
    kubernetes: body.at("spec", "kubernetes", "version"),
    cloudProfile: body.at("spec", "cloudProfile"),
    maintenance: ["autoUpdate", "timeWindow", "confineSpecUpdateRollout"].map((name) =>
      body.at("spec", "maintenance", name),
    ),
    hibernation: body.at("spec", "hibernation"),
    workers: body.list("spec", "provider", "workers").map(pool),
  };
}

function pool(worker: Body): JsonValue {
  const names = [
    "name",
    "kubernetes",
    "machine",
    "minimum",
    "maximum",
    "maxSurge",
    "maxUnavailable",
    "updateStrategy",
    "cri",
  ];
  return Object.fromEntries(names.map((name) => [name, bodyOf(worker.raw).at(name)]));
}
