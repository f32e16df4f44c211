import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { codes } from "../../../provider/model/codes";

const root = join(__dirname, "..", "..", "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);

describe("the README", () => {
  it("explains every message code, with an anchor and what to do", () => {
    const rows = new Map(
      [...readme.matchAll(/^\| <a id="(gu\d+)"><\/a>(GU\d+) +\| (.+?) +\| (.+?) +\|$/gm)].map(
        ([, anchor, code, title, todo]) => [code, { anchor, title, todo }],
      ),
    );
    for (const [code, title] of Object.entries(codes)) {
      expect(rows.get(code), code).to.include({ anchor: code.toLowerCase(), title });
    }
    expect([...rows.keys()]).to.deep.equal(Object.keys(codes));
  });

  it("has snippets that compile", () => {
    expect(snippets).not.to.deep.equal([]);
    expect(errors(snippets)).to.deep.equal([]);
  }).timeout(60_000);

  it("links to places that exist", () => {
    const anchors = new Set(
      [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, "")
          .replaceAll(" ", "-"),
      ),
    );
    for (const [, target = ""] of readme.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith("#")) expect([...anchors], target).to.include(target.slice(1));
      else if (!target.startsWith("https://"))
        expect(() => readFileSync(join(root, target)), target).not.to.throw("ENOENT");
    }
  });
});

/** What the compiler says to the snippets, as programs of a user. */
function errors(sources: readonly string[]): string[] {
  const config: unknown = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const files = new Map(sources.map((code, index) => [join(root, `readme-${index}.ts`), code]));
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, ...rest) => {
    const code = files.get(path);
    return code === undefined
      ? getSourceFile(path, ...rest)
      : ts.createSourceFile(path, code, { languageVersion: ts.ScriptTarget.ES2022 }, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file !== undefined && files.has(file.fileName))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
