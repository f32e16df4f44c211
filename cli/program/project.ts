/** The files around a generated program. */
import { dump } from "js-yaml";
import { manifest } from "../../provider/garden/manifest";

/** Contents by name. */
export function projectFiles(name: string, source: string): ReadonlyMap<string, string> {
  const { version, sdk } = manifest();
  const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;
  return new Map([
    [
      "Pulumi.yaml",
      dump({
        name,
        description: "The Kubernetes versions and machine images of Gardener clusters.",
        runtime: "nodejs",
      }),
    ],
    [
      "package.json",
      json({
        name,
        private: true,
        main: "index.ts",
        dependencies: { "@pulumi/pulumi": sdk, "pulumi-gardener": `^${version}` },
        devDependencies: { "@types/node": "^20.19.0", "ts-node": "^10.9.2", typescript: "^5.9.3" },
      }),
    ],
    [
      "tsconfig.json",
      json({
        compilerOptions: {
          target: "es2022",
          module: "node20",
          strict: true,
          skipLibCheck: true,
          noEmit: true,
        },
        files: ["index.ts"],
      }),
    ],
    ["index.ts", source],
  ]);
}
