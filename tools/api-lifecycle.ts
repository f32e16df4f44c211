/**
 * Writes provider/preflight/apiLifecycle.ts: which versions of Kubernetes' own APIs a minor no longer serves, from the
 * lifecycle that the module k8s.io/api declares of its types (`APILifecycleRemoved` and others).
 */
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { format, resolveConfig } from "prettier";
import { isRecord } from "../provider/model/json";
import type { ApiVersion } from "../provider/preflight/apiVersion";

/** v0.37 is that of Kubernetes 1.37; it declares the removals of later minors as well. */
export const MODULE = "k8s.io/api@v0.37.2";
/** What is removed in earlier minors is gone from every Shoot (Gardener 1.150 knows 1.32 to 1.36). */
const FIRST_MINOR = 33;
const FILE = join(__dirname, "..", "provider", "preflight", "apiLifecycle.ts");

/** The data file, as it should be. */
export async function generated(): Promise<string> {
  const versions = await readModule(await moduleFolder());
  const until = /@v0\.(\d+)\./.exec(MODULE)?.[1] ?? "";
  const text = `/** Written by \`npm run api-lifecycle\` from ${MODULE}. */
import type { ApiVersion } from "./apiVersion";

export const apiLifecycle: { readonly until: string; readonly versions: readonly ApiVersion[] } =
  ${JSON.stringify({ until: `1.${until}`, versions }, undefined, 2)};
`;
  return format(text, { ...(await resolveConfig(FILE)), filepath: FILE });
}

export function current(): Promise<string> {
  return readFile(FILE, "utf8");
}

async function moduleFolder(): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", MODULE], {
    // Outside of a module.
    cwd: "/",
    env: { ...process.env, GOFLAGS: "-mod=mod" },
  });
  const module: unknown = JSON.parse(stdout);
  if (isRecord(module) && typeof module["Dir"] === "string") return module["Dir"];
  throw new Error(`go mod download reports no folder of ${MODULE}`);
}

async function readModule(folder: string): Promise<readonly ApiVersion[]> {
  const found: ApiVersion[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).filter((one) => one.isDirectory())) {
    for (const version of await readdir(join(folder, entry.name))) {
      const file = (name: string) =>
        readFile(join(folder, entry.name, version, name), "utf8").catch(() => "");
      const group = /GroupName = "([^"]*)"/.exec(await file("register.go"))?.[1] ?? "";
      const lifecycle = await file("zz_generated.prerelease-lifecycle.go");
      found.push(...readLifecycle(group, version, lifecycle, await file("types.go")));
    }
  }
  return found.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/**
 * @param source of `zz_generated.prerelease-lifecycle.go` of one version of one group.
 * @param types of `types.go` beside it, whose comments name the verbs.
 */
export function readLifecycle(
  group: string,
  version: string,
  source: string,
  types: string,
): readonly ApiVersion[] {
  const replacements = new Map(
    [
      ...source.matchAll(
        /func \(in \*(\w+)\) APILifecycleReplacement\(\)[^{]*\{\s*return schema\.GroupVersionKind\{Group: "([^"]*)", Version: "([^"]*)"/g,
      ),
    ].map(([, kind = "", newGroup = "", newVersion = ""]) => [
      kind,
      newGroup === "" ? newVersion : `${newGroup}/${newVersion}`,
    ]),
  );
  return [
    ...source.matchAll(/func \(in \*(\w+)\) APILifecycleRemoved\(\)[^{]*\{\s*return 1, (\d+)/g),
  ].flatMap(([, kind = "", minor = ""]) => {
    if (kind.endsWith("List") || Number(minor) < FIRST_MINOR) return [];
    const replacement = replacements.get(kind);
    return [
      {
        group,
        version,
        kind,
        resource: pluralOf(kind),
        listed: isListed(kind, types),
        removedIn: `1.${minor}`,
        ...(replacement !== undefined && { replacement }),
      },
    ];
  });
}

/** Objects that are only created, as a review, are not stored. */
function isListed(kind: string, types: string): boolean {
  const comment = new RegExp(`((?:^//.*\\n|^\\n)*)^type ${kind} struct`, "m").exec(types)?.[1] ?? "";
  return /\+genclient$/m.test(comment) && !comment.includes("+genclient:onlyVerbs=create");
}

/** As `meta.UnsafeGuessKindToResource` of k8s.io/apimachinery. */
function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith("s") || singular.endsWith("ch") || singular.endsWith("x")) return `${singular}es`;
  return singular.endsWith("y") ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

function keyOf({ removedIn, group, version, kind }: ApiVersion): string {
  return [String(minorOf(removedIn)).padStart(3, "0"), group, version, kind].join(" ");
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}

if (require.main === module) {
  void generated().then((text) => writeFile(FILE, text));
}
