/** `rollout.after` and `rollout.soak`: what of the arguments a preview may not know, apart from the rest. */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "../provider/args";
import { isRecord } from "../provider/model/json";

/** A component, by its output `completedAt`. */
interface Named {
  readonly name: string;
  /** 1 where it waits for no other, otherwise one more than the latest of those. */
  readonly wave: number;
}

const components = new WeakMap<object, Named>();

export function nameCompletion(completedAt: pulumi.Output<string>, component: Named): void {
  components.set(completedAt, component);
}

/** For each of `rollout.after` the name of its component; empty where the program has derived another value from it. */
export function namesOfPredecessors(args: ShootVersionsArgs): readonly string[] {
  return momentsOf(args).map((moment) => componentOf(moment)?.name ?? "");
}

export function waveOf(args: ShootVersionsArgs): number {
  return 1 + Math.max(0, ...momentsOf(args).map((moment) => componentOf(moment)?.wave ?? 1));
}

/** `rollout.after`, as far as the program gives a list. */
export function momentsOf({ rollout }: ShootVersionsArgs): readonly pulumi.Input<string>[] {
  const after = isPlain(rollout) ? rollout.after : undefined;
  return Array.isArray(after) ? after : [];
}

function componentOf(moment: unknown): Named | undefined {
  return typeof moment === "object" && moment !== null ? components.get(moment) : undefined;
}

/** `rollout.soak`, which a preview knows as a rule. */
export function soakOf({ rollout }: ShootVersionsArgs): pulumi.Input<string> | undefined {
  return isPlain(rollout) ? rollout.soak : undefined;
}

/**
 * The arguments that a preview knows while other rollouts are not complete: with an unknown value in them nothing of the
 * Shoot could be read, and no plan be shown.
 */
export function knownArguments(args: ShootVersionsArgs): ShootVersionsArgs {
  const { rollout } = args;
  if (!isPlain(rollout)) return args;
  const { after, soak, ...known } = rollout;
  return after === undefined && soak === undefined ? args : { ...args, rollout: known };
}

/** Whether the rollout may have to wait: how far it will be after `pulumi up` is not known in a preview. */
export function mayWait({ rollout }: ShootVersionsArgs): boolean {
  if (!isRecord(rollout)) return false;
  if (!isPlain(rollout)) return true;
  const { after, when, notBefore, skipHibernated } = rollout;
  const waits = after !== undefined || notBefore !== undefined;
  return waits || (when !== undefined && when !== "now") || (skipHibernated ?? false) !== false;
}

type Plain = Exclude<
  ShootVersionsArgs["rollout"],
  undefined | Promise<unknown> | pulumi.OutputInstance<unknown>
>;

function isPlain(rollout: ShootVersionsArgs["rollout"]): rollout is Plain {
  return isRecord(rollout) && !pulumi.Output.isInstance(rollout) && !(rollout instanceof Promise);
}
