export { openConnection, type Connection } from "./connection";
export { resolveConnection, type ConnectionSource, type ConnectionSources } from "./source";
