/** What the Shoots of the benchmark run, without anything to report of it, and a minor above: declared, and what it resolves to. */
export const RUNS = "1.33.7";
export const PENDING = "1.34";
export const TARGET = "1.34.3";
