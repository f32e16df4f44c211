/** Cleura's upgrade check before a Kubernetes version: the two confirmations of the control panel. */
import { UserError } from "../../model/problem";
import type { ShootRef } from "../../model/shoot";
import type { UpgradeReadiness } from "../../model/readiness";
import type { UpgradePreparation } from "../garden";
import { statusFailure, writeInDoubt, type ApiAnswer } from "../http";
import { describeShoot, type CleuraContext } from "./api";
import { decodeReadiness } from "./decode";
import { messageOf } from "./failure";
import { unknownShoot } from "./read";

/** After an answer that cannot be decoded it is unknown what was prepared. */
function decoded(subject: string, step: "check" | "prepare" | "revert", body: unknown): UpgradeReadiness {
  try {
    return decodeReadiness(subject, body);
  } catch (error) {
    throw error instanceof UserError && step !== "check" ? writeInDoubt(error) : error;
  }
}

const SKIP_CHECK = 'Set rollout: { prepare: "never" } to upgrade without it.';

export function createPreparation(context: CleuraContext): UpgradePreparation {
  const { client, paths } = context;

  async function readiness(
    { name }: ShootRef,
    step: "check" | "prepare" | "revert",
    answer: ApiAnswer,
  ): Promise<UpgradeReadiness> {
    const subject = describeShoot({ name });
    if (answer.kind === "ok") return decoded(subject, step, answer.body);
    const { status } = answer;
    if ([400, 409, 422].includes(status.code)) {
      // An impossible version, or a cluster in no state for an upgrade.
      if (step !== "prepare") return { outcome: "notReady", details: [messageOf(status)] };
      // Nothing is prepared: there is nothing to revert.
      throw new UserError(
        "GU044",
        `${subject}: Cleura refuses to prepare the upgrade: ${messageOf(status)}.`,
      );
    }
    const request = { verb: step, resource: "upgrade", subject };
    const failure = statusFailure(status, request, client.connection);
    if (status.code !== 404) throw failure;
    const shoot = await client.get(paths.shoot(name), { subject });
    if (shoot.kind === "status") throw await unknownShoot(context, name);
    throw new UserError("GU018", `${failure.message}. The server has no upgrade check. ${SKIP_CHECK}`);
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
