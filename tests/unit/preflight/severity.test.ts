import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StepKind } from "../../../provider/preflight/work";
import { seedTo1352, seedTo136, to133, to134 } from "./everything";
import { inspected, type Given } from "./scene";

const CHECKS = join(__dirname, "..", "..", "..", "provider", "preflight", "checks");

/** For a roll of nodes, an upgrade of the control plane alone, and a patch without either; "-": no finding. */
const severities: Readonly<Record<string, readonly [string, string, string]>> = {
  neverAllowed: ["block", "-", "-"],
  severalBudgets: ["block", "-", "-"],
  noneAllowedNow: ["warn", "-", "-"],
  notObserved: ["warn", "-", "-"],
  nodeBoundVolume: ["block", "-", "-"],
  noController: ["warn", "-", "-"],
  pinnedToNode: ["warn", "-", "-"],
  labelledNodes: ["warn", "-", "-"],
  untoleratedTaints: ["warn", "-", "-"],
  noRoom: ["warn", "-", "-"],
  unreadyStatefulSet: ["warn", "-", "-"],
  nodeNotReady: ["warn", "-", "-"],
  nodePreserved: ["warn", "-", "-"],
  nodeCordoned: ["info", "-", "-"],
  longGracePeriod: ["info", "-", "-"],
  hostPath: ["info", "-", "-"],
  singleReplica: ["info", "-", "-"],
  emptyDir: ["info", "-", "-"],
  criticalResources: ["warn", "warn", "info"],
  confirmed: ["info", "info", "info"],
  remediated: ["info", "info", "info"],
  unusableBackend: ["block", "warn", "warn"],
  unusableBackendElsewhere: ["warn", "warn", "info"],
  ignoredFailure: ["info", "info", "info"],
  ownPods: ["warn", "-", "-"],
  storedVersions: ["warn", "warn", "info"],
  unusableConversion: ["warn", "warn", "warn"],
  notAvailable: ["warn", "warn", "info"],
  requested: ["block", "block", "-"],
  written: ["warn", "warn", "-"],
  applied: ["warn", "warn", "-"],
  removedLater: ["info", "info", "info"],
  kubeletSkew: ["block", "block", "warn"],
  noSurge: ["warn", "-", "-"],
  wholePoolAtOnce: ["warn", "-", "-"],
  networkTooSmall: ["warn", "-", "-"],
  readiness: ["warn", "warn", "warn"],
  managedSeed: ["warn", "warn", "-"],
  managedSeedDeadlock: ["warn", "warn", "warn"],
};
const kinds: readonly StepKind[] = ["nodeRoll", "controlPlane", "patch"];
const scenes: readonly Given[] = [to134, seedTo136, seedTo1352, to133];

async function found(kind: StepKind): Promise<ReadonlyMap<string, string>> {
  const results = await Promise.all(
    scenes.map((given) => inspected({ ...given, work: { ...given.work, kind } })),
  );
  return new Map(results.flatMap(({ findings }) => findings.map(({ rule, severity }) => [rule, severity])));
}

describe("the severity of each rule by the kind of step", () => {
  for (const [index, kind] of kinds.entries()) {
    it(`is as documented: ${kind}`, async () => {
      const expected = Object.entries(severities).filter(([, row]) => row[index] !== "-");
      expect(Object.fromEntries(await found(kind))).to.deep.equal(
        Object.fromEntries(expected.map(([rule, row]) => [rule, row[index]])),
      );
    });
  }

  it("is stated here for every rule", () => {
    const sources = readdirSync(CHECKS).map((file) => readFileSync(join(CHECKS, file), "utf8"));
    const names = sources.flatMap((source) =>
      [...source.matchAll(/: Rule = \{[^}]*?name: "(\w+)"/g)].map(([, name = ""]) => name),
    );
    expect([...new Set([...names, "readiness"])].sort()).to.deep.equal(Object.keys(severities).sort());
  });
});
