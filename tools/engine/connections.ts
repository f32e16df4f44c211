/**
 * Programs that are functions run in this process, one engine after the other, each on ports that the system chose.
 * `grpc-js` keeps a connection that failed for all clients of a process, by address: a program whose engine is given
 * the port of one that has ended would get `UNAVAILABLE` at its first call, and the Node.js SDK takes that for an
 * engine that is shutting down: it registers nothing and reports no error.
 * Source: `getSubchannelPool` in @grpc/grpc-js/src/internal-channel.ts, `UNAVAILABLE` in
 * @pulumi/pulumi/runtime/resource.ts.
 */
import * as settings from "@pulumi/pulumi/runtime/settings";
import { isRecord } from "../../provider/model/json";

/** Gives each program connections of its own. The SDK has no public option for it. */
export function separateConnections(): void {
  const options: unknown = Reflect.get(settings, "grpcClientOptions");
  if (!isRecord(options))
    throw new Error("@pulumi/pulumi has no `grpcClientOptions` any more: see the comment above");
  Reflect.set(options, "grpc.use_local_subchannel_pool", 1);
}
