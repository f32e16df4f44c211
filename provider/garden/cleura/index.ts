/** Cleura's REST API, version 2, as a Garden. */
export { cleuraCapabilities } from "./capabilities";
export { createCleuraGarden } from "./garden";
export { openCleura } from "./connection";
export { resolveCleura, type CleuraPlace } from "./place";
