/** Documented in docs/command.md; a pipeline decides by them. */
export const ExitCode = {
  Success: 0,
  /** The garden could not be read, or the output not be written. */
  Failure: 1,
  /** The command was called in a way that it does not know. */
  Usage: 2,
  /** A condition of `--fail-on` is met. */
  ConditionMet: 3,
  /** No condition is met as far as everything is visible, and something is not. */
  NotVisible: 4,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
