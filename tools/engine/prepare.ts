/** Installs the engine before tests with time limits need it. */
import { findEngine } from "./engine";

findEngine().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
