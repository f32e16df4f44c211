/** The names in the gardens of the benchmark. */

const numbered = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1)}`);

export const projectNames = (count: number): readonly string[] => numbered(count, "demo");
export const shootNames = (count: number): readonly string[] => numbered(count, "shoot");
