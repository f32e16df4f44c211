/** What the Shoots of the benchmark run, and a minor above: declared, and what it resolves to. */
export const RUNS = "1.33.4";
export const PENDING = "1.34";
export const TARGET = "1.34.3";
