/**
 * Messages to the Pulumi engine. `pulumi.log` is not connected inside a dynamic provider's process
 * (it falls back to the console, in the stack's row), so messages go to the engine's own service,
 * which takes the URN of their row.
 */
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { printable } from "../model/text";
import { connectEngine, engineAddress } from "./client";

export interface EngineLog {
  /** Stays below the resource after the run. Resolves when the engine has received it. */
  info(urn: string, message: string): Promise<void>;
  warn(urn: string, message: string): Promise<void>;
  /** Shown in the resource's row during its operation only. */
  status(urn: string, message: string): void;
  /** Resolves when the engine has received all messages. */
  flush(): Promise<void>;
}

type Severity = "INFO" | "WARNING";

/** For a process that no engine has started. */
const silentLog: EngineLog = {
  info: () => Promise.resolve(),
  warn: () => Promise.resolve(),
  status: () => undefined,
  flush: () => Promise.resolve(),
};

export function connectEngineLog(address = engineAddress()): EngineLog {
  return address === undefined ? silentLog : logTo(address);
}

function logTo(address: string): EngineLog {
  let client: EngineClient | undefined;
  let last: Promise<void> = Promise.resolve();

  function deliver(request: LogRequest): Promise<void> {
    client ??= connectEngine(address);
    const connected = client;
    return new Promise((resolve) => connected.log(request, () => resolve()));
  }

  const send = (severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<void> => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity[severity]);
    request.setMessage(printable(message));
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // One after another, so that they are shown in order; a rollout does not fail because a message is lost.
    last = last.then(() => deliver(request)).catch(() => undefined);
    return last;
  };

  return {
    info: (urn, message) => send("INFO", urn, message, false),
    warn: (urn, message) => send("WARNING", urn, message, false),
    status: (urn, message) => void send("INFO", urn, message, true),
    flush: () => last,
  };
}
