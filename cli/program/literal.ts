/** A value of plain JSON as TypeScript, as Prettier writes it where it does not fit into a line. */
export function literal(value: unknown, indent: number): string {
  if (typeof value !== "object" || value === null) return text(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return "{}";
  const nested = entries.some(([, one]) => typeof one === "object");
  if (!nested && indent > 0) {
    return `{ ${entries.map(([key, one]) => `${keyOf(key)}: ${text(one)}`).join(", ")} }`;
  }
  const space = "  ".repeat(indent + 1);
  const lines = entries.map(([key, one]) => `${space}${keyOf(key)}: ${literal(one, indent + 1)},\n`);
  return `{\n${lines.join("")}${"  ".repeat(indent)}}`;
}

/** JSON is TypeScript, but for characters that end a line there. */
function text(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16)}`;
  });
}

function keyOf(key: string): string {
  // In brackets it is a key as any other, and not the prototype.
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_]\w*$/.test(key) ? key : text(key);
}
