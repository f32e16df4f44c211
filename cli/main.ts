/** The command for people and machines without a Pulumi stack. */
import { Command, CommanderError } from "commander";
import { manifest } from "../provider/garden/manifest";
import type { Code } from "../provider/model/codes";
import { describeProblem, reworded, UserError } from "../provider/model/problem";
import { printable } from "../provider/model/text";
import { ExitCode } from "./exitCodes";
import type { Io } from "./io";
import { addLocation, type Values } from "./options";
import { addProgramOptions, runProgram } from "./program/command";
import { addReportOptions, runReport } from "./report/command";
import { isUsage } from "./usage";

/** Returns the exit code; whatever is wrong is one message on stderr. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = ExitCode.Success;
  const command = createCommand(io, async (run) => {
    code = await run();
  });
  try {
    await command.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.Success;
    io.stderr.write(`pulumi-gardener: ${describeFailure(error)}\n`);
    return error instanceof CommanderError || isUsage(error) ? ExitCode.Usage : ExitCode.Failure;
  }
}

type Perform = (run: () => Promise<ExitCode>) => Promise<void>;

function createCommand(io: Io, perform: Perform): Command {
  const command = new Command("pulumi-gardener")
    .description("Kubernetes versions and machine images of Gardener clusters.")
    .version(manifest().version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // The usage where no subcommand is given; errors are reported in main.
      writeErr: () => undefined,
    });
  const report = command
    .command("report")
    .description("what the Shoots run, what expires, and what Gardener will upgrade by itself, when and why")
    .action((values: Values) => perform(() => runReport(values, io)));
  addReportOptions(addLocation(report));
  const program = command
    .command("program")
    .description("a Pulumi program that declares the versions which the Shoots run")
    .action((values: Values) => perform(() => runProgram(values, io)));
  addProgramOptions(addLocation(program));
  command
    .command("credential")
    .description("credentials for a Shoot, as the kubeconfig output requests them")
    .argument("<shoot>", "namespace/name");
  return command;
}

const usageCodes: Readonly<Record<string, Code>> = {
  "commander.unknownOption": "GU020",
  "commander.unknownCommand": "GU020",
  "commander.excessArguments": "GU020",
};

function describeFailure(error: unknown): string {
  if (error instanceof CommanderError) {
    const help = "see pulumi-gardener --help";
    if (error.code === "commander.help") return `[GU020] expected report, program or credential; ${help}`;
    const text = error.message.replace(/^error: /, "").replace(/\n\((Did you mean .*)\)$/, "; $1");
    return printable(`[${usageCodes[error.code] ?? "GU021"}] ${text}; ${help}`);
  }
  if (!(error instanceof UserError)) return printable(String(error));
  return describeProblem(error.code === "GU001" ? reworded(error, NO_KUBECONFIG) : error);
}

const NO_KUBECONFIG =
  "No kubeconfig for the garden is configured. Give --kubeconfig ~/garden.yaml, or set GARDEN_KUBECONFIG=~/garden.yaml; " +
  "for Cleura Cloud give --cleura. KUBECONFIG is never used.";
