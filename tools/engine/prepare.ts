/** Makes sure of an engine before tests with time limits want one. */
import { findEngine } from "./engine";

findEngine().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
