/** The declaration or the problems that arguments are parsed to. */
import { expect } from "chai";
import { parseDeclaration } from "../../../provider/declaration/parse";
import type { Declaration } from "../../../provider/model/declaration";
import type { Problem } from "../../../provider/model/problem";

export const shoot = { project: "demo", name: "web" };
export const kubernetes = { version: "1.34" };

export function parsed(args: unknown): Declaration {
  const result = parseDeclaration(args, "web");
  if (result.kind === "problems") throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.declaration;
}

export function problems(args: unknown): readonly Problem[] {
  const result = parseDeclaration(args, "web");
  return result.kind === "problems" ? result.problems : [];
}

export function onlyProblem(args: unknown): Problem {
  const found = problems(args);
  expect(found.map(({ code, property }) => `${code} ${property ?? ""}`)).to.have.length(1);
  const [first] = found;
  if (first === undefined) throw new Error("no problem");
  return first;
}
