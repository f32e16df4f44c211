/**
 * Pulumi's component analyser, which derives the schema of a packaged provider from a component's types.
 * It refuses inline object types and unions that are no enums.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import { expect } from "chai";
import { repository } from "../../tools/engine/project";

const index = path.join(repository, "index.ts");

describe("Pulumi's component analyser", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** @param main the file that exports the component. */
  async function schemaOf(component: string, main: string) {
    const compilerOptions = {
      baseUrl: folder,
      types: [],
      paths: {
        "pulumi-gardener": [index],
        "@pulumi/pulumi": [path.join(repository, "node_modules", "@pulumi", "pulumi")],
      },
    };
    const config = {
      extends: path.join(repository, "tsconfig.json"),
      compilerOptions,
      include: [],
      files: [main],
    };
    await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(config));
    const analyser = new Analyzer(folder, "gardener", { main }, new Set([component]));
    const { components, typeDefinitions, dependencies } = analyser.analyze();
    return generateSchema("gardener", "0.0.0", "", components, typeDefinitions, dependencies);
  }

  /** A component with these members in its arguments and among its outputs. */
  async function schemaWith(args: string, outputs: string) {
    const main = path.join(folder, "component.ts");
    await writeFile(
      main,
      `import * as pulumi from "@pulumi/pulumi";
      import * as gardener from "pulumi-gardener";
      export interface ExampleArgs { ${args} }
      export class Example extends pulumi.ComponentResource {
        ${outputs}
        constructor(name: string, args: ExampleArgs, opts?: pulumi.ComponentResourceOptions) {
          super("gardener:index:Example", name, args, opts);
        }
      }`,
    );
    return schemaOf("Example", main);
  }

  it("derives the tokens, inputs and outputs of the component", async () => {
    const { resources, types } = await schemaOf("ShootVersions", index);
    expect(Object.keys(resources)).to.deep.equal(["gardener:index:ShootVersions"]);
    const component = resources["gardener:index:ShootVersions"];
    expect(component?.requiredInputs).to.deep.equal(["shoot"]);
    expect(Object.keys(component?.inputProperties ?? {}).sort()).to.deep.equal([
      "adopt",
      "garden",
      "kubernetes",
      "machineImage",
      "preflight",
      "rollout",
      "shoot",
      "whenNewer",
      "workers",
    ]);
    expect(component?.required).to.deep.equal([
      "completedAt",
      "kubeconfig",
      "kubernetesVersion",
      "shootUid",
      "state",
      "target",
      "workers",
    ]);
    expect(component?.properties?.["state"]).to.have.property("$ref", "#/types/gardener:index:RolloutState");
    expect(Object.keys(types).sort()).to.deep.equal(
      [
        ...["Access", "FindingSeverity", "PreflightCheck", "RolloutWhen", "WorkerRollout"],
        ...["Adopt", "KubernetesChannel", "MachineImageChannel", "Prepare", "RolloutState", "WhenNewer"],
        ...[
          "AllowDowngradeArgs",
          "CleuraArgs",
          "GardenArgs",
          "KubernetesArgs",
          "MachineImageArgs",
          "PreflightArgs",
          "PreflightSeverityArgs",
          "RolloutArgs",
          "ShootArgs",
          "WaiverArgs",
          "WorkerArgs",
          "WorkerMachineImageArgs",
        ],
        ...["MachineImageVersion", "Target", "WorkerVersions"],
      ]
        .map((name) => `gardener:index:${name}`)
        .sort(),
    );
  });

  it("accepts the arguments and the results of the functions", async () => {
    const { types } = await schemaWith(
      `upgrades: gardener.GetUpgradesOutputArgs;
       preflight: gardener.GetPreflightOutputArgs;
       kubeconfig: gardener.GetShootKubeconfigOutputArgs;`,
      `readonly preflight!: pulumi.Output<gardener.GetPreflightResult>;
       readonly upgrades!: pulumi.Output<gardener.GetUpgradesResult>;
       readonly kubeconfig!: pulumi.Output<gardener.GetShootKubeconfigResult>;`,
    );
    expect(types).to.include.keys(
      [
        "GetUpgradesResult",
        "GetPreflightResult",
        "GetShootKubeconfigResult",
        "VersionClassification",
        "AutomaticUpgradeReason",
        "Access",
      ].map((name) => `gardener:index:${name}`),
    );
  });

  it("accepts the outputs of the resource", async () => {
    const { types } = await schemaWith(
      "name: string",
      "readonly address!: pulumi.Output<gardener.ApiServerAddress>;",
    );
    expect(types).to.include.keys("gardener:index:ApiServerAddress");
  });

  it("gives no output type the name of an argument type without its suffix", async () => {
    const { types } = await schemaWith(
      "all: gardener.ShootVersionsArgs",
      `readonly upgrades!: pulumi.Output<gardener.GetUpgradesResult>;
       readonly preflight!: pulumi.Output<gardener.GetPreflightResult>;
       readonly target!: pulumi.Output<gardener.Target>;`,
    );
    const names = new Set(Object.keys(types));
    const taken = [...names].filter(
      (name) => name.endsWith("Args") && names.has(name.slice(0, -"Args".length)),
    );
    expect(taken).to.deep.equal([]);
  });

  for (const [what, output] of [
    ["an inline object type", "{ readonly name: string }"],
    ["a union that is no enum", 'gardener.Target | "removed"'],
  ]) {
    it(`refuses ${what}`, async () => {
      const error: unknown = await schemaWith(
        "name: string",
        `readonly image!: pulumi.Output<${output}>;`,
      ).catch((thrown: unknown) => thrown);
      expect(error).to.be.an("error").with.property("message").that.contains("image");
    });
  }
});
