/** The conditions that were given, with the notices that meet them. */
import { matches, type Condition } from "./conditions";
import { noticesOf, type Notice, type Report } from "./model";

export interface Outcome {
  readonly condition: Condition;
  readonly notices: readonly Notice[];
}

export function outcomesOf(report: Report, conditions: readonly Condition[]): readonly Outcome[] {
  const now = new Date(report.generated);
  const notices = noticesOf(report);
  return conditions.map((condition) => ({
    condition,
    notices: notices.filter((notice) => matches(condition, notice, now)),
  }));
}
