/** The maintenance window: `HHMMSS±ZZZZ`, half an hour to six hours. */
import { at, type JsonMap, textAt } from "../../json";
import { type FieldError, invalidField } from "../field";

const TIME = /^(\d\d)(\d\d)(\d\d)([+-])(\d\d)(\d\d)$/;
const DAY = 24 * 60;

export function maintenance(shoot: JsonMap): FieldError[] {
  const window = at(shoot, "spec", "maintenance", "timeWindow");
  return window === undefined ? [] : timeWindow(textAt(window, "begin"), textAt(window, "end"));
}

function timeWindow(begin: string, end: string): FieldError[] {
  const from = minuteOfDay(begin);
  const to = minuteOfDay(end);
  if (from === undefined || to === undefined) {
    return [
      invalidField(
        "spec.maintenance.timeWindow.begin/end",
        { Begin: begin, End: end },
        `time could not be parsed: ${from === undefined ? begin : end}`,
      ),
    ];
  }
  const minutes = (to - from + DAY) % DAY;
  const nanoseconds = minutes * 60_000_000_000;
  if (minutes > 6 * 60) {
    return [
      invalidField("spec.maintenance.timeWindow", nanoseconds, "time window must not be greater than 6h0m0s"),
    ];
  }
  if (minutes < 30) {
    return [
      invalidField("spec.maintenance.timeWindow", nanoseconds, "time window must not be smaller than 30m0s"),
    ];
  }
  return [];
}

function minuteOfDay(time: string): number | undefined {
  const match = TIME.exec(time);
  if (match === null) return undefined;
  const [, hours, minutes, , sign, zoneHours, zoneMinutes] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -1 : 1);
  return (((Number(hours) * 60 + Number(minutes) - zone) % DAY) + DAY) % DAY;
}
