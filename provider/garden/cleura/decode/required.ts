/** What Cleura's answers must hold, and its words, whose case differs from field to field. */
import { UserError } from "../../../model/problem";
import { isAbsent, list, optionalBoolean, optionalNumber, text, unusable, type Field } from "../../field";

export function requiredNumber(field: Field): number {
  const number = optionalNumber(field);
  if (number === undefined) throw unusable(field, "a number");
  return number;
}

export function requiredBoolean(field: Field): boolean {
  const flag = optionalBoolean(field);
  if (flag === undefined) throw unusable(field, "true or false");
  return flag;
}

export function requiredList(field: Field): readonly Field[] {
  if (isAbsent(field)) throw unusable(field, "a list");
  return list(field);
}

/** The word that is meant, in any letter case, with or without underscores. */
export function wordOf<Word extends string>(field: Field, words: readonly Word[]): Word {
  const given = text(field);
  const word = words.find((candidate) => bare(candidate) === bare(given));
  if (word !== undefined) return word;
  throw new UserError(
    "GU013",
    `${field.object}: ${field.path} is ${JSON.stringify(given)}, expected one of ${words.join(", ")}.`,
  );
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[_\s-]/g, "");
}
