/**
 * Text from elsewhere: from a garden, a cluster, a command or a file, and what a program or its user has typed. It reaches terminals through the Pulumi CLI, which takes `<{%…%}>` for a directive of
 * colour and panics at one that it does not know (sdk/go/common/diag/colors/colors.go).
 */

/** Of one piece: a condition's message, an error's description, a server's refusal. */
const LONGEST = 2_000;

/**
 * Control characters (Cc), what changes the direction of text or takes no room (Cf), separators of
 * lines and paragraphs (Zl, Zp), and halves of characters (Cs).
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const directive = /<(?=\{%)/g;
const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** One line for use inside a message, with everything visible that is in it, of bounded length. */
export function foreignText(text: string): string {
  return truncate(visible(truncate(text.trim(), LONGEST)), LONGEST);
}

/** A whole message of ours, before it is printed: line breaks are kept. */
export function printable(message: string): string {
  return message.split("\n").map(visible).join("\n");
}

/** Whether it can be printed unchanged, in one line. */
export function isPrintable(text: string): boolean {
  return visible(text) === text;
}

/** At most so many characters, none of them cut in half. */
export function truncate(text: string, longest: number): string {
  return text.length <= longest ? text : `${head(text, longest - 1).trimEnd()}…`;
}

/** The first characters, none of them cut in half. */
export function head(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** The last characters, none of them cut in half. */
export function tail(text: string, length: number): string {
  return length === 0 ? "" : text.slice(-length).replace(/^[\udc00-\udfff]/, "");
}

/** A thrown value with a printable message, to be thrown again: its text has not been checked before. */
export function printableError(error: unknown): unknown {
  // The CLI hangs at a value that is not an Error, and does not print it.
  if (!(error instanceof Error)) return new Error(printable(String(error)));
  error.message = printable(error.message);
  if (error.stack !== undefined) error.stack = printable(error.stack);
  return error;
}

/** One line in which nothing acts on a terminal or on the CLI: what would is written out. */
export function visible(text: string): string {
  return text.replace(unprintable, escaped).replace(directive, "< ");
}

function escaped(character: string): string {
  const known = named[character];
  if (known !== undefined) return known;
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  if (point >= 0xd800 && point <= 0xdfff) return "\ufffd";
  return point > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}

/** `1 node`, `3 nodes`. */
export function count(howMany: number, what: string): string {
  return `${howMany} ${what}${howMany === 1 ? "" : "s"}`;
}

/** `a, b and c`. */
export function list(items: readonly string[]): string {
  return joined(items, "and");
}

/** `a, b or c`. */
export function alternatives(items: readonly string[]): string {
  return joined(items, "or");
}

function joined(items: readonly string[], word: string): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}
