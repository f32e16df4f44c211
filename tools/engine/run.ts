/** What one run of the engine did and reported, from its events. */
import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation";

export interface Run {
  /** Whether the CLI ended without an error. */
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** What stays on the screen: one entry per message. */
  readonly messages: readonly Message[];
  /** The texts of a resource's row during its operation. */
  readonly statuses: readonly Message[];
  /** What is planned in a preview, or was done, by resource; providers are left out. */
  readonly steps: readonly Step[];
  /** How many resources each operation has touched: `{ same: 2, update: 1 }`. */
  readonly changes: Readonly<Partial<Record<OpType, number>>>;
  readonly events: readonly EngineEvent[];
}

export interface Message {
  readonly severity: "info" | "warning" | "error";
  /** Empty where a message belongs to no resource. */
  readonly urn: string;
  readonly text: string;
}

export interface Step {
  readonly op: OpType;
  readonly urn: string;
  readonly type: string;
  /** Properties that change, as the engine names them. */
  readonly diffs: readonly string[];
  readonly detailedDiff: NonNullable<StepEventMetadata["detailedDiff"]>;
  readonly oldInputs: Readonly<Record<string, unknown>>;
  readonly newInputs: Readonly<Record<string, unknown>>;
  readonly newOutputs: Readonly<Record<string, unknown>>;
}

export function runOf(
  ok: boolean,
  events: readonly EngineEvent[],
  texts: { readonly stdout: string; readonly stderr: string },
): Run {
  const messages = events.flatMap(messageOf);
  return {
    ok,
    stdout: texts.stdout,
    stderr: texts.stderr,
    messages: messages.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message),
    statuses: messages.filter(({ ephemeral }) => ephemeral).map(({ message }) => message),
    steps: stepsOf(events),
    changes: events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
    events,
  };
}

function messageOf({ diagnosticEvent }: EngineEvent): { message: Message; ephemeral: boolean }[] {
  if (diagnosticEvent === undefined) return [];
  const { urn = "", message, ephemeral = false } = diagnosticEvent;
  const severity = severityOf(diagnosticEvent.severity);
  // Debug messages are among the events, shown or not.
  if (severity === undefined) return [];
  const text = message.replace(/<\{%.*?%\}>/g, "").trimEnd();
  return [{ message: { severity, urn, text }, ephemeral }];
}

function severityOf(severity: string): Message["severity"] | undefined {
  if (severity === "info#err") return "info";
  return severity === "info" || severity === "warning" || severity === "error" ? severity : undefined;
}

/** The last event of each resource: its result, or its plan where it failed before that. */
function stepsOf(events: readonly EngineEvent[]): readonly Step[] {
  const steps = new Map<string, Step>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const metadata = resOutputsEvent?.metadata ?? resourcePreEvent?.metadata;
    if (metadata === undefined || metadata.type.startsWith("pulumi:providers:")) continue;
    const { op, urn, type } = metadata;
    steps.set(`${op} ${urn}`, {
      op,
      urn,
      type,
      diffs: metadata.diffs ?? [],
      detailedDiff: metadata.detailedDiff ?? {},
      oldInputs: metadata.old?.inputs ?? {},
      newInputs: metadata.new?.inputs ?? {},
      newOutputs: metadata.new?.outputs ?? {},
    });
  }
  return [...steps.values()];
}
