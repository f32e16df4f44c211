/** What Cleura's answers must hold, and its words, whose case differs from field to field. */
import { UserError } from "../../../model/problem";
import { isAbsent, list, optionalBoolean, optionalNumber, text, unusable, type Field } from "../../field";

export function requiredNumber(field: Field): number {
  const number = lenientNumber(field);
  if (number === undefined) throw unusable(field, "a number");
  return number;
}

/** A number that is written as a text is one too. */
export function lenientNumber(field: Field): number | undefined {
  const { value } = field;
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return optionalNumber(field);
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

/** As {@link wordOf}, where a word that nobody knows is no reason to refuse the whole. */
export function wordOr<Word extends string>(field: Field, words: readonly Word[], otherwise: Word): Word {
  const given = typeof field.value === "string" ? field.value : "";
  return words.find((candidate) => bare(candidate) === bare(given)) ?? otherwise;
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[_\s-]/g, "");
}
