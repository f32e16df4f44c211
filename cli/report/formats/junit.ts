/** JUnit XML: a test suite for each Shoot, in it a test case for each condition. */
import { defaultConditions, describeCondition } from "../conditions";
import type { Report } from "../model";
import { outcomesOf } from "../outcome";
import type { RenderInput } from "./format";

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly failures: readonly string[];
  readonly errors: readonly string[];
}

export async function junit({ report, conditions }: RenderInput): Promise<string> {
  const { create } = await import("xmlbuilder2");
  const cases = casesOf(report, conditions.length > 0 ? conditions : defaultConditions(report.preflight));
  const root = create({
    version: "1.0",
    encoding: "UTF-8",
    invalidCharReplacement: "\ufffd",
  }).ele("testsuites", {
    name: "pulumi-gardener report",
    ...counts(cases),
  });
  for (const suite of new Set(cases.map((one) => one.suite))) {
    const own = cases.filter((one) => one.suite === suite);
    const element = root.ele("testsuite", { name: suite, timestamp: report.generated, ...counts(own) });
    for (const { name, failures, errors } of own) {
      const test = element.ele("testcase", { classname: suite, name, time: "0" });
      for (const text of failures) test.ele("failure", { message: text }).txt(text);
      for (const text of errors) test.ele("error", { message: text }).txt(text);
    }
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function casesOf(report: Report, conditions: RenderInput["conditions"]): readonly TestCase[] {
  const outcomes = outcomesOf(report, conditions);
  const shoots = report.shoots.flatMap(({ shoot }) =>
    outcomes.map(({ condition, notices }) => ({
      suite: shoot,
      name: describeCondition(condition),
      failures: notices.filter((notice) => notice.shoot === shoot).map(({ message }) => message),
      errors: [],
    })),
  );
  // What is not known has not passed.
  const notVisible = report.notVisible.map(({ what, reason }) => ({
    suite: "not visible",
    name: what,
    failures: [],
    errors: [reason],
  }));
  return [...shoots, ...notVisible];
}

function counts(cases: readonly TestCase[]) {
  return {
    tests: cases.length,
    failures: cases.filter(({ failures }) => failures.length > 0).length,
    errors: cases.filter(({ errors }) => errors.length > 0).length,
    time: "0",
  };
}
