/** Cleura's gate before a Kubernetes version: the control panel's two confirmations. */
import { UserError } from "../../model/problem";
import type { ShootRef } from "../../model/shoot";
import type { UpgradePreparation, UpgradeReadiness } from "../garden";
import { statusFailure, writeInDoubt, type ApiAnswer } from "../http";
import { describeShoot, type CleuraContext } from "./api";
import { messageOf } from "./client";
import { decodeReadiness } from "./decode";
import { unknownShoot } from "./read";

/** An answer that makes no sense leaves open what was prepared. */
function decoded(subject: string, step: "check" | "prepare" | "revert", body: unknown): UpgradeReadiness {
  try {
    return decodeReadiness(subject, body);
  } catch (error) {
    throw error instanceof UserError && step !== "check" ? writeInDoubt(error) : error;
  }
}

/** Where the Shoot is known, it is the gate that is not. */
const WITHOUT = 'rollout: { prepare: "never" } does without the gate.';

export function createPreparation(line: CleuraContext): UpgradePreparation {
  const { client, paths } = line;

  async function readiness(
    { name }: ShootRef,
    step: "check" | "prepare" | "revert",
    answer: ApiAnswer,
  ): Promise<UpgradeReadiness> {
    const subject = describeShoot({ name });
    if (answer.kind === "ok") return decoded(subject, step, answer.body);
    const { status } = answer;
    if ([400, 409, 422].includes(status.code)) {
      // A version that cannot be, or a cluster that is in no state for it.
      if (step !== "prepare") return { outcome: "notReady", details: [messageOf(status)] };
      // Nothing is prepared, so that there is nothing to take back.
      throw new UserError("GU044", `${subject}: Cleura does not prepare the upgrade: ${messageOf(status)}.`);
    }
    const request = { verb: step, resource: "upgrade", subject };
    const failure = statusFailure(status, request, client.connection);
    if (status.code !== 404) throw failure;
    const shoot = await client.get(paths.shoot(name), { subject });
    if (shoot.kind === "status") throw await unknownShoot(line, name);
    throw new UserError("GU018", `${failure.message}. ${WITHOUT}`);
  }

  function request(step: "check" | "prepare" | "revert", send: (typeof client)["put"]) {
    return async (ref: ShootRef, version: string) => {
      const path = paths.upgrade(ref.name, step);
      const about = { subject: describeShoot(ref) };
      return readiness(ref, step, await send(path, about, undefined, { target_version: version }));
    };
  }

  return {
    check: request("check", (path, about, _body, query) => client.get(path, about, query)),
    prepare: request("prepare", client.put),
    revert: request("revert", client.patch),
  };
}
