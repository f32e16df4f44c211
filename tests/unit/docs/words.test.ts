import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { notCovered, replacedWords } from "./words";

const root = path.resolve(__dirname, "../../..");

function isCovered(file: string): boolean {
  if (!/\.(?:ts|md)$/.test(file)) return false;
  return !notCovered.some((entry) => file === entry || file.startsWith(`${entry}/`));
}

/** `oneStepOnly` as "one step only", so that words of identifiers are found, too. */
function splitIdentifiers(line: string): string {
  return line.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();
}

function wordsIn(text: string): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const words = splitIdentifiers(line);
    return replacedWords
      .filter(({ pattern }) => pattern.test(words))
      .map(({ instead }) => `${index + 1}: ${line.trim()} (use: ${instead})`);
  });
}

describe("the words of sources, messages and documentation", () => {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(path.join(root, file)));

  it("are those of the glossary, where all files are covered", () => {
    const found = files
      .filter(isCovered)
      .flatMap((file) =>
        wordsIn(readFileSync(path.join(root, file), "utf8")).map((line) => `${file}:${line}`),
      );
    expect(found).to.deep.equal([]);
  });

  it("are found in identifiers, strings and comments", () => {
    expect(wordsIn("const nextHop = 1;")).to.have.length(1);
    expect(wordsIn('fail("Mend the cause");')).to.have.length(1);
    expect(wordsIn("// the verdict of the server")).to.have.length(1);
    expect(wordsIn("featureGate of a shop")).to.deep.equal([]);
  });

  it("are only left out in folders and files that exist", () => {
    const missing = notCovered.filter((entry) => !files.some((file) => file.startsWith(entry)));
    expect(missing).to.deep.equal([]);
  });
});
