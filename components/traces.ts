/**
 * Stack traces that nobody reads. The SDK records one for each of some fifty promises of a component with a resource, to report
 * those that never resolve (runtime/debuggable.ts): with the source maps of a TypeScript program that takes most of a
 * constructor's time, and a program constructs its components one after the other.
 */
export interface PausedTraces {
  /** @returns the error with a trace of the caller, instead of none. */
  located(error: unknown): unknown;
  resume(): void;
}

/**
 * For synchronous code alone. A component calls `super` between this and `resume` itself: for its position in the program, which
 * has a limit of its own, the SDK skips exactly the frames of a class that extends ComponentResource (resource.ts).
 */
export function pauseTraces(): PausedTraces {
  const { stackTraceLimit } = Error;
  // Whoever looks for promises that never resolve needs the traces.
  if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 0;
  const resume = () => void (Error.stackTraceLimit = stackTraceLimit);
  return {
    resume,
    located(error) {
      resume();
      if (error instanceof Error) Error.captureStackTrace(error);
      return error;
    },
  };
}

export function withoutTraces<Result>(create: () => Result): Result {
  const traces = pauseTraces();
  try {
    return create();
  } catch (error) {
    throw traces.located(error);
  } finally {
    traces.resume();
  }
}
