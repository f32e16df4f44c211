/** The one write of a rollout: on what is live, no more than was checked, tied to what was read. */
import { UserError } from "../model/problem";
import type { Hop } from "../model/plan";
import type { Shoot } from "../model/shoot";
import { changeFor, describeHop, pending, within } from "../plan";
import { assertNotHeld, assertPresent, calledOff } from "./identity";
import { obstacleTo, settle } from "./settle";
import { sentence, shorten } from "./text";
import type { RolloutContext, RolloutRequest } from "./types";

export type Written =
  | { readonly kind: "nothing"; readonly shoot: Shoot }
  | {
      readonly kind: "written";
      readonly hop: Hop;
      /** What the write was tied to. */
      readonly before: Shoot;
      /** What the garden answered. */
      readonly shoot: Shoot;
      /** By our clock. */
      readonly at: Date;
    };

/** Gardener writes the status of a busy Shoot often, and each such write is a conflict for ours. */
const RETRIES = 10;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

export async function write(
  request: RolloutRequest,
  context: RolloutContext,
  wait: { readonly since: Date; show(line: string): void },
): Promise<Written> {
  const { garden, clock } = context;
  const { ref, target, checked, label } = request;
  let shoot = await garden.getShoot(ref);
  let conflicts = 0;
  for (;;) {
    if (context.signal?.aborted === true) throw calledOff(request);
    assertPresent(request, shoot);
    const left = pending(target, shoot);
    const [hop] = left;
    if (hop === undefined) return { kind: "nothing", shoot };
    if (!within(left, checked)) throw beyond(request, left, shoot);
    assertNotHeld(request, shoot);
    if (obstacleTo(hop, shoot) !== undefined) {
      shoot = await settle(request, context, { ...wait, hop, shoot });
      continue;
    }
    const at = clock.now();
    const verdict = await garden.apply(changeFor(hop, shoot));
    switch (verdict.kind) {
      case "accepted":
        for (const warning of verdict.warnings) context.info(`${label}: the garden remarks: ${warning}`);
        return { kind: "written", hop, before: shoot, shoot: verdict.shoot, at };
      case "refused":
        throw new UserError(
          "GU050",
          `${label}: the garden refused ${describeHop(hop, shoot)}: ${sentence(shorten(verdict.message, 800))} Nothing was written.`,
        );
      case "forbidden":
        throw new UserError(
          "GU008",
          `${label}: the right to "patch" on "shoots.core.gardener.cloud" in the namespace ${ref.namespace} is missing. ` +
            `Nothing was written. The garden says: ${sentence(shorten(verdict.message, 400))}`,
        );
      case "busy":
      case "conflict":
        if (conflicts === RETRIES) {
          throw new UserError(
            "GU051",
            `${label}: the Shoot was changed by somebody else at each of ${RETRIES + 1} attempts to write it. ` +
              `Nothing was written. Run \`pulumi up\` again when it has come to rest. The garden says: ${sentence(shorten(verdict.message, 400))}`,
          );
        }
        await clock.sleep(Math.min(FIRST_PAUSE_MS * 2 ** conflicts, LONGEST_PAUSE_MS), context.signal);
        conflicts += 1;
        shoot = await garden.getShoot(ref);
    }
  }
}

function beyond({ label, checked }: RolloutRequest, left: readonly Hop[], shoot: Shoot): UserError {
  const was = checked.length === 0 ? "nothing" : checked.map((hop) => describeHop(hop, shoot)).join("; ");
  return new UserError(
    "GU038",
    `${label}: the live Shoot has changed, and more is pending now than was checked. ` +
      `Checked: ${was}. Now: ${left.map((hop) => describeHop(hop, shoot)).join("; ")}. ` +
      "Nothing was written. Run `pulumi preview` again and review it.",
  );
}
