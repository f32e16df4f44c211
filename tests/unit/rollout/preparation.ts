/** A garden that requires a preparation before a Kubernetes version. */
import type { UpgradePreparation } from "../../../provider/garden/garden";
import type { UpgradeReadiness } from "../../../provider/model/readiness";
import { aCluster, aScene, ONE_AT_A_TIME, type Scene } from "./scene";

export type Outcome = UpgradeReadiness["outcome"];

export interface FakePreparation {
  readonly preparation: UpgradePreparation;
  /** `prepare 1.34.3`, in order. */
  readonly calls: string[];
  /** Of the next calls; after these: ready. */
  readonly answers: (Outcome | Error)[];
}

export function aPreparation(...answers: (Outcome | Error)[]): FakePreparation {
  const calls: string[] = [];
  const call = (step: string) => (_ref: unknown, version: string) => {
    calls.push(`${step} ${version}`);
    const answer = step === "revert" ? "ready" : (answers.shift() ?? "ready");
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ outcome: answer, details: [`${answer} it is`] });
  };
  return {
    calls,
    answers,
    preparation: { check: call("check"), prepare: call("prepare"), revert: call("revert") },
  };
}

export function aPreparedScene(garden: FakePreparation, ...shoot: Parameters<typeof aCluster>): Scene {
  return aScene(aCluster(...shoot), { capabilities: ONE_AT_A_TIME, preparation: garden.preparation });
}
