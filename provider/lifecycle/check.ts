/**
 * check: from what the program declares to the concrete versions that the Shoot is to run, planned on
 * the live Shoot, verified by the garden in previews, and reported to the user.
 */
import { assertAdopted } from "../model/adoption";
import { sameLocation } from "../declaration/location";
import { parseDeclaration } from "../declaration/parse";
import type { Declaration } from "../model/declaration";
import type { DryRunReport } from "../model/dryRun";
import type { ExpectedReads } from "../model/expectedReads";
import { isRecord } from "../model/json";
import type { KubeletReport } from "../model/kubelets";
import type { Plan } from "../model/plan";
import type { PreflightReport } from "../model/preflight";
import { describeProblem, problemOf, UserError, type Problem } from "../model/problem";
import type { ReadinessReport } from "../model/readiness";
import { shootId, type Shoot } from "../model/shoot";
import {
  managedVersions,
  planMessage,
  withNotices,
  type PlanMessageOptions,
  specVersions,
  startProblems,
  targetOfRun,
  waitingReason,
} from "../plan";
import { laterTurn } from "../turn";
import { decodeNames, withNames, withoutUnknownMoments, type KnownDeclaration } from "./after";
import { decodeFoundApiServer, latestApiServer, readApiServer, type FoundApiServer } from "./api-server";
import { nameOf, type LifecycleContext } from "./context";
import { decodeDryRunReport } from "./dryRun";
import { decodeExpectedReads } from "./expectedReads";
import { nameDeclared, tryRead } from "./errors";
import { declaredTwice } from "./messages";
import { decodeKubeletReport, kubeletProblems } from "./kubelets";
import { findShoot, planOn } from "./resolve";
import { previewPreflight, reportPreflight } from "./preflight";
import { decodePreflightReport } from "./preflightReport";
import { containsUnknown, decodeOldInputs, inputsOf, unknownInputs, type Inputs } from "./state";
import { decodeReadinessReport } from "./upgradeCheck";
import { verifyPlan } from "./verify";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: Inputs | Record<string, string>;
  readonly failures: readonly CheckFailure[];
}

/** What RollingUpgrade passes as inputs, as one text where the arguments are literals; only `declaration` is the user's. */
interface CheckRequest {
  readonly declaration: unknown;
  /** URN of the row under which messages are shown. */
  readonly reportTo: string;
  readonly preview: boolean;
  /** Of the cluster's API, where the component has found it. */
  readonly apiServer?: FoundApiServer;
  /** The component leaves finding it to check. */
  readonly findApiServer: boolean;
  /** The dry run that the component has made. */
  readonly dryRun?: DryRunReport;
  /** What the component has found of the kubelets that run. */
  readonly kubelets?: KubeletReport;
  /** What the checks have found that the component has run. */
  readonly preflight?: PreflightReport;
  /** What the garden's own check has reported to the component. */
  readonly readiness?: ReadinessReport;
  readonly reads?: ExpectedReads;
  /** The program shows a plan of the Shoot by itself. */
  readonly isListed: boolean;
  /** How many Shoots the program declares, as far as it knows. */
  readonly shoots?: number;
  /** Of those in the same project or namespace: their list is started with the first read. */
  readonly shootsBeside?: number;
  /** Of the components whose outputs are in `rollout.after`. */
  readonly names: readonly (string | undefined)[];
}

export async function check(
  context: LifecycleContext,
  oldInputs: unknown,
  newInputs: unknown,
): Promise<CheckResult> {
  const request = decodeRequest(newInputs);
  const { declaration, mayFollow } = withoutUnknownMoments(request.declaration);
  if (containsUnknown(declaration)) return { inputs: unknownInputs(declaration), failures: [] };
  const parsed = parseDeclaration(declaration, nameOf(request.reportTo));
  if (parsed.kind === "problems") return refuse(parsed.problems);
  try {
    const named = withNames(parsed.declaration, request.names);
    return await checkLive(context, { ...request, mayFollow }, named, decodeOldInputs(oldInputs));
  } catch (error) {
    if (error instanceof UserError) return refuse([problemOf(nameDeclared(error, parsed.declaration))]);
    throw error;
  }
}

async function checkLive(
  context: LifecycleContext,
  request: CheckRequest & Pick<KnownDeclaration, "mayFollow">,
  declaration: Declaration,
  oldInputs: Inputs | undefined,
): Promise<CheckResult> {
  const { reportTo: urn, preview } = request;
  const garden = await context.garden(declaration.garden);
  if (request.reads !== undefined) garden.expectReads?.(request.reads);
  if (request.shootsBeside !== undefined) garden.expectShoots?.(declaration.shoot, request.shootsBeside);
  const shoot = await findShoot(garden, declaration.shoot);
  // The first check has read a list of all Shoots, and runs this and what follows the plan for the first time.
  await laterTurn();
  const [planned, found] = await Promise.all([
    planOn(garden, declaration, shoot, context.clock.now()),
    // What cannot be read stays as it was; the component tries once more where it never was known.
    request.findApiServer ? tryRead(() => readApiServer(garden, shoot)) : request.apiServer,
  ]);
  await laterTurn();
  // By the cluster itself: the same one can be named through two kubeconfigs.
  const other = context.checked.get(shoot.uid);
  if (other !== undefined && other.urn !== urn) {
    return refuse([declaredTwice(shoot, [nameOf(other.urn), nameOf(urn)])]);
  }
  const adopted = oldInputs && inputsOfAdopted(oldInputs, declaration, shoot);
  // Adoption writes nothing, unless the program requests it.
  const adopting = adopted === undefined && declaration.adopt === "observe";
  if (planned.kind === "refused") return refuse(planned.problems);
  const unstartable = startProblems(declaration.rollout.start, shoot);
  if (unstartable.length > 0) return refuse(unstartable);
  const { clock } = context;
  const waits = waitingReason(declaration, shoot, planned.plan.steps, clock.now());
  // What is not performed now is shown, and does not fail: neither as not ready yet, nor because of a finding.
  const performs = waits === undefined || request.mayFollow;
  const verification = {
    garden,
    declaration,
    clock,
    adopting: adopting || !performs,
    report: request.dryRun,
    readiness: request.readiness,
  };
  const { preflight: options } = declaration;
  const brief = (request.shoots ?? 1) > 1;
  const shown = { adopting, brief, isListed: request.isListed, ...(waits !== undefined && { waits }) };
  const [verified, kubelets, report] = await Promise.all([
    preview ? verifyPlan({ shoot, plan: planned.plan }, verification) : planned,
    preview
      ? kubeletProblems(garden, shoot, planned.plan, {
          report: request.kubelets,
          lists: context.checked.nodeLists,
        })
      : [],
    request.preflight ??
      (preview && performs
        ? reportPreflight(garden, planned.plan.steps, shoot, options, clock.now())
        : undefined),
  ]);
  if (verified.kind === "refused") return refuse(verified.problems);
  const tooOld = kubelets.filter(({ severity }) => severity === "error");
  const refuses = performs && !adopting;
  if (tooOld.length > 0 && refuses) return refuse(tooOld);
  const plan = withNotices(verified.plan, refuses ? kubelets : kubelets.map(asWarning));
  const { target, steps, later, route } = plan;
  if (preview) {
    await reportPlan(context, urn, shoot, plan, shown);
    const blocked = performs
      ? await previewPreflight({ garden, shoot, steps, options, clock, report }, context.log, urn)
      : [];
    if (blocked.length > 0 && !adopting) return refuse(blocked);
  }
  const checked = { urn, declaration, target, steps, later, route, oldInputs: adopted };
  context.checked.set(shoot.uid, { ...checked, ...(waits !== undefined && { waits }) });
  // A preview has no summary.
  if (!preview && request.shoots !== undefined) context.summary?.expect(request.shoots);
  const versions = adopting ? managedVersions(specVersions(shoot), target) : targetOfRun(plan, shoot);
  const apiServer = latestApiServer(found, adopted?.apiServer, shoot.uid);
  return { inputs: inputsOf(shoot, declaration.garden, versions, apiServer), failures: [] };
}

/** The old inputs, if they are of this cluster. In another garden the same name is another cluster's. */
function inputsOfAdopted(oldInputs: Inputs, { garden }: Declaration, shoot: Shoot): Inputs | undefined {
  if (oldInputs.shoot !== shootId(shoot.ref)) return undefined;
  if (oldInputs.shootUid !== shoot.uid && !sameLocation(oldInputs.garden, garden)) return undefined;
  assertAdopted(shoot, oldInputs.shootUid);
  return oldInputs;
}

/** Nothing is written in this run. */
function asWarning(problem: Problem): Problem {
  return problem.severity === "error" ? { ...problem, severity: "warning" } : problem;
}

/**
 * A message that stays, unless there is nothing to say, and a warning for each thing that a person must not miss. Where nothing is pending they are awaited by
 * diff: the engine checks hundreds of Shoots one after the other.
 */
async function reportPlan(
  { log }: LifecycleContext,
  urn: string,
  shoot: Shoot,
  plan: Plan,
  shown: PlanMessageOptions,
): Promise<void> {
  const warnings = plan.notices.filter(({ severity }) => severity === "warning");
  const message = planMessage(shoot, { kind: "plan", plan }, shown);
  const messages = [
    ...(message === undefined ? [] : [log.info(urn, message)]),
    ...warnings.map((notice) => log.warn(urn, describeProblem(notice))),
  ];
  if (plan.steps.length > 0) await Promise.all(messages);
}

/** The engine prints Go's rendering of the value for a named property, so the reason names it instead. */
function refuse(problems: readonly Problem[]): CheckResult {
  const errors = problems.filter(({ severity }) => severity === "error");
  const failures = errors.map((problem) => ({ property: "", reason: describeProblem(problem) }));
  // Unknown inputs would hide the failures: in an update the engine reports an error about them first.
  return { inputs: {}, failures };
}

function decodeRequest(sent: unknown): CheckRequest {
  const inputs = inputsIn(sent);
  const run = isRecord(inputs) ? inputs["run"] : undefined;
  if (
    !isRecord(inputs) ||
    !isRecord(run) ||
    typeof run["reportTo"] !== "string" ||
    typeof run["preview"] !== "boolean"
  ) {
    throw new Error("A RollingUpgrade was registered without its declaration; create it by its class.");
  }
  const found = { ...parseObject(run["found"]), ...parseObject(run["due"]) };
  return {
    declaration: inputs["declaration"],
    // The CLI panics at a malformed URN; without one the stack's row is used.
    reportTo: /^urn:pulumi:[^:]+::[^:]+::.+::.+$/.test(run["reportTo"]) ? run["reportTo"] : "",
    preview: run["preview"],
    apiServer: decodeFoundApiServer(found["apiServer"]),
    findApiServer: run["findApiServer"] === true,
    // The component that leaves the address to check does not wait for its plan, and lists it as well.
    isListed: found["isListed"] === true || run["findApiServer"] === true,
    dryRun: decodeDryRunReport(found["dryRun"]),
    kubelets: decodeKubeletReport(found["kubelets"]),
    preflight: decodePreflightReport(found["preflight"]),
    readiness: decodeReadinessReport(found["readiness"]),
    reads: decodeExpectedReads(found["reads"]),
    shoots: typeof run["shoots"] === "number" ? run["shoots"] : undefined,
    shootsBeside: typeof run["shootsBeside"] === "number" ? run["shootsBeside"] : undefined,
    names: decodeNames(run["after"]),
  };
}

/** The inputs themselves, or those that are one text where the arguments are literals. */
function inputsIn(sent: unknown): unknown {
  if (!isRecord(sent)) return sent;
  const { literal, declaration } = sent;
  if (literal === undefined) return sent;
  if (declaration !== undefined) {
    const message =
      "A transformation has added the input declaration to a RollingUpgrade, which expects none; change its arguments instead.";
    throw new UserError("GU021", message);
  }
  return typeof literal === "string" ? parseObject(literal) : literal;
}

/** Empty where it is absent, not known, or not as the component writes it: check finds out by itself, or refuses the request. */
function parseObject(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== "string" || containsUnknown(text)) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
