/** SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning and viewers of it. */
import type { Invocation, Log, Result } from "sarif";
import { codes, type Code } from "../../../provider/model/codes";
import type { Comparison, Notice, Report } from "../model";
import { noticesOf } from "../model";
import type { RenderInput } from "./format";

/** Of the scheme by which the fingerprints are made. */
const FINGERPRINT = "pulumiGardener/v1";

type BaselineState = NonNullable<Result["baselineState"]>;

/** @param version of this package. */
export function sarif({ report }: RenderInput, version: string): string {
  const { comparison } = report;
  const results = [
    ...noticesOf(report).map((notice) => ({ notice, state: comparison && stateOf(notice, comparison) })),
    ...(comparison?.gone ?? []).map((notice) => ({ notice, state: "absent" as const })),
  ];
  const rules = [...new Set(results.map(({ notice }) => notice.code))].sort();
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pulumi-gardener",
            semanticVersion: version,
            rules: rules.map((id) => ({ id, shortDescription: { text: codes[id] } })),
          },
        },
        invocations: [invocation(report)],
        results: results.map(({ notice, state }) => result(notice, rules, state)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function invocation({ complete, generated, notVisible }: Report): Invocation {
  return {
    executionSuccessful: complete,
    endTimeUtc: generated,
    toolExecutionNotifications: notVisible.map(({ what, reason }) => ({
      level: "error",
      message: { text: `Not visible: ${what}: ${reason}` },
    })),
  };
}

function result(notice: Notice, rules: readonly Code[], state: BaselineState | undefined): Result {
  const { code, level, message, shoot, pool, fingerprint } = notice;
  return {
    ruleId: code,
    ruleIndex: rules.indexOf(code),
    level,
    message: { text: message },
    locations: [
      {
        // Code scanning shows no result without a file; a Shoot has none, and its id stands for it.
        physicalLocation: { artifactLocation: { uri: shoot.split("/").map(encodeURIComponent).join("/") } },
        logicalLocations: [
          {
            fullyQualifiedName: pool === undefined ? shoot : `${shoot}/${pool}`,
            kind: "resource",
          },
        ],
      },
    ],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    ...(state !== undefined && { baselineState: state }),
  };
}

function stateOf({ fingerprint }: Notice, comparison: Comparison): BaselineState {
  if (comparison.new.some((one) => one.fingerprint === fingerprint)) return "new";
  return comparison.changed.some(({ after }) => after.fingerprint === fingerprint) ? "updated" : "unchanged";
}
