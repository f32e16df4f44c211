/**
 * The line to the Pulumi engine. `pulumi.log` is not connected inside a dynamic provider's process
 * (it falls back to the console, on the stack's row), so messages go to the engine's own service,
 * which takes the URN of the row that they belong to.
 */
import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { isRecord } from "../model/json";
import { printable } from "../model/text";

export interface EngineLog {
  /** Stays below the resource after the run. Resolves when the engine has it. */
  info(urn: string, message: string): Promise<void>;
  warn(urn: string, message: string): Promise<void>;
  /** Shown in the resource's row while it is at work, then forgotten. */
  status(urn: string, message: string): void;
  /** Resolves when the engine has all that was said. */
  said(): Promise<void>;
}

type Severity = "INFO" | "WARNING";

/** For a process that no engine has started. */
export const silentLog: EngineLog = {
  info: () => Promise.resolve(),
  warn: () => Promise.resolve(),
  status: () => undefined,
  said: () => Promise.resolve(),
};

/** Connects to the engine whose address is the last argument of the provider's process. */
export function connectEngineLog(argv: readonly string[] = process.argv): EngineLog {
  const address = argv.at(-1);
  return address !== undefined && /^[\w.:[\]-]+:\d+$/.test(address) ? logTo(address) : silentLog;
}

function logTo(address: string): EngineLog {
  let client: EngineClient | undefined;
  let last: Promise<void> = Promise.resolve();

  function deliver(request: LogRequest): Promise<void> {
    client ??= connect(address);
    const connected = client;
    return new Promise((resolve) => connected.log(request, () => resolve()));
  }

  const send = (severity: Severity, urn: string, message: string, ephemeral: boolean): Promise<void> => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity[severity]);
    request.setMessage(printable(message));
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // One after another, so that they are shown in order; a lost one is no reason to fail a rollout.
    last = last.then(() => deliver(request)).catch(() => undefined);
    return last;
  };

  return {
    info: (urn, message) => send("INFO", urn, message, false),
    warn: (urn, message) => send("WARNING", urn, message, false),
    status: (urn, message) => void send("INFO", urn, message, true),
    said: () => last,
  };
}

function connect(address: string): EngineClient {
  // gRPC belongs to the SDK, not to us: its own copy must make the credentials.
  const grpc: unknown = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js");
  if (!isGrpc(grpc)) throw new Error("The Pulumi SDK brings no gRPC.");
  return new EngineClient(address, grpc.credentials.createInsecure());
}

function isGrpc(module: unknown): module is typeof Grpc {
  return isRecord(module) && "credentials" in module;
}
