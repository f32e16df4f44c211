/** Cleura's REST API, version 2, as a Garden. */
export { createCleuraGarden } from "./garden";
export { openCleura } from "./auth/connection";
export { resolveCleura, type CleuraEndpoint } from "./auth/endpoint";
