/**
 * check: from what the program declares to the concrete versions that the Shoot shall run, planned
 * against the live Shoot, judged by the server in previews, and told to the user.
 */
import type { Garden } from "../garden/garden";
import { parseDeclaration } from "../declaration/parse";
import { isRecord } from "../model/json";
import type { CloudProfile } from "../model/cloudprofile";
import type { Declaration } from "../model/declaration";
import type { Hop, Plan, Planned } from "../model/plan";
import { describeProblem, problemOf, UserError, type Problem } from "../model/problem";
import { shootId, type Shoot } from "../model/shoot";
import { changeFor, observed, plan, planMessage } from "../plan";
import { aboutDeclared } from "./about";
import { decodeFoundApiServer, latestApiServer, type FoundApiServer } from "./api-server";
import { askGate } from "./gate";
import { nameOf, type Host } from "./host";
import { anotherCluster } from "./live";
import { containsUnknown, decodeOldInputs, inputsOf, sameGarden, unknownInputs, type Inputs } from "./state";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: Inputs | Record<string, string>;
  readonly failures: readonly CheckFailure[];
}

/** What RollingUpgrade hands in; only `declaration` means anything to a user. */
interface Request {
  readonly declaration: unknown;
  /** URN of the row in which messages stand. */
  readonly reportTo: string;
  readonly preview: boolean;
  /** Of the cluster's API, where the component could find it out. */
  readonly apiServer?: FoundApiServer;
}

export async function check(host: Host, oldInputs: unknown, newInputs: unknown): Promise<CheckResult> {
  const request = decodeRequest(newInputs);
  if (containsUnknown(request.declaration)) return { inputs: unknownInputs(undefined), failures: [] };
  const parsed = parseDeclaration(request.declaration, nameOf(request.reportTo));
  if (parsed.kind === "problems") return refuse(parsed.problems);
  try {
    return await checkLive(host, request, parsed.declaration, decodeOldInputs(oldInputs));
  } catch (error) {
    if (error instanceof UserError) return refuse([problemOf(aboutDeclared(error, parsed.declaration))]);
    throw error;
  }
}

async function checkLive(
  host: Host,
  request: Request,
  declaration: Declaration,
  oldInputs: Inputs | undefined,
): Promise<CheckResult> {
  const garden = host.garden(declaration.garden);
  const ref = await garden.locate(declaration.shoot);
  const id = shootId(ref);
  const live = await look(garden, declaration, host.clock.now());
  // By the cluster itself: the same one can be named through two kubeconfigs.
  const twin = host.memory.recall(live.shoot.uid);
  if (twin !== undefined && twin.urn !== request.reportTo) {
    return refuse([declaredTwice(id, twin.urn, request)]);
  }
  const adopted = oldInputs?.shoot === id ? adoptedHere(oldInputs, declaration, live.shoot) : undefined;
  // Adoption writes nothing, unless the program says so.
  const adopting = adopted === undefined && declaration.adopt === "observe";
  if (live.planned.kind === "refused") return refuse(live.planned.problems);
  let { plan: planned } = live.planned;
  if (request.preview) {
    if (!adopting && planned.hops.length > 0) {
      const judged = await judge(host, garden, declaration, live.shoot, planned);
      if (judged.kind === "refused") return refuse(judged.problems);
      planned = judged.plan;
    }
    const asked = await askGate(garden, live.shoot, planned, { adopting });
    if (asked.kind === "refused") return refuse(asked.problems);
    planned = asked.plan;
    await tell(host, request.reportTo, live.shoot, planned, adopting);
  }
  host.memory.remember(live.shoot.uid, {
    urn: request.reportTo,
    declaration,
    target: planned.target,
    hops: planned.hops,
    oldInputs: adopted,
  });
  const target = adopting ? observed(live.shoot, planned.target) : planned.target;
  const apiServer = latestApiServer(request.apiServer, adopted?.apiServer, live.shoot.uid);
  return { inputs: inputsOf(live.shoot, declaration.garden, target, apiServer), failures: [] };
}

/** The old inputs, if they are of this very cluster. In another garden the name stands for another one. */
function adoptedHere(oldInputs: Inputs, { garden }: Declaration, shoot: Shoot): Inputs | undefined {
  if (oldInputs.shootUid === shoot.uid) return oldInputs;
  if (!sameGarden(oldInputs.garden, inputsOf(shoot, garden, oldInputs, undefined).garden)) return undefined;
  throw anotherCluster(shoot, oldInputs.shootUid);
}

interface Look {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly planned: Planned;
}

/** Reads the live Shoot and plans on it. */
export async function look(garden: Garden, declaration: Declaration, now: Date): Promise<Look> {
  const shoot = await garden.getShoot(await garden.locate(declaration.shoot));
  const profile = await garden.getCloudProfile(shoot);
  return { shoot, profile, planned: plan(declaration, shoot, profile, now, garden.capabilities) };
}

const CONFLICT_TRIES = 5;

/** Lets the server judge the first hop, and plans again where the Shoot has moved meanwhile. */
async function judge(
  host: Host,
  garden: Garden,
  declaration: Declaration,
  shoot: Shoot,
  planned: Plan,
): Promise<Planned> {
  if (!garden.capabilities.dryRun) return { kind: "plan", plan: noticed(planned, [noDryRun(shoot)]) };
  let current = { shoot, plan: planned };
  for (let tries = 1; ; tries++) {
    const hop: Hop | undefined = current.plan.hops[0];
    if (hop === undefined) return { kind: "plan", plan: current.plan };
    const verdict = await garden.dryRun(changeFor(hop, current.shoot));
    switch (verdict.kind) {
      case "accepted":
        return { kind: "plan", plan: noticed(current.plan, verdict.warnings.map(serverWarning)) };
      case "forbidden":
        return { kind: "plan", plan: noticed(current.plan, [mayNotWrite(current.shoot, verdict.message)]) };
      case "refused":
        return { kind: "refused", problems: [refusedByServer(current.shoot, verdict.message)] };
      case "busy":
      case "conflict": {
        if (tries === CONFLICT_TRIES) {
          return { kind: "plan", plan: noticed(current.plan, [notVerified(current.shoot, verdict.message)]) };
        }
        const again = await look(garden, declaration, host.clock.now());
        if (again.planned.kind === "refused") return again.planned;
        current = { shoot: again.shoot, plan: again.planned.plan };
      }
    }
  }
}

/** One message that stays, and a warning for each thing that a person must not miss. */
async function tell(host: Host, urn: string, shoot: Shoot, planned: Plan, adopting: boolean): Promise<void> {
  await host.log.info(urn, planMessage(shoot, { kind: "plan", plan: planned }, { adopting }));
  for (const notice of planned.notices.filter(({ severity }) => severity === "warning")) {
    await host.log.warn(urn, describeProblem(notice));
  }
}

function noticed(planned: Plan, notices: readonly Problem[]): Plan {
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

function declaredTwice(id: string, otherUrn: string, request: Request): Problem {
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

function decodeRequest(inputs: unknown): Request {
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
