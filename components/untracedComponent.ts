import * as pulumi from "@pulumi/pulumi";

/**
 * A component whose construction records no stack traces but its own position in the program, for which the SDK has a limit of
 * its own (resource.ts). The SDK records one for each of some fifty promises of a component with a resource, to report those
 * that never resolve (runtime/debuggable.ts): with the source maps of a TypeScript program that takes most of a constructor's
 * time, and a program constructs its components one after the other.
 */
export abstract class UntracedComponent extends pulumi.ComponentResource {
  constructor(type: string, name: string, opts: pulumi.ComponentResourceOptions | undefined) {
    const resume = stopTraces();
    try {
      super(type, name, {}, opts);
    } finally {
      resume();
    }
  }

  protected untraced<Result>(create: () => Result): Result {
    const resume = stopTraces();
    try {
      return create();
    } finally {
      resume();
    }
  }
}

function stopTraces(): () => void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  return () => void (Error.stackTraceLimit = stackTraceLimit);
}
