/** Client of the Pulumi engine's own service, whose address is the last argument of the provider's process. */
import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb";
import { isRecord } from "../model/json";

/** Undefined in a process that was not started by an engine. */
export function engineAddress(argv: readonly string[] = process.argv): string | undefined {
  const address = argv.at(-1);
  return address !== undefined && /^[\w.:[\]-]+:\d+$/.test(address) ? address : undefined;
}

/** Never through a proxy of the environment: the engine is on this machine. */
export function connectEngine(address: string): EngineClient {
  return new EngineClient(address, grpc().credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
}

/** The result of one request to the engine. `silent`: it may be suspended, or very busy. */
export type EngineStatus = "running" | "silent" | "unavailable";

export function requestEngineStatus(client: EngineClient, timeoutMs: number): Promise<EngineStatus> {
  const { Metadata, status } = grpc();
  const options = { deadline: Date.now() + timeoutMs };
  return new Promise((resolve) => {
    client.getRootResource(new GetRootResourceRequest(), new Metadata(), options, (error) => {
      if (error?.code === status.UNAVAILABLE) resolve("unavailable");
      else if (error?.code === status.DEADLINE_EXCEEDED) resolve("silent");
      // An engine that refuses the request is running.
      else resolve("running");
    });
  });
}

/** The SDK's own copy of gRPC: credentials of another copy are refused. */
function grpc(): typeof Grpc {
  const module: unknown = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js");
  if (!isGrpc(module)) throw new Error("The Pulumi SDK brings no gRPC.");
  return module;
}

function isGrpc(module: unknown): module is typeof Grpc {
  return isRecord(module) && "credentials" in module;
}
