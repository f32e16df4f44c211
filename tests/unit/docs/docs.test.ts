import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { codes } from "../../../provider/model/codes";

const root = join(__dirname, "..", "..", "..");
const pages = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...readdirSync(join(root, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
];
const text = (page: string) => readFileSync(join(root, page), "utf8");

describe("the documentation", () => {
  it("explains every message code, with an anchor and what to do", () => {
    const rows = new Map(
      [
        ...text("docs/messages.md").matchAll(/^\| <a id="(gu\d+)"><\/a>(GU\d+) +\| (.+?) +\| (.+?) +\|$/gm),
      ].map(([, anchor, code, title, todo]) => [code, { anchor, title, todo }]),
    );
    for (const [code, title] of Object.entries(codes)) {
      expect(rows.get(code), code).to.include({ anchor: code.toLowerCase(), title });
    }
    expect([...rows.keys()]).to.deep.equal(Object.keys(codes));
  });

  it("has snippets that compile", () => {
    const snippets = pages.flatMap((page) =>
      [...text(page).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code),
    );
    expect(snippets.length).to.be.greaterThan(2);
    expect(errors(snippets)).to.deep.equal([]);
  }).timeout(60_000);

  it("links to places that exist", () => {
    for (const page of pages) {
      for (const [, target = ""] of text(page).matchAll(/\]\(([^)]+)\)/g)) {
        if (target.startsWith("https://")) continue;
        const [file = "", anchor] = target.split("#");
        const linked = file === "" ? page : relative(root, join(root, dirname(page), file));
        expect(() => readFileSync(join(root, linked)), `${page}: ${target}`).not.to.throw("ENOENT");
        if (anchor !== undefined) expect(anchorsOf(linked), `${page}: ${target}`).to.include(anchor);
      }
    }
  });

  it("introduces the package in at most 150 lines", () => {
    expect(text("README.md").split("\n").length).to.be.at.most(150);
  });
});

function anchorsOf(page: string): string[] {
  const headings = [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
  return [...headings, ...[...text(page).matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id)];
}

/** What the compiler says to the snippets, as programs of a user. */
function errors(sources: readonly string[]): string[] {
  const config: unknown = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const files = new Map(sources.map((code, index) => [join(root, `snippet-${index}.ts`), code]));
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
