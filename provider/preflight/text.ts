/** Parts of messages. */

/** `a, b, c and 4 more` */
export function enumerate(names: readonly string[], most: number): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
