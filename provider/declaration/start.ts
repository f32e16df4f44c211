/** `rollout` of a program, as far as it says when a rollout may be started. */
import type { RolloutArgs } from "../args";
import type { Predecessor, StartConditions } from "../model/declaration";
import { RolloutWhen } from "../model/enums";
import type { Fields, Json } from "./fields";
import { parseMoment } from "../model/moment";

const MAX_SOAK_MS = 90 * 86_400_000;

type Given = Readonly<Partial<Record<keyof RolloutArgs, Json>>>;

/** Undefined where nothing of it is declared. */
export function parseStart(given: Given, fields: Fields): StartConditions | undefined {
  const after = parseAfter(given.after, fields);
  const soakMs = fields.duration(given.soak, "rollout.soak", MAX_SOAK_MS);
  const when = fields.choice(given.when, "rollout.when", RolloutWhen);
  const notBefore = fields.moment(given.notBefore, "rollout.notBefore");
  const skipHibernated = fields.flag(given.skipHibernated, "rollout.skipHibernated");
  if (soakMs !== undefined && after === undefined) {
    const message = "give rollout.after as well: the outputs completedAt of the Shoots that come first";
    return fields.problem("GU021", "rollout.soak", message);
  }
  const waits = after !== undefined || notBefore !== undefined || skipHibernated === true;
  if (!waits && (when === undefined || when === RolloutWhen.Now)) return undefined;
  return {
    after: after ?? [],
    soakMs: soakMs ?? 0,
    when: when ?? RolloutWhen.Now,
    ...(notBefore !== undefined && { notBefore }),
    skipHibernated: skipHibernated ?? false,
  };
}

function parseAfter(value: Json, fields: Fields): readonly Predecessor[] | undefined {
  if (value === undefined || value === null) return undefined;
  const example = "expected a list of outputs completedAt, such as [canary.completedAt]";
  if (!Array.isArray(value)) return fields.problem("GU021", "rollout.after", example);
  return value.map((moment: Json, index): Predecessor => {
    const path = `rollout.after[${index}]`;
    // The output while the rollout is not complete.
    if (moment === "") return {};
    const completedAt = typeof moment === "string" ? parseMoment(moment) : undefined;
    if (completedAt !== undefined) return { completedAt };
    fields.problem("GU021", path, example);
    return {};
  });
}
