/**
 * check: from what the program declares to the concrete versions that the Shoot shall run, planned
 * against the live Shoot, judged by the server in previews, and told to the user.
 */
import type { Garden } from "../garden/garden";
import { parseDeclaration } from "../declaration/parse";
import { sameLocation } from "../declaration/location";
import { isRecord } from "../model/json";
import type { CloudProfile } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import type { Step, Plan, PlanResult } from "../model/plan";
import { describeProblem, problemOf, UserError, type Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { changeFor, plan, planMessage, managedVersions, specVersions } from "../plan";
import { nameDeclared } from "./errors";
import { decodeFoundApiServer, latestApiServer, type FoundApiServer } from "./api-server";
import { upgradeCheck } from "./upgradeCheck";
import { nameOf, type LifecycleContext } from "./context";
import { anotherCluster } from "./status";
import { containsUnknown, decodeOldInputs, inputsOf, unknownInputs, type Inputs } from "./state";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: Inputs | Record<string, string>;
  readonly failures: readonly CheckFailure[];
}

/** What RollingUpgrade hands in; only `declaration` means anything to a user. */
interface CheckRequest {
  readonly declaration: unknown;
  /** URN of the row in which messages stand. */
  readonly reportTo: string;
  readonly preview: boolean;
  /** Of the cluster's API, where the component could find it out. */
  readonly apiServer?: FoundApiServer;
}

export async function check(
  context: LifecycleContext,
  oldInputs: unknown,
  newInputs: unknown,
): Promise<CheckResult> {
  const request = decodeRequest(newInputs);
  if (containsUnknown(request.declaration)) return { inputs: unknownInputs(undefined), failures: [] };
  const parsed = parseDeclaration(request.declaration, nameOf(request.reportTo));
  if (parsed.kind === "problems") return refuse(parsed.problems);
  try {
    return await checkLive(context, request, parsed.declaration, decodeOldInputs(oldInputs));
  } catch (error) {
    if (error instanceof UserError) return refuse([problemOf(nameDeclared(error, parsed.declaration))]);
    throw error;
  }
}

async function checkLive(
  context: LifecycleContext,
  request: CheckRequest,
  declaration: Declaration,
  oldInputs: Inputs | undefined,
): Promise<CheckResult> {
  const garden = await context.garden(declaration.garden);
  const ref = await garden.locate(declaration.shoot);
  const id = shootId(ref);
  const live = await readAndPlan(garden, declaration, context.clock.now());
  // By the cluster itself: the same one can be named through two kubeconfigs.
  const twin = context.checked.get(live.shoot.uid);
  if (twin !== undefined && twin.urn !== request.reportTo) {
    return refuse([declaredTwice(id, twin.urn, request)]);
  }
  const adopted = oldInputs?.shoot === id ? adoptedHere(oldInputs, declaration, live.shoot) : undefined;
  // Adoption writes nothing, unless the program says so.
  const adopting = adopted === undefined && declaration.adopt === "observe";
  if (live.planned.kind === "refused") return refuse(live.planned.problems);
  let { plan: planned } = live.planned;
  if (request.preview) {
    if (!adopting && planned.steps.length > 0) {
      const judged = await verifyByDryRun(context, garden, declaration, live.shoot, planned);
      if (judged.kind === "refused") return refuse(judged.problems);
      planned = judged.plan;
    }
    const asked = await upgradeCheck(garden, live.shoot, planned, { adopting });
    if (asked.kind === "refused") return refuse(asked.problems);
    planned = asked.plan;
    await reportPlan(context, request.reportTo, live.shoot, planned, adopting);
  }
  context.checked.set(live.shoot.uid, {
    urn: request.reportTo,
    declaration,
    target: planned.target,
    steps: planned.steps,
    oldInputs: adopted,
  });
  const target = adopting ? managedVersions(specVersions(live.shoot), planned.target) : planned.target;
  const apiServer = latestApiServer(request.apiServer, adopted?.apiServer, live.shoot.uid);
  return { inputs: inputsOf(live.shoot, declaration.garden, target, apiServer), failures: [] };
}

/** The old inputs, if they are of this very cluster. In another garden the name stands for another one. */
function adoptedHere(oldInputs: Inputs, { garden }: Declaration, shoot: Shoot): Inputs | undefined {
  if (oldInputs.shootUid === shoot.uid) return oldInputs;
  if (!sameLocation(oldInputs.garden, inputsOf(shoot, garden, oldInputs, undefined).garden)) return undefined;
  throw anotherCluster(shoot, oldInputs.shootUid);
}

interface PlannedShoot {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly planned: PlanResult;
}

/** Reads the live Shoot and plans on it. */
export async function readAndPlan(
  garden: Garden,
  declaration: Declaration,
  now: Date,
): Promise<PlannedShoot> {
  const shoot = await garden.getShoot(await garden.locate(declaration.shoot));
  const profile = await garden.getCloudProfile(shoot);
  return { shoot, profile, planned: plan(declaration, shoot, profile, now, garden.capabilities) };
}

const CONFLICT_TRIES = 5;

/** Lets the server judge the first hop, and plans again where the Shoot has moved meanwhile. */
async function verifyByDryRun(
  context: LifecycleContext,
  garden: Garden,
  declaration: Declaration,
  shoot: Shoot,
  planned: Plan,
): Promise<PlanResult> {
  if (!garden.capabilities.dryRun) return { kind: "plan", plan: withNotices(planned, [noDryRun(shoot)]) };
  let current = { shoot, plan: planned };
  for (let tries = 1; ; tries++) {
    const step: Step | undefined = current.plan.steps[0];
    if (step === undefined) return { kind: "plan", plan: current.plan };
    const result = await garden.dryRun(changeFor(step, current.shoot));
    switch (result.kind) {
      case "accepted":
        return { kind: "plan", plan: withNotices(current.plan, result.warnings.map(serverWarning)) };
      case "forbidden":
        return {
          kind: "plan",
          plan: withNotices(current.plan, [mayNotWrite(current.shoot, result.message)]),
        };
      case "refused":
        return { kind: "refused", problems: [refusedByServer(current.shoot, result.message)] };
      case "busy":
      case "conflict": {
        if (tries === CONFLICT_TRIES) {
          return {
            kind: "plan",
            plan: withNotices(current.plan, [notVerified(current.shoot, result.message)]),
          };
        }
        const again = await readAndPlan(garden, declaration, context.clock.now());
        if (again.planned.kind === "refused") return again.planned;
        current = { shoot: again.shoot, plan: again.planned.plan };
      }
    }
  }
}

/** One message that stays, and a warning for each thing that a person must not miss. */
async function reportPlan(
  context: LifecycleContext,
  urn: string,
  shoot: Shoot,
  planned: Plan,
  adopting: boolean,
): Promise<void> {
  await context.log.info(urn, planMessage(shoot, { kind: "plan", plan: planned }, { adopting }));
  for (const notice of planned.notices.filter(({ severity }) => severity === "warning")) {
    await context.log.warn(urn, describeProblem(notice));
  }
}

function withNotices(planned: Plan, notices: readonly Problem[]): Plan {
  return { ...planned, notices: [...planned.notices, ...notices] };
}

function serverWarning(warning: string): Problem {
  return { code: "GU043", severity: "warning", message: `The garden says: ${warning}` };
}

function noDryRun({ ref }: Shoot): Problem {
  return {
    code: "GU043",
    severity: "info",
    message: `${shootId(ref)}: not verified by the garden, which cannot try a change out.`,
  };
}

function notVerified(shoot: Shoot, reason: string): Problem {
  return {
    code: "GU043",
    severity: "warning",
    message: `The server has not verified this plan for ${shootId(shoot.ref)}: ${reason}`,
  };
}

function mayNotWrite({ ref }: Shoot, reason: string): Problem {
  return {
    code: "GU043",
    severity: "warning",
    message:
      `${shootId(ref)}: the right to patch shoots in the namespace ${ref.namespace} is missing, so the garden has not ` +
      `verified this plan, and \`pulumi up\` would fail. The garden says: ${reason}`,
  };
}

function refusedByServer(shoot: Shoot, message: string): Problem {
  return {
    code: "GU050",
    severity: "error",
    message: `The garden would refuse this change of ${shootId(shoot.ref)}: ${message}`,
  };
}

function declaredTwice(id: string, otherUrn: string, request: CheckRequest): Problem {
  const [mine, other] = [nameOf(request.reportTo), nameOf(otherUrn)];
  return {
    code: "GU026",
    severity: "error",
    property: "shoot",
    message: `Shoot ${id} is declared twice in this stack, by "${other}" and by "${mine}"; keep one of them.`,
  };
}

/** The engine prints Go's rendering of the value for a named property, so the reason names it instead. */
function refuse(problems: readonly Problem[]): CheckResult {
  const errors = problems.filter(({ severity }) => severity === "error");
  const failures = errors.map((problem) => ({ property: "", reason: describeProblem(problem) }));
  // Unknown ones would hide the failures: in an update the engine complains of them first.
  return { inputs: {}, failures };
}

function decodeRequest(inputs: unknown): CheckRequest {
  if (!isRecord(inputs) || typeof inputs["reportTo"] !== "string" || typeof inputs["preview"] !== "boolean") {
    throw new Error("A RollingUpgrade was registered without its declaration; create it by its class.");
  }
  return {
    declaration: inputs["declaration"],
    // The CLI breaks off with a trace of its own at a malformed URN; without one the stack's row serves.
    reportTo: /^urn:pulumi:[^:]+::[^:]+::.+::.+$/.test(inputs["reportTo"]) ? inputs["reportTo"] : "",
    preview: inputs["preview"],
    apiServer: decodeFoundApiServer(inputs["apiServer"]),
  };
}
