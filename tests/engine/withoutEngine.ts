/** The lifecycle on an open garden, without an engine. */
import { expect } from "chai";
import type { Garden } from "../../provider/garden/garden";
import { noEngine } from "../../provider/engine/liveness";
import { check, create, CheckedShoots, type LifecycleContext } from "../../provider/lifecycle";
import { systemClock } from "../../provider/model/clock";
import { describeProblem, UserError } from "../../provider/model/problem";
import { createRolloutLimiter } from "../../provider/rollout";

export const web = { project: "demo", name: "web" };

/** The message of the failure; empty where there is none. */
export async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "";
  } catch (error) {
    if (error instanceof UserError) return describeProblem(error);
    throw error;
  }
}

type Declared = Readonly<Partial<Record<"kubernetes" | "machineImage", { readonly version: string }>>>;

const request = (declared: Declared, preview: boolean) => ({
  declaration: { shoot: web, adopt: "upgrade", ...declared },
  run: { reportTo: "urn:pulumi:test::test::gardener:index:ShootVersions::web", preview },
});

export async function previewed(garden: Garden, declared: Declared): Promise<string> {
  const messages: string[] = [];
  const { failures } = await check(contextOf(garden, messages), {}, request(declared, true));
  return [...messages, ...failures.map(({ reason }) => reason)].join("\n");
}

/** Adoption and upgrade at once. */
export async function upgraded(
  garden: Garden,
  declared: Declared,
): Promise<{ ok: boolean; message: string }> {
  const messages: string[] = [];
  const context = contextOf(garden, messages);
  const { inputs, failures } = await check(context, {}, request(declared, false));
  expect(failures).to.deep.equal([]);
  const failure = await failureOf(create(context, inputs));
  return { ok: failure === "", message: [...messages, failure].join("\n") };
}

function contextOf(garden: Garden, messages: string[]): LifecycleContext {
  const record = (_urn: string, message: string) => {
    messages.push(message);
    return Promise.resolve();
  };
  return {
    garden: () => Promise.resolve(garden),
    engine: noEngine,
    log: { info: record, warn: record, status: () => undefined, flush: () => Promise.resolve() },
    clock: systemClock,
    rolloutLimiter: createRolloutLimiter(1),
    checked: new CheckedShoots(),
  };
}
