/** What a format is rendered from. */
import type { Condition } from "../conditions";
import type { Report } from "../model";

export interface RenderInput {
  readonly report: Report;
  /** Of `--fail-on`. */
  readonly conditions: readonly Condition[];
  /** Absent: the output is not a terminal. */
  readonly terminal?: Terminal;
}

export interface Terminal {
  readonly columns: number;
  readonly color: boolean;
}
